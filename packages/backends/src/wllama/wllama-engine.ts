import type { TokenEngine, TokenGenerateOptions } from '@sampan/core/backend'
import { checkGenerateOptions } from './check-options.ts'
import { checkPrompt } from './check-prompt.ts'
import { modelDisposed } from './explain-failure.ts'
import type { LlamaRuntime } from './llama-runtime.ts'
import { type LogitRuntime, TokenChooser } from './token-chooser.ts'
import { Turns } from './turns.ts'

/** What of `LlamaRuntime` makes tokens. */
export type TokenRuntime = Pick<LlamaRuntime, 'crashed' | 'decode' | 'keep' | 'exit'> & LogitRuntime

/**
 * llama.cpp's cache with one sequence in it, one answer at a time. It computes on the CPU in a Worker of its own, which a page
 * does not feel: `priority` changes nothing.
 */
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
    checkGenerateOptions(options, this.#runtime.vocabularySize, prompt.length)
    const { maxTokens, stopTokens } = options
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    const end = await this.#turns.take(signal)
    try {
      await this.#prefill(prompt, options, signal)
      const chooser = new TokenChooser(this.#runtime, prompt, options)
      // A token is drawn even when its own place in the context no longer exists.
      const limit = Math.min(maxTokens, this.contextLength - prompt.length + 1)
      for (let step = 0; ; step++) {
        const token = await chooser.next(signal)
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
  async #prefill(prompt: readonly number[], options: TokenGenerateOptions, signal: AbortSignal): Promise<void> {
    const most = options.cachePrompt === false ? 0 : Math.min(this.#cached.length, prompt.length - 1)
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
    options.onCached?.(start)
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
}
