import type { TokenEngine, TokenGenerateOptions } from '@sampan/core/backend'
import { checkPrompt } from './check-prompt.ts'
import { candidatesWanted, drawToken, isGreedy } from './draw-token.ts'
import { modelDisposed } from './explain-failure.ts'
import type { LlamaRuntime } from './llama-runtime.ts'
import { randomPoint } from './philox.ts'
import { Turns } from './turns.ts'

/** What of `LlamaRuntime` makes tokens. */
export type TokenRuntime = Pick<
  LlamaRuntime,
  'crashed' | 'vocabularySize' | 'decode' | 'best' | 'candidates' | 'keep' | 'exit'
>

/** llama.cpp's cache with one sequence in it, one answer at a time. */
export class WllamaEngine implements TokenEngine {
  readonly contextLength: number
  readonly lost: Promise<Error>
  readonly #runtime: TokenRuntime
  readonly #batchTokens: number
  readonly #turns = new Turns()
  readonly #closing = new AbortController()
  /** What the cache holds. */
  #cached: number[] = []

  /** @param batchTokens most that are run at once; the abort of a long prompt waits for as many */
  constructor(runtime: TokenRuntime, contextLength: number, batchTokens: number) {
    this.#runtime = runtime
    this.contextLength = contextLength
    this.#batchTokens = batchTokens
    this.lost = new Promise((resolve) => {
      runtime.crashed.then((error) => {
        if (!this.#closing.signal.aborted) resolve(error)
      })
    })
  }

  /**
   * @throws BackendError `context-length-exceeded`, `token-out-of-range`, `option-invalid`, `logits-invalid`, `backend-failed`,
   * `model-disposed`; the signal's reason
   */
  async *generate(given: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    const prompt = [...given]
    checkPrompt(prompt, this.#runtime.vocabularySize, this.contextLength)
    const { maxTokens, stopTokens, seed = Math.floor(Math.random() * 2 ** 32) } = options
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    const end = await this.#turns.take(signal)
    try {
      await this.#prefill(prompt, signal)
      // A token is drawn even when its own place in the context no longer exists.
      const limit = Math.min(maxTokens, this.contextLength - prompt.length + 1)
      for (let step = 0; ; step++) {
        // The first draw finds out whether there are chances at all.
        const token =
          step > 0 && isGreedy(options)
            ? await this.#runtime.best()
            : await this.#draw(options, randomPoint(seed, step))
        signal.throwIfAborted()
        yield token
        if (step + 1 >= limit || stopTokens.includes(token)) return
        await this.#decode([token], true, signal)
      }
    } finally {
      end()
    }
  }

  /** Answers no more; the memory is free when the Worker that this runs in ends. */
  async dispose(): Promise<void> {
    this.#closing.abort(modelDisposed())
    this.#runtime.exit()
  }

  /** Runs what the cache does not hold yet of `prompt`; the last token always, since its logits are what is drawn from. */
  async #prefill(prompt: readonly number[], signal: AbortSignal): Promise<void> {
    const most = Math.min(this.#cached.length, prompt.length - 1)
    let start = 0
    while (start < most && this.#cached[start] === prompt[start]) start++
    if (start < this.#cached.length) {
      try {
        await this.#runtime.keep(start)
      } catch {
        // Some caches cannot be cut in the middle.
        await this.#runtime.keep(0)
        start = 0
      }
      this.#cached.length = start
    }
    for (; start < prompt.length; start += this.#batchTokens) {
      const batch = prompt.slice(start, start + this.#batchTokens)
      await this.#decode(batch, start + batch.length === prompt.length, signal)
    }
  }

  async #decode(tokens: readonly number[], wanted: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    try {
      await this.#runtime.decode(tokens, wanted)
    } catch (error) {
      // How much of them got into the cache is not known.
      this.#cached.length = 0
      await this.#runtime.keep(0).catch(() => {})
      throw error
    }
    this.#cached.push(...tokens)
    signal.throwIfAborted()
  }

  async #draw(options: TokenGenerateOptions, point: number): Promise<number> {
    const { vocabularySize } = this.#runtime
    const few = await this.#runtime.candidates(candidatesWanted(options, vocabularySize))
    const token = drawToken(few, vocabularySize, options, point)
    if (token !== undefined) return token
    const all = await this.#runtime.candidates(vocabularySize)
    // All of them are always enough.
    return drawToken(all, all.length, options, point) ?? 0
  }
}
