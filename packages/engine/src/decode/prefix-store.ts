import type { Gpu } from '../device/gpu.ts'
import { BufferCopies } from './buffer-copies.ts'
import type { KeyValueCache } from './key-value-cache.ts'
import { copyRows, PageFilling } from './page-filling.ts'
import { type Found, type Page, PageTree } from './page-tree.ts'

/** Fewer tokens than these are sooner run again than kept. */
export const fewestKeptTokens = 32
const pageTokens = 128
/** However small they are: what finds the oldest looks at all of them. */
const mostPages = 4096

/**
 * Copies of keys and values that the cache of a conversation had to give way for. A page holds `[layer][key, value][position]`
 * rows of its tokens, compact. A page whose rows are in the cache still has none of its own: it gets them when they are about
 * to be overwritten. Pages go, least recently used first and from a conversation's end, when the bytes are needed.
 */
export class PrefixStore {
  readonly #gpu: Gpu
  readonly #cache: KeyValueCache
  readonly #tree: PageTree<GPUBuffer>
  #budget: number
  #bytes = 0
  #unchecked: Promise<void> | undefined

  /** @param budget bytes; 0 keeps nothing */
  constructor(gpu: Gpu, cache: KeyValueCache, budget: number) {
    const fitting = Math.floor(gpu.device.limits.maxBufferSize / cache.tokenBytes)
    this.#gpu = gpu
    this.#cache = cache
    this.#budget = budget
    this.#tree = new PageTree(Math.max(1, Math.min(pageTokens, fitting)), (rows) => {
      this.#bytes -= rows.size
      gpu.ledger.release(rows)
    })
  }

  /** Resolves when it is known whether the device had room for what was kept last: before that it must not be asked. */
  async ready(): Promise<void> {
    await this.#unchecked
  }

  /** Begins a turn in which the pages of `tokens[0 … limit)` are needed. `key`: in what way they were computed. */
  begin(key: string, tokens: readonly number[], limit: number): void {
    this.#tree.nextTurn()
    for (const page of this.find(key, tokens, limit).pages) this.#tree.use(page)
  }

  find(key: string, tokens: readonly number[], limit: number): Found<GPUBuffer> {
    return this.#tree.find(tokens, limit, this.#tree.rootOf(key))
  }

  /** The cache holds `tokens`, and what is after the first `from` of them will be overwritten. */
  keep(key: string, tokens: readonly number[], from: number): void {
    if (from >= tokens.length || this.#budget === 0) return
    const tree = this.#tree
    const isWorth = tokens.length - from >= fewestKeptTokens
    const filling = new PageFilling(this.#gpu, this.#cache)
    let last = tree.rootOf(key)
    for (let start = 0; start < tokens.length; start += tree.pageTokens) {
      const end = Math.min(start + tree.pageTokens, tokens.length)
      const known = tree.child(last, tokens, start, end)
      // What others go on from is kept however little it is.
      if (!known && !isWorth) break
      const page = known ?? tree.add(last, tokens.slice(start, end))
      tree.use(page)
      if (page.rows === undefined && end > from && !this.#fill(page, filling)) {
        tree.remove(page)
        break
      }
      last = page
    }
    tree.prune(last)
    const refused = filling.end()
    if (refused) this.#unchecked = refused.then((isRefused) => this.#settle(isRefused, filling.pages))
  }

  /** Puts the rows `[from, found.length)` back into the cache, which has room for them. */
  restore({ pages, length }: Found<GPUBuffer>, from: number): void {
    const copies = new BufferCopies(this.#gpu)
    for (const page of pages) {
      const first = Math.max(from - page.start, 0)
      const count = Math.min(page.tokens.length, length - page.start) - first
      if (count <= 0) continue
      const { rows } = page
      if (rows === undefined) throw new Error(`the page at ${page.start} has no rows`)
      copyRows(this.#cache, page, first, count, (cached, offset, pageOffset, bytes) =>
        copies.copy(rows, pageOffset, cached, offset, bytes),
      )
    }
    copies.submit()
  }

  #fill(page: Page<GPUBuffer>, filling: PageFilling): boolean {
    const bytes = page.tokens.length * this.#cache.tokenBytes
    if (bytes > this.#budget) return false
    while (this.#bytes + bytes > this.#budget || this.#tree.size > mostPages) {
      if (!this.#tree.removeOldest()) return false
    }
    this.#tree.fill(page, filling.add(page, bytes))
    this.#bytes += bytes
    return true
  }

  /** A device that has refused is not asked for more than it gave. */
  #settle(isRefused: boolean, pages: readonly Page<GPUBuffer>[]): void {
    this.#unchecked = undefined
    if (!isRefused) return
    for (const page of pages) {
      this.#tree.remove(page)
      if (page.parent) this.#tree.prune(page.parent)
    }
    this.#budget = this.#bytes
  }
}
