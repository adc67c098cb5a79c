import type { EngineError } from './errors.ts'
import type { ModelConfig } from './formats/checkpoint.ts'
import type { LoraAdapter } from './formats/lora/lora-adapter.ts'

/** How 16- and 32-bit matrices are stored on the GPU. Tensors that are already quantised keep their own bits. */
export type WeightBits = 4 | 8 | 16 | 'source'

export interface LoadProgress {
  /** Weights in source bytes; pipelines compile at the same time. `loaded` never falls within a phase. */
  readonly phase: 'compile' | 'weights'
  readonly loaded: number
  readonly total: number
}

export interface LoadEngineOptions {
  /** Taken over: destroyed by `dispose()`. Default: requested from `navigator.gpu` with the adapter's best limits. */
  readonly device?: GPUDevice
  /** Matrices of F32/F16/BF16 sources; default 4. */
  readonly bits?: WeightBits
  /** Embedding and output head of such sources; default 8, or `bits` where that is larger. */
  readonly embeddingBits?: WeightBits
  /** Tokens; default and ceiling: the checkpoint's, or less where one buffer of the device holds less. The KV cache grows towards it. */
  readonly contextLength?: number
  /** Element type of the KV cache; default f16, or f32 on software adapters, where it is faster. */
  readonly keyValueType?: 'f16' | 'f32'
  /**
   * GPU bytes for keys and values of conversations other than the last, so that who comes back to one pays for its new tokens
   * only. Taken as they are needed. 0: none are kept. Default: four full contexts, at most 256 MiB.
   */
  readonly prefixCacheBytes?: number
  /** As with `Engine.useAdapters`, from the beginning; whether they fit is known before a weight is read. */
  readonly adapters?: readonly AdapterUse[]
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Which tokens may come next, asked before each. Its functions run between tokens, on the thread that decodes: what they throw
 * ends the generation.
 */
export interface TokenConstraint {
  /**
   * Bit `i % 32` of word `i >> 5` is set for token `i` that may come next, words that are missing being zero; undefined: any
   * may. All zero ends the generation with `option-invalid`. The array is read before the next call, and may be the same each
   * time.
   */
  allowed(): Uint32Array | undefined
  /** How many tokens from here on may be any, whatever they are: the engine runs ahead so far. 0 where `allowed()` says which. */
  free(): number
  /** The token that was chosen, in order. */
  accept(token: number): void
}

/** The chance of a token that was chosen, and of the likeliest, by the logits before anything was done to them. */
export interface ChosenToken {
  readonly token: number
  /** Natural. */
  readonly logprob: number
  /** Best first, of equals the lower id; as many as were asked for, or all where the vocabulary has fewer. */
  readonly top: readonly { readonly token: number; readonly logprob: number }[]
}

export interface GenerateOptions {
  /** Most tokens to produce, ≥ 1. */
  readonly maxTokens: number
  /** Generation ends after any of these; the stop token itself is yielded last. */
  readonly stopTokens?: readonly number[]
  /** 0 (default) is greedy. */
  readonly temperature?: number
  /** 0 (default): off. */
  readonly topK?: number
  /** 1 (default): off. */
  readonly topP?: number
  /** 0 (default): off. */
  readonly minP?: number
  /** Unsigned 32-bit; default: random. Same seed, prompt, device and prefix in the cache: same tokens. */
  readonly seed?: number
  /** −2 … 2, default 0. Subtracted from the logit of a token of the answer, once for each time it stands there. */
  readonly frequencyPenalty?: number
  /** −2 … 2, default 0. Subtracted from the logits of all tokens of the answer. */
  readonly presencePenalty?: number
  /** Above 0, at most 10, default 1. Divides the positive and multiplies the negative logits of tokens of prompt and answer. */
  readonly repetitionPenalty?: number
  /** −100 … 100, added to the logits of these tokens after the penalties; of a token that is named twice, both. */
  readonly logitBias?: readonly (readonly [token: number, bias: number])[]
  /** Restricts the tokens after penalties and biases, before temperature and what follows it. */
  readonly constraint?: TokenConstraint
  /** Called with each token before it is yielded. `top`: how many of the likeliest to tell, 0 … 20. */
  readonly logprobs?: { readonly top: number; take(chosen: ChosenToken): void }
  /** Called once, before the first token: how many tokens of the prompt were in the cache. */
  readonly onCached?: (tokens: number) => void
  /** False: runs the whole prompt again, so that the same request gives the same whatever came before it. Default true. */
  readonly cachePrompt?: boolean
  /**
   * How many of the prompt's last tokens are the beginning of the answer, made with the same seed and options before: penalties
   * count them as the answer's, and chance goes on where it was; `maxTokens` counts what comes after them. At most all but one,
   * default 0. The tokens are then those that the answer would have gone on with, but for what prefill and decode round
   * differently: where two tokens are as good as equal, or the draw falls on the border of two, the other may come.
   */
  readonly answered?: number
  /**
   * `background`: the GPU gets one short submit at a time and is left alone after each for about as long as that took (at most
   * 0.1 s), so that at least half of it is the page's. Default `normal`.
   */
  readonly priority?: 'normal' | 'background'
  /** Tokens of the prompt that have been through the layers, those found in the cache among them. */
  readonly onPrefill?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface ScoreOptions {
  /** First position whose logits are wanted (the logits after token `from`). */
  readonly from: number
  /** Called in order for `from … tokens.length − 1`; the array is reused after the call returns. */
  readonly onLogits: (position: number, logits: Float32Array) => void
  readonly onPrefill?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface AdapterDescription {
  readonly vendor: string
  readonly architecture: string
  readonly description: string
  /** A CPU pretending to be a GPU (SwiftShader, llvmpipe, WARP). */
  readonly software: boolean
  readonly features: readonly string[]
}

/** An adapter and how strongly it works. */
export interface AdapterUse {
  readonly adapter: LoraAdapter
  /** What its own scale is multiplied by; at most ±65536, default 1. */
  readonly scale?: number
}

/** GPU bytes by class; every class reads zero after `dispose()`. */
export interface LedgerSnapshot {
  readonly weights: number
  readonly keyValue: number
  readonly activations: number
  readonly state: number
  readonly staging: number
  readonly total: number
}

/** Totals since the engine was made; a difference over a run divided by its tokens gives the cost a token. */
export interface CounterSnapshot {
  readonly dispatches: number
  readonly submits: number
  readonly bindGroups: number
  readonly buffers: number
  readonly bufferWrites: number
  readonly pipelines: number
  readonly readbacks: number
  readonly readbackBytes: number
}

/** What decoding one token reads of GPU memory: no engine is faster than that memory. */
export interface TokenBytes {
  /** Of all matrices that a token is multiplied by. */
  readonly weights: number
  /** Keys and values, for each token of context. */
  readonly keyValue: number
}

/** Token ids in, token ids out. One call at a time: a second `generate` or `score` waits for the first. */
export interface Engine {
  readonly config: ModelConfig
  readonly adapter: AdapterDescription
  readonly contextLength: number
  readonly tokenBytes: TokenBytes
  /** Resolves (never rejects) when the device is lost for any reason but `dispose()`. */
  readonly lost: Promise<EngineError>
  counters(): CounterSnapshot
  ledger(): LedgerSnapshot
  /**
   * Prefills what the KV cache does not hold yet of `prompt`, then decodes. Leaving the loop or aborting stops the GPU
   * within the steps in flight. Token ids out of range, an empty prompt or one longer than the context throw before work starts.
   */
  generate(prompt: readonly number[], options: GenerateOptions): AsyncGenerator<number, void, undefined>
  /** Teacher forcing: runs `tokens` many positions at once and hands out logits rows. */
  score(tokens: readonly number[], options: ScoreOptions): Promise<void>
  /** Brings an adapter to the GPU without using it. Does nothing where it is there. */
  loadAdapter(adapter: LoraAdapter, signal?: AbortSignal): Promise<void>
  /**
   * From the next call on, `scale · B(A x)` of these adapters, and of no others, is added to their matrices' products. None are
   * merged: switching uploads only what was never there, and an empty list gives back the base to the bit. What is cached of prompts
   * belongs to the list that it was computed with, and is found again with it. Waits for a call that is under way.
   * @throws EngineError `adapter-mismatch` when one does not fit the model; `device-out-of-memory` when one finds no room on the GPU;
   *   `option-invalid`; as `loadEngine` for its file. What was in use before stays in use, and what was uploaded for this call is freed.
   */
  useAdapters(list: readonly AdapterUse[], signal?: AbortSignal): Promise<void>
  /**
   * Frees what an adapter has on the GPU.
   * @throws EngineError `option-invalid` while it is in use
   */
  unloadAdapter(adapter: LoraAdapter): Promise<void>
  dispose(): Promise<void>
}
