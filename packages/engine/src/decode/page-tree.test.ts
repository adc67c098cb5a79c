import { describe, expect, it } from 'vitest'
import { type Page, PageTree } from './page-tree.ts'

/** A tree of pages of four tokens; rows are names. */
function newTree(): { readonly tree: PageTree<string>; readonly released: string[] } {
  const released: string[] = []
  return { tree: new PageTree<string>(4, (rows) => released.push(rows)), released }
}

/** Adds what is not there yet of `tokens`, with rows named after the conversation. */
function put(tree: PageTree<string>, name: string, tokens: readonly number[]): Page<string>[] {
  const path: Page<string>[] = []
  let last = tree.root
  for (let start = 0; start < tokens.length; start += 4) {
    const end = Math.min(start + 4, tokens.length)
    const known = tree.child(last, tokens, start, end)
    last = known ?? tree.add(last, tokens.slice(start, end))
    tree.use(last)
    if (!known) tree.fill(last, `${name}${start}`)
    path.push(last)
  }
  return path
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

describe('a tree of pages', () => {
  it('finds the longest beginning that it holds, to the token and to the limit', () => {
    const { tree } = newTree()
    put(tree, 'a', range(0, 10))
    put(tree, 'b', [...range(0, 6), ...range(20, 28)])
    const lengthOf = (tokens: readonly number[], limit = tokens.length): number => tree.find(tokens, limit).length
    expect(lengthOf(range(0, 30))).toBe(10)
    expect(lengthOf([0, 1, 2, 9])).toBe(3)
    expect(lengthOf([...range(0, 6), 20, 21, 22, 9])).toBe(9)
    expect(lengthOf(range(0, 10), 9)).toBe(9)
    expect(lengthOf(range(0, 10), 4)).toBe(4)
    expect(lengthOf(range(0, 10), 0)).toBe(0)
    expect(lengthOf([])).toBe(0)
    expect(lengthOf([1, 2, 3])).toBe(0)
  })

  it('shares whole pages of a common beginning', () => {
    const { tree } = newTree()
    const [first] = put(tree, 'a', range(0, 10))
    const [shared, own] = put(tree, 'b', [...range(0, 6), 20, 21])
    expect(shared).toBe(first)
    expect(own?.rows).toBe('b4')
    expect(tree.size).toBe(4)
  })

  it('puts a longer page in the place of the shorter', () => {
    const { tree, released } = newTree()
    put(tree, 'a', range(0, 6))
    put(tree, 'b', range(0, 9))
    expect(released).toEqual(['a4'])
    expect(tree.find(range(0, 9), 9).pages.map(({ rows }) => rows)).toEqual(['a0', 'b4', 'b8'])
    put(tree, 'c', range(0, 5))
    expect(released).toEqual(['a4'])
  })

  it('gives up the oldest from its end, and nothing of this turn', () => {
    const { tree, released } = newTree()
    put(tree, 'a', range(0, 10))
    tree.nextTurn()
    put(tree, 'b', [...range(0, 4), ...range(30, 36)])
    tree.nextTurn()
    put(tree, 'c', [7, 7])
    while (tree.removeOldest()) {}
    expect(released).toEqual(['a8', 'a4', 'b8', 'b4', 'a0'])
    expect(tree.find([7, 7], 2).length).toBe(2)
  })

  it('drops a page that has no rows with the last that followed it', () => {
    const { tree, released } = newTree()
    const bare = tree.add(tree.root, range(0, 4))
    const page = tree.add(bare, range(4, 8))
    tree.fill(page, 'a4')
    tree.nextTurn()
    expect(tree.removeOldest()).toBe(true)
    expect(released).toEqual(['a4'])
    expect(tree.size).toBe(0)
    const again = tree.add(tree.root, range(0, 4))
    tree.prune(again)
    expect(tree.size).toBe(0)
  })

  it('removes a page with all that follows, once', () => {
    const { tree, released } = newTree()
    const [first] = put(tree, 'a', range(0, 12))
    if (!first) throw new Error('no page')
    tree.remove(first)
    tree.remove(first)
    expect(released).toEqual(['a0', 'a4', 'a8'])
    expect(tree.find(range(0, 12), 12)).toEqual({ pages: [], length: 0 })
    expect(() => tree.use(first)).toThrow('not in the tree')
  })

  it('keeps apart what was computed in different ways, and forgets ways of which nothing is left', () => {
    const { tree, released } = newTree()
    const other = tree.rootOf('other')
    put(tree, 'a', range(0, 8))
    const page = tree.add(tree.rootOf('other'), range(0, 4))
    tree.fill(page, 'other0')
    expect(tree.size).toBe(3)
    expect(tree.find(range(0, 8), 8, tree.rootOf('other'))).toMatchObject({ length: 4, pages: [{ rows: 'other0' }] })
    expect(tree.find(range(0, 8), 8).length).toBe(8)
    expect(tree.find(range(0, 8), 8, tree.rootOf('third')).length).toBe(0)
    expect(tree.rootOf('other')).not.toBe(other)
    tree.nextTurn()
    while (tree.removeOldest());
    expect(tree.size).toBe(0)
    expect(released.toSorted()).toEqual(['a0', 'a4', 'other0'])
  })
})
