import type { MergeTable } from './merge-table.ts'

const absent = -1
/** Up to here a plain scan for the best pair beats the heap. */
const scanLimit = 48
/** A heap entry is `rank · positionSpan + position`, exact in a double since ranks stay below 2^20. */
const positionSpan = 2 ** 31

/**
 * Byte-pair encoding of one piece: joins the adjacent pair of lowest rank, leftmost first, until no rule applies.
 * `symbols[0..count)` is overwritten; the result is its first returned-number entries. O(n log n).
 */
export function mergePiece(symbols: Int32Array, count: number, merges: MergeTable): number {
  return count <= scanLimit ? mergeByScan(symbols, count, merges) : mergeByHeap(symbols, count, merges)
}

function mergeByScan(symbols: Int32Array, count: number, merges: MergeTable): number {
  let length = count
  while (length > 1) {
    let best = absent
    let bestAt = 0
    for (let at = 0; at + 1 < length; at++) {
      const rank = merges.rank(symbols[at] ?? absent, symbols[at + 1] ?? absent)
      if (rank !== absent && (best === absent || rank < best)) {
        best = rank
        bestAt = at
      }
    }
    if (best === absent) break
    symbols[bestAt] = merges.merged(best)
    symbols.copyWithin(bestAt + 1, bestAt + 2, length)
    length--
  }
  return length
}

function mergeByHeap(symbols: Int32Array, count: number, merges: MergeTable): number {
  const previous = Int32Array.from({ length: count }, (_, at) => at - 1)
  const next = Int32Array.from({ length: count }, (_, at) => at + 1)
  const heap = new CandidateHeap(count * 3)
  const propose = (at: number): void => {
    const right = next[at] ?? count
    if (right >= count) return
    const rank = merges.rank(symbols[at] ?? absent, symbols[right] ?? absent)
    if (rank !== absent) heap.push(rank * positionSpan + at)
  }
  for (let at = 0; at < count; at++) propose(at)
  for (let candidate = heap.pop(); candidate !== undefined; candidate = heap.pop()) {
    const rank = Math.floor(candidate / positionSpan)
    const at = candidate - rank * positionSpan
    const right = next[at] ?? count
    const symbol = symbols[at] ?? absent
    // The pair may have changed since it was proposed.
    if (symbol === absent || right >= count || merges.rank(symbol, symbols[right] ?? absent) !== rank) continue
    symbols[at] = merges.merged(rank)
    symbols[right] = absent
    const after = next[right] ?? count
    next[at] = after
    if (after < count) previous[after] = at
    const before = previous[at] ?? absent
    if (before !== absent) propose(before)
    propose(at)
  }
  return keepLive(symbols, count)
}

function keepLive(symbols: Int32Array, count: number): number {
  let length = 0
  for (let at = 0; at < count; at++) {
    const symbol = symbols[at] ?? absent
    if (symbol !== absent) symbols[length++] = symbol
  }
  return length
}

/** Binary min-heap of numbers in one array. `count` symbols propose fewer than `3 · count` pairs in all. */
class CandidateHeap {
  readonly #values: Float64Array
  #length = 0

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
  }

  push(value: number): void {
    const values = this.#values
    let at = this.#length++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = values[parent] ?? 0
      if (above <= value) break
      values[at] = above
      at = parent
    }
    values[at] = value
  }

  pop(): number | undefined {
    if (this.#length === 0) return undefined
    const values = this.#values
    const top = values[0] ?? 0
    const last = values[--this.#length] ?? 0
    let at = 0
    for (let child = 1; child < this.#length; child = 2 * at + 1) {
      if (child + 1 < this.#length && (values[child + 1] ?? 0) < (values[child] ?? 0)) child++
      const below = values[child] ?? 0
      if (below >= last) break
      values[at] = below
      at = child
    }
    values[at] = last
    return top
  }
}
