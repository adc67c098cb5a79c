/** A deterministic automaton over bytes in which every state can still reach an accepting one. */
export interface ByteAutomaton {
  readonly start: number
  /** The next state, or -1. */
  next(state: number, byte: number): number
  accepts(state: number): boolean
  /** Nothing may follow. */
  ends(state: number): boolean
}

export const dead = -1
const byteCount = 256

/** A dense table: 512 bytes a state. */
export class TableAutomaton implements ByteAutomaton {
  readonly start: number
  readonly #table: Int16Array
  /** 0: not accepting; otherwise one more than a label of the maker's. */
  readonly labels: Uint32Array

  constructor(start: number, table: Int16Array, labels: Uint32Array) {
    this.start = start
    this.#table = table
    this.labels = labels
  }

  get size(): number {
    return this.labels.length
  }

  next(state: number, byte: number): number {
    return this.#table[state * byteCount + byte] ?? dead
  }

  accepts(state: number): boolean {
    return (this.labels[state] ?? 0) !== 0
  }

  ends(state: number): boolean {
    for (let byte = 0; byte < byteCount; byte++) if (this.next(state, byte) !== dead) return false
    return true
  }

  matches(bytes: Uint8Array): boolean {
    let state = this.start
    for (const byte of bytes) {
      state = this.next(state, byte)
      if (state === dead) return false
    }
    return this.accepts(state)
  }
}

/** Builds a `TableAutomaton` state by state, then cuts what leads nowhere. */
export class TableBuilder {
  readonly #rows: Int16Array[] = []
  readonly #labels: number[] = []

  get size(): number {
    return this.#rows.length
  }

  add(label = 0): number {
    this.#rows.push(new Int16Array(byteCount).fill(dead))
    return this.#labels.push(label) - 1
  }

  edge(from: number, low: number, high: number, to: number): void {
    this.#rows[from]?.fill(to, low, high + 1)
  }

  /** Undefined when nothing is accepted. */
  finish(start: number): TableAutomaton | undefined {
    const live = this.#liveStates()
    if (live[start] !== 1) return undefined
    const table = new Int16Array(this.size * byteCount)
    for (let state = 0; state < this.size; state++) {
      const row = this.#rows[state] ?? []
      for (let byte = 0; byte < byteCount; byte++) {
        const to = row[byte] ?? dead
        table[state * byteCount + byte] = to !== dead && live[to] === 1 ? to : dead
      }
    }
    return new TableAutomaton(start, table, Uint32Array.from(this.#labels))
  }

  #liveStates(): Uint8Array {
    const sources: Set<number>[] = this.#rows.map(() => new Set())
    for (const [from, row] of this.#rows.entries()) for (const to of row) if (to !== dead) sources[to]?.add(from)
    const live = new Uint8Array(this.size)
    const waiting: number[] = []
    const mark = (state: number): void => {
      if (live[state] === 1) return
      live[state] = 1
      waiting.push(state)
    }
    for (const [state, label] of this.#labels.entries()) if (label !== 0) mark(state)
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) sources[state]?.forEach(mark)
    return live
  }
}
