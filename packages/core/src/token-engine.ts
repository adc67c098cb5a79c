import type { AdapterInfo, Counters, Ledger, TokenBytes } from './backend.ts'

/** Which tokens may come next, asked before each. */
export interface TokenConstraint {
  /**
   * Bit `i % 32` of word `i >> 5` is set for token `i` that may come next; undefined: any may. Never all zero. The array is
   * read before the next call, and may be the same each time.
   */
  allowed(): Uint32Array | undefined
  /** How many tokens from here on are unrestricted whatever they are: 0 where `allowed()` says which. Lets an engine run ahead. */
  free(): number
  /** The token that was chosen, in order. */
  accept(token: number): void
}

/** The chance of a token that was chosen, and of the likeliest, by the logits before anything was done to them. */
export interface ChosenToken {
  readonly token: number
  readonly logprob: number
  /** Best first; as many as were asked for. */
  readonly top: readonly { readonly token: number; readonly logprob: number }[]
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
  /** Default 0. Of the tokens generated so far, once for each time. */
  readonly frequencyPenalty?: number
  /** Default 0. Of the tokens generated so far. */
  readonly presencePenalty?: number
  /** Default 1. Of the tokens of the prompt and those generated so far. */
  readonly repetitionPenalty?: number
  /** Added after the penalties. */
  readonly logitBias?: readonly (readonly [token: number, bias: number])[]
  readonly constraint?: TokenConstraint
  /** Called with each token before it is yielded. `top`: how many of the likeliest to tell, 0 … 20. */
  readonly logprobs?: { readonly top: number; take(chosen: ChosenToken): void }
  /** Called once before the first token: how many tokens of the prompt were in the cache. */
  readonly onCached?: (tokens: number) => void
  /** False: runs the whole prompt again. Default true. */
  readonly cachePrompt?: boolean
  /**
   * How many of the prompt's last tokens are the beginning of the answer, made with the same seed and options before: penalties
   * count them as the answer's, and chance goes on where it was. `maxTokens` counts what comes after them. Default 0.
   */
  readonly answered?: number
  /** `background`: one submit at a time, and a pause after each. Default `normal`. */
  readonly priority?: 'normal' | 'background'
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
  /** Absent where it does not tell. */
  readonly tokenBytes?: TokenBytes
  /** Resolves with the error when it can no longer answer, never on `dispose`. */
  readonly lost: Promise<Error>
  /** One call at a time; a second waits. Leaving the loop or aborting stops it within one token. */
  generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncIterable<number>
  /** Absent where it does not count. */
  counters?(): Counters
  ledger?(): Ledger
  dispose(): Promise<void>
}
