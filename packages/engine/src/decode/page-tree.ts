/** Tokens at fixed positions of a conversation, at most as many as a page holds; a page that is not full has none after it. */
export interface Page<Rows> {
  /** Undefined: a root, which has no tokens. */
  readonly parent: Page<Rows> | undefined
  /** Position of its first token. */
  readonly start: number
  readonly tokens: readonly number[]
  readonly children: readonly Page<Rows>[]
  /** A copy of what was computed for its tokens; absent while that need not be copied. */
  readonly rows: Rows | undefined
  /** The turn in which it was last of use. */
  readonly used: number
}

interface Node<Rows> extends Page<Rows> {
  readonly parent: Node<Rows> | undefined
  readonly children: Node<Rows>[]
  rows: Rows | undefined
  used: number
}

/** The pages from the beginning of a text on, and how many of its tokens they hold. */
export interface Found<Rows> {
  readonly pages: readonly Page<Rows>[]
  readonly length: number
}

/**
 * Conversations as a tree of pages: those with a common beginning share its whole pages. What a page's rows are, and when they
 * are given up, is the caller's.
 */
export class PageTree<Rows> {
  readonly pageTokens: number
  readonly #roots = new Map<string, Node<Rows>>()
  readonly #nodes = new Map<Page<Rows>, Node<Rows>>()
  readonly #release: (rows: Rows) => void
  #turn = 0

  /** @param release called with the rows of every page that is removed */
  constructor(pageTokens: number, release: (rows: Rows) => void) {
    this.pageTokens = pageTokens
    this.#release = release
  }

  get root(): Page<Rows> {
    return this.rootOf('')
  }

  /** Where conversations begin that were computed in one way, which `key` names: they share nothing with those of others. */
  rootOf(key: string): Page<Rows> {
    const known = this.#roots.get(key)
    if (known) return known
    for (const [other, root] of this.#roots) {
      if (root.children.length > 0) continue
      this.#roots.delete(other)
      this.#nodes.delete(root)
    }
    const root: Node<Rows> = { parent: undefined, start: 0, tokens: [], children: [], rows: undefined, used: 0 }
    this.#roots.set(key, root)
    this.#nodes.set(root, root)
    return root
  }

  /** Pages, roots not counted. */
  get size(): number {
    return this.#nodes.size - this.#roots.size
  }

  /** Begins a turn: pages that are used in it are not the oldest before it is over. */
  nextTurn(): void {
    this.#turn += 1
  }

  use(page: Page<Rows>): void {
    this.#node(page).used = this.#turn
  }

  /** The pages that hold the longest beginning of `tokens`, at most `limit` of them; of the last one perhaps a part. */
  find(tokens: readonly number[], limit: number, root = this.root): Found<Rows> {
    const pages: Page<Rows>[] = []
    const most = Math.min(limit, tokens.length)
    let length = 0
    for (let at = this.#node(root); length < most; ) {
      const [best, shared] = longest(at.children, tokens, most)
      if (!best) break
      pages.push(best)
      length += shared
      if (shared < this.pageTokens) break
      at = best
    }
    return { pages, length }
  }

  /** The page after `parent` that begins with `tokens[start … end)`. */
  child(parent: Page<Rows>, tokens: readonly number[], start: number, end: number): Page<Rows> | undefined {
    return parent.children.find((page) => sharedTokens(page, tokens, end) === end - start)
  }

  /** A new page after `parent`, in place of those that it holds all of. */
  add(parent: Page<Rows>, tokens: readonly number[]): Page<Rows> {
    const above = this.#node(parent)
    const start = above.start + above.tokens.length
    for (const page of [...above.children])
      if (page.tokens.every((token, index) => token === tokens[index])) this.remove(page)
    const node: Node<Rows> = { parent: above, start, tokens, children: [], rows: undefined, used: this.#turn }
    above.children.push(node)
    this.#nodes.set(node, node)
    return node
  }

  fill(page: Page<Rows>, rows: Rows): void {
    this.#node(page).rows = rows
  }

  /** With all that follows it. Does nothing for a page that was removed before. */
  remove(page: Page<Rows>): void {
    const node = this.#nodes.get(page)
    if (!node?.parent) return
    node.parent.children.splice(node.parent.children.indexOf(node), 1)
    this.#drop(node)
  }

  /** Removes pages without rows that nothing follows, from `page` upwards. */
  prune(page: Page<Rows>): void {
    this.#prune(this.#nodes.get(page), () => true)
  }

  /**
   * Removes, of the pages that nothing follows, the one that was of use longest ago, and what is of no more use before it. False
   * where all are of use in this turn.
   */
  removeOldest(): boolean {
    let oldest: Node<Rows> | undefined
    for (const node of this.#nodes.values())
      if (node.parent && node.children.length === 0 && node.used < (oldest?.used ?? this.#turn)) oldest = node
    if (!oldest) return false
    this.remove(oldest)
    this.#prune(oldest.parent, ({ used }) => used < this.#turn)
    return true
  }

  #prune(from: Node<Rows> | undefined, mayGo: (node: Node<Rows>) => boolean): void {
    for (let node = from; node?.parent && node.rows === undefined && node.children.length === 0; ) {
      if (!mayGo(node)) return
      const { parent } = node
      this.remove(node)
      node = parent
    }
  }

  #drop(node: Node<Rows>): void {
    this.#nodes.delete(node)
    if (node.rows !== undefined) this.#release(node.rows)
    for (const child of node.children) this.#drop(child)
  }

  #node(page: Page<Rows>): Node<Rows> {
    const node = this.#nodes.get(page)
    if (!node) throw new Error(`the page at ${page.start} is not in the tree`)
    return node
  }
}

function longest<Rows>(
  pages: readonly Node<Rows>[],
  tokens: readonly number[],
  limit: number,
): [Node<Rows> | undefined, number] {
  let [best, most]: [Node<Rows> | undefined, number] = [undefined, 0]
  for (const page of pages) {
    const shared = sharedTokens(page, tokens, limit)
    if (shared > most) [best, most] = [page, shared]
  }
  return [best, most]
}

/** How many tokens of a page are those of `tokens[… limit)` at its positions, from its first on. */
function sharedTokens<Rows>({ start, tokens: own }: Page<Rows>, tokens: readonly number[], limit: number): number {
  const most = Math.min(own.length, limit - start)
  let shared = 0
  while (shared < most && own[shared] === tokens[start + shared]) shared += 1
  return shared
}
