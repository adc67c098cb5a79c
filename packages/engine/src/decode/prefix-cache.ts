import { CachedTokens } from './cached-tokens.ts'
import type { Decoder } from './decoder.ts'
import { fewestKeptTokens, PrefixStore } from './prefix-store.ts'

/** Whole contexts that the store may hold by default, and the most bytes of them. */
const defaultContexts = 4
const defaultBytes = 256 * 1024 * 1024

/** What has been run already: the tokens in the key-value cache, and those of other conversations beside it. */
export class PrefixCache {
  readonly #decoder: Decoder
  readonly #active = new CachedTokens()
  readonly #store: PrefixStore

  /** @param bytes that the keys and values of other conversations may take; default: four contexts, at most 256 MiB */
  constructor(decoder: Decoder, bytes: number | undefined) {
    const { gpu, cache, contextLength } = decoder
    const budget = bytes ?? Math.min(defaultContexts * contextLength * cache.tokenBytes, defaultBytes)
    this.#decoder = decoder
    this.#store = new PrefixStore(gpu, cache, budget)
  }

  /**
   * Makes the key-value cache hold the longest beginning of `tokens` that is known, at most `limit` of them, and no more.
   * What has to give way for the rest is kept, where that is worth it. Resolves to how many tokens need not be run.
   */
  async take(tokens: readonly number[], limit: number): Promise<number> {
    await this.#store.ready()
    const common = this.#active.commonPrefix(tokens, limit)
    this.#store.begin(tokens, limit)
    this.#store.keep(this.#active.tokens, common)
    this.#active.truncate(common)
    const found = this.#store.find(tokens, limit)
    if (found.length - common < fewestKeptTokens) return common
    await this.#decoder.reserve(found.length)
    this.#store.restore(found, common)
    this.#active.append(tokens.slice(common, found.length))
    return found.length
  }

  /** These are in the key-value cache now, after those that were. */
  append(tokens: readonly number[]): void {
    this.#active.append(tokens)
  }
}
