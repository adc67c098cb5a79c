import type { AdapterFiles, UsedAdapter } from './adapters/adapter-types.ts'
import type { FinishReason } from './chat/chat-types.ts'
import type { HubDescription } from './hub/hubs.ts'
import type { ModelAbout, RemoteModel } from './hub/remote-model.ts'
import type { Network } from './network/network.ts'
import type { AnswerRecord } from './record/record-types.ts'

export type * from './token-engine.ts'

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
  /** `paths`: of `files`, within the model's folder; absent: their names. A File that crosses to a Worker loses its own. */
  | {
      readonly kind: 'files'
      readonly files: readonly File[]
      readonly paths?: readonly string[]
      readonly name?: string
    }
  | { readonly kind: 'mlc'; readonly id: string; readonly model?: MlcModel }
  /** In the store of models, by `modelId`. */
  | { readonly kind: 'stored'; readonly id: string }
  /** On a server, with all its files found. */
  | { readonly kind: 'remote'; readonly model: RemoteModel }

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

/** The sizes of a transformer's decoder. */
export interface ModelShape {
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  readonly feedForward: number
  readonly vocabulary: number
  /** The output head is the embedding matrix. */
  readonly tiedEmbeddings: boolean
}

/** What decoding one token reads of GPU memory, in bytes. */
export interface TokenBytes {
  /** Of all matrices that a token is multiplied by. */
  readonly weights: number
  /** Keys and values, for each token of context. */
  readonly keyValue: number
}

export interface ModelInfo {
  readonly backend: 'sampan' | 'web-llm' | 'wllama' | 'openai-compatible'
  /** URL without its query, repository id, file name or `mlc:` id. */
  readonly source: string
  /** `model_type` of the checkpoint (`qwen2`, …) where the backend tells it. */
  readonly architecture?: string
  /** Where the backend tells it. */
  readonly shape?: ModelShape
  /** Where the backend tells it. */
  readonly tokenBytes?: TokenBytes
  /** Absent where the model runs on the CPU. */
  readonly adapter?: AdapterInfo
  /** Tokens of prompt and answer together. */
  readonly contextLength: number
  /** Bytes of the checkpoint's tensors; 0 where the backend does not tell. */
  readonly bytes: number
  /** Names all that an answer's text depends on beside the request: engine build, device, formats of the weights. */
  readonly fingerprint?: string
  /** `GenerationRequest.prompt` is taken. */
  readonly readsText?: boolean
  /** Names the content of the model's files: equal hashes, equal weights, tokenizer and template. Absent where the backend does not tell. */
  readonly hash?: string
  /** LoRA adapters in use, in their order; absent: none. `hash` is then of the model with them. */
  readonly adapters?: readonly UsedAdapter[]
  /** The commit of the repository that it was downloaded from. */
  readonly revision?: string
  /** Whose it is and what may be done with it, as its hub or its own metadata say. */
  readonly about?: ModelAbout
  /** What it was made of, where it was downloaded. */
  readonly files?: readonly ModelFile[]
}

export interface ModelFile {
  readonly path: string
  readonly bytes: number
  /** Lower-case hex, as it was downloaded. */
  readonly sha256?: string
}

export interface BackendProgress {
  readonly phase: 'open' | 'weights' | 'compile'
  readonly loaded: number
  readonly total: number
}

export interface BackendLoadOptions {
  readonly hub: HubDescription
  /** True: what is not on this device is read from where it is. Else that is the error `model-not-cached`. */
  readonly direct?: boolean
  /** All requests for a model's files go through it. */
  readonly network: Network
  readonly bits?: WeightBits
  readonly embeddingBits?: WeightBits
  readonly contextLength?: number
  /** See `LoadOptions`. */
  readonly prefixCacheBytes?: number
  /** Backends that know none are never given some. */
  readonly adapters?: readonly AdapterFiles[]
  readonly onProgress: (progress: BackendProgress) => void
  /** To be awaited before a model that is read `direct` is fetched once more. Rejects where nobody allows it. */
  readonly askAgain?: () => Promise<void>
  /** Of a backend that makes the model again by itself when its device is lost. Requests wait meanwhile. */
  readonly onRecovery?: (event: RecoveryEvent) => void
  readonly signal: AbortSignal
}

