import type { AdapterSource } from '../adapters/adapter-types.ts'
import type { Counters, GenerationRequest, Ledger } from '../backend.ts'
import type { AnswerSource } from '../chat/answer-run.ts'
import type { SampanError } from '../errors.ts'
import type { ReloadOptions } from './load-types.ts'

/** The page's hold on a loaded model, wherever it runs. */
export interface ModelClient extends AnswerSource {
  countTokens(request: GenerationRequest): Promise<number>
  counters(): Promise<Counters | undefined>
  ledger(): Promise<Ledger | undefined>
  /** Absent where a model cannot have some. */
  setAdapters?(adapters: readonly AdapterSource[], signal: AbortSignal | undefined): Promise<void>
  /** Loads the model anew where it runs on this machine. */
  reload(during: ReloadOptions): Promise<void>
  /** Calls in flight and later ones fail with `error`. The ledger is the last one. */
  dispose(error: SampanError): Promise<Ledger | undefined>
}
