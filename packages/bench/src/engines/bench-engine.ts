/** An engine under test. Its name stands in every row; the same engine on another device or in another mode is another one. */
export type EngineName =
  /** `@sampan/core` in a page, through its public API. */
  | 'sampan'
  /** `@sampan/engine` in Node, on Dawn. */
  | 'sampan-dawn'
  | 'web-llm'
  /** llama.cpp in WebAssembly, on the CPU. */
  | 'wllama'
  | 'wllama-webgpu'
  | 'transformers'
  /** A server that speaks OpenAI's API: vLLM, SGLang, llama.cpp, … */
  | 'openai-compatible'

/** What is loaded, in the form that this engine takes it. */
export interface ModelToRun {
  /** What people call it; the same for all engines in a comparison. */
  readonly name: string
  /** As the engine takes it: whatever `load` takes, `mlc:…`, the URL of a file or folder, a server's name of a model. */
  readonly source: string
  /** Of a server. */
  readonly baseUrl?: string
  /** Bits of a weight where the engine quantises by itself. */
  readonly bits?: 4 | 8 | 16
  /** Tokens of prompt and answer together that the suite needs. */
  readonly contextLength: number
}

export interface OpenOptions {
  /** 0 … 1. */
  readonly onProgress: (fraction: number) => void
  readonly signal: AbortSignal
}

export interface BenchEngine {
  readonly name: EngineName
  /**
   * @throws BenchError `not-available` with the reason why this engine cannot run this model here: its rows are then `n/a`. Whatever else
   * it throws is a failure of that cell.
   */
  open(model: ModelToRun, options: OpenOptions): Promise<BenchModel>
}

/** What was loaded and where it runs, as the engine tells it; what it does not tell is absent, never guessed. */
export interface EngineIdentity {
  readonly version: string
  /** Of the repository it was built from. */
  readonly commit?: string
  readonly device: 'gpu' | 'cpu' | 'server'
  readonly adapter?: {
    readonly vendor: string
    readonly architecture: string
    readonly description: string
    readonly software: boolean
    readonly features: readonly string[]
  }
  readonly threads?: number
  readonly model: {
    readonly architecture?: string
    readonly parameters?: number
    /** Of those, what every token of a prompt is multiplied with: neither embedding rows nor, as only the last token needs it, the output head. */
    readonly prefillParameters?: number
    /** Of the weights as they are read for one token: embedding rows that are looked up one at a time are not. */
    readonly weightBytes?: number
    /** Of those `weightBytes`, by the weights that they hold. */
    readonly bitsPerWeight?: number
    /** As people write it: `Q4_K_M`, `q4f16_1`, `4 bits`. */
    readonly quantization?: string
    /** Names the content of the files. */
    readonly hash?: string
    /** Keys and values of one token of context. */
    readonly keyValueBytesPerToken?: number
    readonly vocabularySize?: number
  }
  /** Milliseconds of loading by phase, in their order. */
  readonly load: readonly { readonly phase: string; readonly ms: number }[]
}

/** Totals since the model was loaded; a difference of two is what lies between. */
export interface EngineCounters {
  readonly dispatches: number
  readonly submits: number
  readonly bindGroups: number
  readonly readbacks: number
  readonly readbackBytes: number
}

/** Bytes held now, of GPU memory or, on the CPU, of the process. */
export interface EngineMemory {
  readonly weights?: number
  readonly keyValue?: number
  readonly scratch?: number
  readonly total: number
}

export interface RunRequest {
  readonly prompt: readonly number[]
  /** Tokens to generate, greedily; a token that ends answers ends nothing. ≥ 1. */
  readonly generate: number
  /** False: nothing that was computed for earlier prompts may be used. True: it may, and the engine says how much it did. */
  readonly reuse: boolean
  readonly signal: AbortSignal
}

/** All times are milliseconds since `run` was called, as the caller sees them. */
export interface RunSample {
  /** When each token was there, in order; as many as were asked for. Engines that give tokens in batches give equal times. */
  readonly tokenTimes: readonly number[]
  /** Some tokens came without an event of their own: times between tokens say nothing. */
  readonly coalesced?: boolean
  /** By the engine's own clock, from its taking the request on; where it tells them. */
  readonly engineTimes?: readonly number[]
  /** Absent where the engine does not tell tokens. */
  readonly tokens?: readonly number[]
  /** Of the prompt, not computed again. Absent where the engine does not tell. */
  readonly reused?: number
  /** As the engine counts. */
  readonly promptTokens: number
  /** GPU time of the whole, by timestamps, where the engine measures it. */
  readonly gpuMs?: number
}

/** A model that is loaded. One run at a time. */
export interface BenchModel {
  readonly identity: EngineIdentity
  /** What this engine cannot do, with the reason that stands in its rows. */
  readonly cannot: Partial<Record<'reuse' | 'token-ids' | 'ignore-end' | 'next-tokens', string>>
  run(request: RunRequest): Promise<RunSample>
  /**
   * The likeliest token behind each prefix `tokens[0 … from]`, `tokens[0 … from + 1]`, … to the whole: `tokens.length − from` ids. `n/a`
   * where `cannot['next-tokens']` is set.
   */
  nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]>
  counters(): Promise<EngineCounters | undefined>
  memory(): Promise<EngineMemory | undefined>
  /** Gives everything back. Safe to call again. */
  close(): Promise<void>
}
