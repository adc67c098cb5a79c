import { CachedTokens } from './cached-tokens.ts'
import type { Decoder } from './decoder.ts'
import { fewestKeptTokens, PrefixStore } from './prefix-store.ts'

/** Whole contexts that the store may hold by default, and the most bytes of them. */
const defaultContexts = 4
const defaultBytes = 256 * 1024 * 1024

/** @param contextBytes of the keys and values of a full context */
export function prefixCacheBytes(asked: number | undefined, contextBytes: number): number {
  return asked ?? Math.min(defaultContexts * contextBytes, defaultBytes)
}

/** What has been run already: the tokens in the key-value cache, and those of other conversations beside it. */
export class PrefixCache {
  readonly #decoder: Decoder
  readonly #active = new CachedTokens()
  readonly #store: PrefixStore
  /** In what way the keys and values in the cache were computed, and those to come will be. */
  #activeKey = ''
  #key = ''

  /** @param bytes that the keys and values of other conversations may take; default: four contexts, at most 256 MiB */
  constructor(decoder: Decoder, bytes: number | undefined) {
    const { gpu, cache, contextLength } = decoder
    this.#decoder = decoder
    this.#store = new PrefixStore(gpu, cache, prefixCacheBytes(bytes, contextLength * cache.tokenBytes))
  }

  /** What is computed from now on has nothing in common with what was computed under another key; it comes back with its own. */
  use(key: string): void {
    this.#key = key
  }

  /**
   * Makes the key-value cache hold the longest beginning of `tokens` that is known, at most `limit` of them, and no more.
   * What has to give way for the rest is kept, where that is worth it. Resolves to how many tokens need not be run.
   */
  async take(tokens: readonly number[], limit: number): Promise<number> {
    await this.#store.ready()
    const common = this.#key === this.#activeKey ? this.#active.commonPrefix(tokens, limit) : 0
    this.#store.begin(this.#key, tokens, limit)
    this.#store.keep(this.#activeKey, this.#active.tokens, common)
    this.#active.truncate(common)
    this.#activeKey = this.#key
    const found = this.#store.find(this.#key, tokens, limit)
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
