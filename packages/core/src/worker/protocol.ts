import type { AdapterFiles } from '../adapters/adapter-types.ts'
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
import type { HubDescription } from '../hub/hubs.ts'
import type { ErrorEnvelope, Result } from './error-envelope.ts'

/** The load options that are plain data. */
export interface WorkerLoadOptions {
  readonly hub: HubDescription
  readonly token?: string
  /** See `BackendLoadOptions`. */
  readonly direct?: boolean
  readonly bits?: WeightBits
  readonly embeddingBits?: WeightBits
  readonly contextLength?: number
  readonly prefixCacheBytes?: number
  readonly adapters?: readonly AdapterFiles[]
}

/** What the Worker answers over comlink. Whatever flows by itself goes over a port that the page hands in. */
export interface WorkerApi {
  /** Tells that the script runs. True when the Web Lock `life` is now held for as long as the Worker lives. */
  start(life: string | undefined): Promise<Result<boolean>>
  /**
   * @param events carries `LoadEvent`s for as long as the Worker lives
   * @param network the port of the page's own `fetch` and `headers`, where it has some
   */
  load(
    source: ModelSource,
    options: WorkerLoadOptions,
    events: MessagePort,
    network: MessagePort | undefined,
  ): Promise<Result<ModelInfo>>
  /** Resolves when the request is accepted; text then flows over `port`. */
  generate(request: GenerationRequest, stop: readonly string[], port: MessagePort): Promise<Result<undefined>>
  countTokens(request: GenerationRequest): Promise<Result<number>>
  /** Answers with what has become of the model's info. @param aborts any message over it ends the call */
  setAdapters(adapters: readonly AdapterFiles[], aborts: MessagePort): Promise<Result<ModelInfo>>
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
  | { readonly type: 'answered' }
  /** To be answered by a `LoadCommand`. */
  | { readonly type: 'fetch-again' }

/** Page → Worker: whether the model may be fetched once more. */
export type LoadCommand = { readonly type: 'allowed' } | { readonly type: 'refused'; readonly error: ErrorEnvelope }

/** Worker → page, pushed. One `parts` message costs one credit. */
export type StreamEvent =
  | { readonly type: 'parts'; readonly parts: readonly AnswerPart[] }
  | { readonly type: 'end'; readonly end: GenerationEnd }
  | { readonly type: 'error'; readonly error: ErrorEnvelope }

/** Page → Worker. */
export type StreamCommand = { readonly type: 'credit' } | { readonly type: 'abort' }

/** `parts` messages that may lie unread at the page. */
export const STREAM_CREDITS = 4