export type RecoveryEvent =
  | { readonly type: 'begun'; readonly error: Error }
  /** The model answers again; its `info` may have changed. */
  | { readonly type: 'done' }

/** A call of a tool, as a model wrote it. */
export interface ToolCall {
  /** Unique within a conversation; made by Sampan where the model gives none. */
  readonly id: string
  readonly name: string
  /** JSON as the model wrote it; a whole object unless the answer was cut. */
  readonly arguments: string
}

/** A function that the model may call. */
export interface ToolDefinition {
  readonly name: string
  readonly description?: string
  /** JSON schema of the arguments' object; absent: no arguments. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** The arguments must follow `parameters` to the letter. */
  readonly strict?: boolean
}

export type GenerationMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string
      readonly toolCalls?: readonly ToolCall[]
    }
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string }

/** What an answer's content must be. A schema binds the content only, not thoughts before it. */
export type AnswerFormat =
  | { readonly type: 'json-object' }
  | { readonly type: 'json-schema'; readonly schema: Readonly<Record<string, unknown>> | boolean }

/** A prompt and its answer as the tokens that the model read and wrote, which its texts may not be made into again. */
export interface KnownTokens {
  readonly prompt: Uint32Array
  /** How many of the prompt's first ones stand for none of its text: the tokenizer put them there. */
  readonly added: number
  /** As far as they are text. */
  readonly answer: Uint32Array
}

/** A checked request in the backends' own words. An absent field means the model's default. */
export interface GenerationRequest {
  readonly messages: readonly GenerationMessage[]
  /** Text or ids of tokens to go on with as they are, without a chat template; `messages` is then empty, and all of the answer is content. */
  readonly prompt?: string | readonly number[]
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly minP?: number
  /** Unsigned, 32 bits. */
  readonly seed?: number
  readonly maxTokens?: number
  /** Subtracted from the logit of a token of the answer, once for each time it stands there. */
  readonly frequencyPenalty?: number
  /** Subtracted from the logit of every token of the answer. */
  readonly presencePenalty?: number
  /** > 0; divides the positive and multiplies the negative logits of tokens of prompt and answer. */
  readonly repetitionPenalty?: number
  /** Added to the logits of these tokens. */
  readonly logitBias?: readonly (readonly [token: number, bias: number])[]
  /** How many of the likeliest tokens to tell beside each token's own chance; absent: tell none. */
  readonly topLogprobs?: number
  readonly tools?: readonly ToolDefinition[]
  /** Default `auto` where there are tools. */
  readonly toolChoice?: 'none' | 'auto' | 'required' | { readonly name: string }
  /** False: one call an answer at most. Default true. */
  readonly parallelToolCalls?: boolean
  readonly format?: AnswerFormat
  /** Whether a model that can do both thinks first. Default: what its template does by itself. */
  readonly thinking?: boolean
  /** Tokens of thoughts, after which they are closed. Default: no limit but `maxTokens`. */
  readonly thinkingBudget?: number
  /** The last message is an answer of the model's to be gone on with. */
  readonly continueFinalMessage?: boolean
  /** More variables for the chat template. */
  readonly templateVariables?: Readonly<Record<string, unknown>>
  /**
   * A prompt that leaves no room for an answer of `maxTokens` (one token where there are none, half the context where they are more
   * than it holds) loses its oldest turns until it does, system messages and the last turn excepted, and a warning tells it.
   * Default: an error.
   */
  readonly truncate?: boolean
  /** False: nothing of earlier requests is taken from the cache, so that the same request always gives the same. */
  readonly cachePrompt?: boolean
  /** Default `normal`. `background`: waits behind all others, and leaves the GPU to the page between any two submits. */
  readonly priority?: 'normal' | 'background'
  /** Requests with the same name take turns with those of other names, each in its own order. Default: one name for all without. */
  readonly queue?: string
  /** Tokens that end answers are tokens as any other: the answer has `maxTokens`. */
  readonly ignoreEnd?: boolean
  /** Each piece of content tells its tokens, one that has no text too. */
  readonly tellIds?: boolean
  /** `GenerationEnd.tokens` is wanted. */
  readonly tellTokens?: boolean
  /** Of another time, from wherever: a prompt that begins with their very text begins with these tokens. */
  readonly knownTokens?: KnownTokens
  /** `GenerationEnd.record` is wanted. It implies `cachePrompt: false` where that is absent. */
  readonly record?: boolean
  /** Of an answer that is made again. */
  readonly replay?: {
    /** The prompt's tokens, taken as they are. */
    readonly prompt: readonly number[]
    /** What the template's clock showed, in ISO 8601. */
    readonly made: string
    /** Its tokens, put in whatever would be chosen. Absent: they are chosen again. */
    readonly answer?: readonly number[]
  }
}

