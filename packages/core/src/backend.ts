import type { FinishReason } from './chat/chat-types.ts'

/** Bits of a weight for checkpoints in F32, F16 or BF16; quantised checkpoints keep their own. */
export type WeightBits = 4 | 8 | 16 | 'source'

/** A model in MLC's format that web-llm's catalogue does not know. */
export interface MlcModel {
  /** Any name. */
  readonly id: string
  /** URL of the folder with `mlc-chat-config.json`, the tokenizer and the weights' shards. */
  readonly model: string
  /** URL of the compiled model library (`.wasm`), made for web-llm 0.2.86. */
  readonly modelLib: string
}

/** What a Worker is asked to load: plain data, so that it crosses to it. */
export type ModelSource =
  /** `name`: of a model that the app brings along; it is called so instead of by its URL. */
  | { readonly kind: 'url'; readonly url: string; readonly name?: string }
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string; readonly file?: string }
  | { readonly kind: 'blob'; readonly blob: Blob; readonly name: string }
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'mlc'; readonly id: string; readonly model?: MlcModel }

export interface AdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly description: string
  /** A CPU pretending to be a GPU (SwiftShader, llvmpipe, WARP). */
  readonly software: boolean
  readonly features: readonly string[]
}

/** GPU bytes by class; every class reads zero after `dispose()`. */
export interface Ledger {
  readonly weights: number
  readonly keyValue: number
  readonly activations: number
  readonly state: number
  readonly staging: number
  readonly total: number
}

/** Totals since the model was loaded. */
export interface Counters {
  readonly dispatches: number
  readonly submits: number
  readonly bindGroups: number
  readonly buffers: number
  readonly bufferWrites: number
  readonly pipelines: number
  readonly readbacks: number
  readonly readbackBytes: number
}

export interface ModelInfo {
  readonly backend: 'sampan' | 'web-llm' | 'wllama'
  /** URL, repository id, file name or `mlc:` id. */
  readonly source: string
  /** `model_type` of the checkpoint (`qwen2`, …) where the backend tells it. */
  readonly architecture?: string
  /** Absent where the model runs on the CPU. */
  readonly adapter?: AdapterInfo
  /** Tokens of prompt and answer together. */
  readonly contextLength: number
  /** Bytes of the checkpoint's tensors; 0 where the backend does not tell. */
  readonly bytes: number
}

export interface BackendProgress {
  readonly phase: 'open' | 'weights' | 'compile'
  readonly loaded: number
  readonly total: number
}

export interface BackendLoadOptions {
  readonly hub: string
  readonly bits?: WeightBits
  readonly embeddingBits?: WeightBits
  readonly contextLength?: number
  readonly onProgress: (progress: BackendProgress) => void
  readonly signal: AbortSignal
}

export interface GenerationMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** A checked request in the backends' own words. An absent field means the model's default. */
export interface GenerationRequest {
  readonly messages: readonly GenerationMessage[]
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly minP?: number
  /** Unsigned, 32 bits. */
  readonly seed?: number
  readonly maxTokens?: number
}

/** Where an answer goes while it is made. */
export interface GenerationOutput {
  readonly signal: AbortSignal
  /** The request can be honoured, and work starts. Errors before this reject `create`, later ones the stream. */
  accepted(): void
  /** Takes whole characters. Resolves when more is wanted, to `false` when the answer is complete without more. */
  text(text: string): Promise<boolean>
}

export interface GenerationEnd {
  readonly reason: FinishReason
  readonly promptTokens: number
  readonly completionTokens: number
}

/**
 * A way to run models, behind one API. It lives in a Worker, throws errors with the mark `Symbol.for('sampan.error')`, and
 * knows nothing of chunks, stop strings or Workers: core adds those, so that they are the same for every backend.
 */
export interface Backend {
  readonly name: ModelInfo['backend']
  /** Aborting rejects with the signal's reason and leaves nothing behind. */
  load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel>
}

export interface BackendModel {
  readonly info: ModelInfo
  /** Resolves with the error when the model can no longer answer, never on `dispose`. */
  readonly lost: Promise<Error>
  /** One at a time; a second call waits. Aborting rejects with the signal's reason. */
  generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd>
  /** Undefined where the backend does not count. */
  counters(): Counters | undefined
  ledger(): Ledger | undefined
  dispose(): Promise<void>
}

export interface TokenGenerateOptions {
  /** Most tokens to produce, ≥ 1. */
  readonly maxTokens: number
  /** Generation ends after any of these; the stop token itself is yielded last. */
  readonly stopTokens: readonly number[]
  /** 0 is greedy. */
  readonly temperature: number
  /** 0: off. Of tokens with the same logit all are kept. */
  readonly topK: number
  /** 1: off. Of the chances that temperature and `topK` leave. */
  readonly topP: number
  /** 0: off. Relative to the best token's chance, at that temperature. */
  readonly minP: number
  /** Unsigned, 32 bits; default: random. Same seed, prompt and prefix in the cache: same tokens. */
  readonly seed?: number
  readonly signal: AbortSignal
}

/**
 * What turns token ids into token ids. With it comes a `BackendModel`: template, tokenizer, stop tokens, sampling defaults and
 * errors of the text are the same whatever it computes on.
 */
export interface TokenEngine {
  /** Tokens of prompt and answer together. */
  readonly contextLength: number
  /** Absent where it computes on the CPU. */
  readonly adapter?: AdapterInfo
  /** Resolves with the error when it can no longer answer, never on `dispose`. */
  readonly lost: Promise<Error>
  /** One call at a time; a second waits. Leaving the loop or aborting stops it within one token. */
  generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncIterable<number>
  /** Absent where it does not count. */
  counters?(): Counters
  ledger?(): Ledger
  dispose(): Promise<void>
}
