import type { AdapterSource } from '../adapters/adapter-types.ts'
import type { ModelInfo } from '../backend.ts'
import type { AnswerPlace } from '../chat/answer-run.ts'
import type { SampanErrorCode } from '../error-codes.ts'
import type { ModelClient } from './model-client.ts'

/** A loaded model, on this machine or on a server. */
export interface Place {
  readonly client: ModelClient
  readonly info: ModelInfo
  /** Absent on servers. */
  readonly setAdapters?: (adapters: readonly AdapterSource[], signal: AbortSignal) => Promise<void>
}

/** What a reply that was made there tells. @param reason why it was not made where it was asked for */
export function answerPlace(info: ModelInfo, host: string | undefined, reason?: SampanErrorCode): AnswerPlace {
  const { backend, source, fingerprint } = info
  return {
    reply: {
      where: host === undefined ? 'device' : 'server',
      ...{ backend, model: source },
      ...(host !== undefined && { host }),
      ...(reason !== undefined && { reason }),
    },
    ...(fingerprint !== undefined && { fingerprint }),
  }
}
