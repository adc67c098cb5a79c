import type {
  AnswerPart,
  BackendProgress,
  Counters,
  GenerationEnd,
  GenerationRequest,
  Ledger,
  ModelInfo,
  ModelSource,
  WeightBits,
} from '../backend.ts'
import type { ErrorEnvelope, Result } from './error-envelope.ts'

/** The load options that are plain data. */
export interface WorkerLoadOptions {
  readonly hub: string
  readonly bits?: WeightBits
  readonly embeddingBits?: WeightBits
  readonly contextLength?: number
  readonly prefixCacheBytes?: number
}

/** What the Worker answers over comlink. Whatever flows by itself goes over a port that the page hands in. */
export interface WorkerApi {
  /** Tells that the script runs. True when the Web Lock `life` is now held for as long as the Worker lives. */
  start(life: string | undefined): Promise<Result<boolean>>
  /** `events` carries `LoadEvent`s for as long as the Worker lives. */
  load(source: ModelSource, options: WorkerLoadOptions, events: MessagePort): Promise<Result<ModelInfo>>
  /** Resolves when the request is accepted; text then flows over `port`. */
  generate(request: GenerationRequest, stop: readonly string[], port: MessagePort): Promise<Result<undefined>>
  countTokens(request: GenerationRequest): Promise<Result<number>>
  counters(): Promise<Result<Counters | undefined>>
  ledger(): Promise<Result<Ledger | undefined>>
  /** The ledger after everything was given back. */
  dispose(): Promise<Result<Ledger | undefined>>
}

export type LoadEvent =
  | { readonly type: 'progress'; readonly progress: BackendProgress }
  /** For good. */
  | { readonly type: 'lost'; readonly error: ErrorEnvelope }
  | { readonly type: 'recovering'; readonly error: ErrorEnvelope }
  | { readonly type: 'recovered'; readonly info: ModelInfo }

/** Worker → page, pushed. One `parts` message costs one credit. */
export type StreamEvent =
  | { readonly type: 'parts'; readonly parts: readonly AnswerPart[] }
  | { readonly type: 'end'; readonly end: GenerationEnd }
  | { readonly type: 'error'; readonly error: ErrorEnvelope }

/** Page → Worker. */
export type StreamCommand = { readonly type: 'credit' } | { readonly type: 'abort' }

/** `parts` messages that may lie unread at the page. */
export const STREAM_CREDITS = 4
