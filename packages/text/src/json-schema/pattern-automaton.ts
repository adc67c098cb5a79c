import { type TableAutomaton, TableBuilder } from './byte-automaton.ts'
import { utf8Sequences } from './character-set.ts'
import { maxPatternNodes, maxPatternStates, maxPatternWork } from './limits.ts'
import { type PatternNode, parsePattern } from './pattern-syntax.ts'
import { exceeded } from './schema-error.ts'

interface Node {
  /** Without reading a byte; `start` and `end` edges only at the beginning and the end of the text. */
  readonly free: number[]
  readonly start: number[]
  readonly end: number[]
  readonly edges: { readonly low: number; readonly high: number; readonly to: number }[]
}

const lastCodePoint = 0x10ffff

/**
 * The texts in which `pattern` is found, as UTF-8, by Thompson's construction and that of subsets (Aho, Sethi, Ullman:
 * "Compilers", 3.7). Undefined when there are none.
 *
 * @throws TextError `schema-invalid`, `schema-unsupported`, `schema-limit-exceeded`
 */
export function patternAutomaton(pattern: string, path: string): TableAutomaton | undefined {
  const network = new Network(path)
  const start = network.add()
  network.loopOverAnything(start)
  const end = network.build(parsePattern(pattern, path), start)
  network.loopOverAnything(end)
  return network.determinise(start, end)
}

class Network {
  readonly #nodes: Node[] = []
  readonly #path: string
  #work = 0

  constructor(path: string) {
    this.#path = path
  }

  add(): number {
    if (this.#nodes.length === maxPatternNodes) throw exceeded('states of a pattern', maxPatternNodes, this.#path)
    return this.#nodes.push({ free: [], start: [], end: [], edges: [] }) - 1
  }

  loopOverAnything(node: number): void {
    const end = this.build({ kind: 'set', ranges: [[0, lastCodePoint]] }, node)
    this.#nodes[end]?.free.push(node)
  }

  /** Adds what `pattern` reads after `from`, and returns where it ends. */
  build(pattern: PatternNode, from: number): number {
    switch (pattern.kind) {
      case 'start':
      case 'end': {
        const to = this.add()
        this.#nodes[from]?.[pattern.kind].push(to)
        return to
      }
      case 'sequence':
        return pattern.items.reduce((at, item) => this.build(item, at), from)
      case 'choice': {
        const to = this.add()
        for (const item of pattern.items) {
          const begin = this.add()
          this.#nodes[from]?.free.push(begin)
          this.#nodes[this.build(item, begin)]?.free.push(to)
        }
        return to
      }
      case 'set':
        return this.#buildSet(pattern.ranges, from)
      case 'repeat':
        return this.#buildRepeat(pattern, from)
      default:
        return pattern satisfies never
    }
  }

  determinise(start: number, end: number): TableAutomaton | undefined {
    const builder = new TableBuilder()
    const known = new Map<string, number>()
    const waiting: { readonly state: number; readonly nodes: readonly number[] }[] = []
    const stateOf = (nodes: readonly number[]): number => {
      const key = nodes.join(',')
      const existing = known.get(key)
      if (existing !== undefined) return existing
      if (builder.size === maxPatternStates) throw exceeded('states of a pattern', maxPatternStates, this.#path)
      const state = builder.add(this.#closure(nodes, 'end').includes(end) ? 1 : 0)
      known.set(key, state)
      waiting.push({ state, nodes })
      return state
    }
    const first = stateOf(this.#closure([start], 'start'))
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const targets: number[][] = []
      for (const node of next.nodes) {
        for (const { low, high, to } of this.#nodes[node]?.edges ?? []) {
          this.#spend(1)
          for (let byte = low; byte <= high; byte++) {
            const reached = targets[byte]
            if (reached === undefined) targets[byte] = [to]
            else reached.push(to)
          }
        }
      }
      let before = ''
      let state = -1
      for (const [byte, nodes] of targets.entries()) {
        if (nodes === undefined) continue
        const key = nodes.join(',')
        if (key !== before) state = stateOf(this.#closure(nodes, 'none'))
        before = key
        builder.edge(next.state, byte, byte, state)
      }
    }
    return builder.finish(first)
  }

  #buildSet(ranges: readonly (readonly [number, number])[], from: number): number {
    const to = this.add()
    for (const range of ranges) {
      for (const sequence of utf8Sequences(range)) {
        let at = from
        for (const [index, [low, high]] of sequence.entries()) {
          const next = index === sequence.length - 1 ? to : this.add()
          this.#nodes[at]?.edges.push({ low, high, to: next })
          at = next
        }
      }
    }
    return to
  }

  #buildRepeat({ item, min, max }: { item: PatternNode; min: number; max: number }, from: number): number {
    let at = from
    for (let count = 0; count < min; count++) at = this.build(item, at)
    const to = this.add()
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.add()
      this.#nodes[at]?.free.push(loop)
      this.#nodes[this.build(item, loop)]?.free.push(loop)
      this.#nodes[loop]?.free.push(to)
      return to
    }
    for (let count = min; count < max; count++) {
      this.#nodes[at]?.free.push(to)
      at = this.build(item, at)
    }
    this.#nodes[at]?.free.push(to)
    return to
  }

  #closure(nodes: readonly number[], where: 'start' | 'end' | 'none'): readonly number[] {
    const seen = new Set(nodes)
    const waiting = [...seen]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const found = this.#nodes[node]
      const more = where === 'none' ? [] : (found?.[where] ?? [])
      for (const to of [...(found?.free ?? []), ...more]) {
        if (seen.has(to)) continue
        seen.add(to)
        waiting.push(to)
      }
    }
    this.#spend(seen.size)
    return [...seen].sort((a, b) => a - b)
  }

  #spend(work: number): void {
    this.#work += work
    if (this.#work > maxPatternWork) throw exceeded('steps for a pattern', maxPatternWork, this.#path)
  }
}
