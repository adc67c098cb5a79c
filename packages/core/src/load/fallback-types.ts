import type { ModelInfo } from '../backend.ts'
import type { SampanErrorCode } from '../error-codes.ts'

/** A model on a server with OpenAI's API. Plain data without secrets: what is sent along stands in `LoadOptions.consent`. */
export interface ServerSource {
  /** Base URL of the API, mostly ending with `/v1`. */
  readonly url: string
  /** What the server calls the model. Default: the only one that it serves. */
  readonly model?: string
  /** Decides what can be asked beyond OpenAI's own API. Default: what the server's list of models says. */
  readonly kind?: 'vllm' | 'sglang' | 'llama.cpp' | 'openai'
  /** Seconds that the server may be silent before an answer counts as lost. Default 600. */
  readonly patienceSeconds?: number
}

/** What goes to a server with every request, beside the messages. In memory only; part of no error, information or record. */
export interface ServerCredentials {
  /** Sent as `Authorization: Bearer …`. */
  readonly apiKey?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Servers that messages may be sent to in this call, by origin (`https://llm.example.com`): `true`, or what to send along. The user's
 * consent is the caller's to get.
 */
export type ServerConsent = Readonly<Record<string, true | ServerCredentials>>

/** Failures after which a rule may go elsewhere: what another place may do better, and is no mistake of the call's. */
export const FALLBACK_CODES = [
  'webgpu-unavailable',
  'device-limit-exceeded',
  'device-out-of-memory',
  'device-validation-failed',
  'device-feature-missing',
  'device-lost',
  'worker-failed',
  'backend-failed',
  'format-unsupported',
  'architecture-unknown',
  'tokenizer-unsupported',
  'template-unsupported',
  'model-unknown',
  'model-library-invalid',
  'source-not-found',
  'source-forbidden',
  'source-unavailable',
  'source-changed',
  'range-unsupported',
  'network-failed',
  'not-a-model-file',
  'hash-mismatch',
  'download-required',
  'quota-exceeded',
  'crashed-last-time',
  'file-truncated',
  'file-damaged',
  'context-length-exceeded',
  'request-unsupported',
  'schema-unsupported',
] as const satisfies readonly SampanErrorCode[]

export type FallbackCode = (typeof FALLBACK_CODES)[number]

/**
 * Where to go on after a failure, as data: JSON keeps it. Rules are read in order and each is followed once at most, while the model
 * loads and for every request that has given no text yet.
 */
export interface FallbackRule {
  readonly when: readonly FallbackCode[]
  /** The same source on another backend, or another model on a server. */
  readonly to: 'sampan' | 'wllama' | { readonly server: ServerSource }
}

/** Where a reply was computed. */
export interface ReplyPlace {
  /** `device`: on the machine that shows the page; nothing of it left it. */
  readonly where: 'device' | 'server'
  readonly backend: ModelInfo['backend']
  /** `info.source` of the model that computed it. */
  readonly model: string
  /** Of the server, with its port where that is not the scheme's own. */
  readonly host?: string
  /** Why a fallback rule was followed. Absent where the call to `load` named this place. */
  readonly reason?: SampanErrorCode
}