/** How likely a token was, by the model's own logits: before penalties, biases, temperature and constraints. */
export interface TokenLogprob {
  /** The token's own text; what is no UTF-8 by itself is U+FFFD. */
  readonly text: string
  readonly bytes: readonly number[]
  readonly logprob: number
  /** The likeliest tokens, best first. */
  readonly top: readonly { readonly text: string; readonly bytes: readonly number[]; readonly logprob: number }[]
}

/** A token of an answer, and when it was there: milliseconds since the model took the request on. */
export interface TimedToken {
  readonly id: number
  readonly ms: number
}

/** A piece of an answer, in order. Texts are whole characters. */
export type AnswerPart =
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'content'
      readonly text: string
      /** Of the tokens that end within this piece, where they were asked for. */
      readonly logprobs?: readonly TokenLogprob[]
      /** Chosen since the piece before, where they were asked for; they need not spell this text. */
      readonly tokens?: readonly TimedToken[]
    }
  /** `index` counts the calls of an answer from 0. */
  | { readonly type: 'tool-call'; readonly index: number; readonly id: string; readonly name: string }
  /** The next piece of that call's JSON. */
  | { readonly type: 'tool-arguments'; readonly index: number; readonly text: string }
  /** Something went wrong that did not end the answer. */
  | {
      readonly type: 'warning'
      readonly code: AnswerWarningCode
      readonly message: string
      /** Of a call that was begun and is void: what the model wrote of it is in the content instead. */
      readonly index?: number
    }

export type AnswerWarningCode =
  /** What looks like a call of a tool could not be read, and is part of the content. */
  | 'tool-call-malformed'
  /** The prompt was too long, and its oldest turns were left out, as the request has it. */
  | 'turns-dropped'

/** Where an answer goes while it is made. */
export interface GenerationOutput {
  readonly signal: AbortSignal
  /** The request can be honoured, and work starts. Errors before this reject `create`, later ones the stream. */
  accepted(): void
  /** Resolves when more is wanted, to `false` when the answer is complete without more. */
  part(part: AnswerPart): Promise<boolean>
}

export interface GenerationEnd {
  readonly reason: FinishReason
  readonly promptTokens: number
  /** Of the prompt, found in the cache. Absent where the backend does not tell. */
  readonly cachedTokens?: number
  /** Thoughts among them. */
  readonly completionTokens: number
  readonly reasoningTokens?: number
  /** Where it was asked for. Stop strings are core's, and core adds them. */
  readonly record?: AnswerRecord
  /** Where they were asked for and the backend knows them. */
  readonly tokens?: KnownTokens
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
  /** May change when the model is made again. */
  readonly info: ModelInfo
  /** Resolves with the error when the model can no longer answer, never on `dispose`. */
  readonly lost: Promise<Error>
  /** One at a time; a second call waits. Aborting rejects with the signal's reason. */
  generate(request: GenerationRequest, output: GenerationOutput): Promise<GenerationEnd>
  /** Tokens of the request's prompt, all that the template adds included. Absent where the backend cannot tell. */
  countTokens?(request: GenerationRequest): Promise<number>
  /** In place of those in use, from the next answer on. What fails changes nothing. Absent where the backend knows none. */
  setAdapters?(adapters: readonly AdapterFiles[], signal: AbortSignal): Promise<void>
  /** Undefined where the backend does not count. */
  counters(): Counters | undefined
  ledger(): Ledger | undefined
  dispose(): Promise<void>
}
