import { dead, type TableAutomaton, TableBuilder } from './byte-automaton.ts'
import { maxPatternedLength, maxPatternStates } from './limits.ts'
import { patternAutomaton } from './pattern-automaton.ts'
import { exceeded } from './schema-error.ts'

export interface TextRules {
  /** All must accept. */
  readonly required: readonly TableAutomaton[]
  /** Bit `i` of a label less 1 tells whether number `i` of these accepts. */
  readonly observed?: readonly TableAutomaton[]
  /** Code points. */
  readonly min: number
  readonly max: number
}

const quote = 0x22
const backslash = 0x5c
const firstPrintable = 0x20
const escapes: readonly (readonly [content: number, letter: string])[] = [
  [0x22, '"'],
  [0x5c, '\\'],
  [0x08, 'b'],
  [0x0c, 'f'],
  [0x0a, 'n'],
  [0x0d, 'r'],
  [0x09, 't'],
]

let everyText: TableAutomaton | undefined

/** Every UTF-8 text. */
export function anyText(): TableAutomaton {
  everyText ??= patternAutomaton('', '#')
  if (everyText === undefined) throw new TypeError('The empty pattern is found in every text.')
  return everyText
}

/**
 * Texts, as UTF-8, that satisfy all rules; labels are one more than the bits of `observed`. A `max` beyond what fits is
 * lowered, never below `min`. Undefined when there are none.
 *
 * @throws TextError `schema-limit-exceeded`
 */
export function contentAutomaton(rules: TextRules, path: string): TableAutomaton | undefined {
  const [only] = rules.required
  const plain = rules.min === 0 && rules.max === Number.POSITIVE_INFINITY && (rules.observed ?? []).length === 0
  if (plain && rules.required.length === 1) return only
  const bounded = rules.max === Number.POSITIVE_INFINITY ? rules.max : Math.min(rules.max, maxPatternedLength)
  for (let max = Math.max(bounded, rules.min); ; max = Math.max(Math.floor(max / 2), rules.min)) {
    const built = product({ ...rules, max })
    if (built !== 'too large') return built
    if (max === rules.min || max === Number.POSITIVE_INFINITY) {
      throw exceeded('states of a pattern with a length', maxPatternStates, path)
    }
  }
}

function product({ required, observed = [], min, max }: TextRules): TableAutomaton | undefined | 'too large' {
  const all = required.length === 0 ? [anyText()] : required
  const parts = [...all, ...observed]
  const firstObserved = all.length
  const builder = new TableBuilder()
  const known = new Map<string, number>()
  const waiting: { readonly id: number; readonly states: readonly number[]; readonly count: number }[] = []
  const counted = max === Number.POSITIVE_INFINITY ? min : max + 1
  const stateOf = (states: readonly number[], count: number): number => {
    const key = `${states.join(',')}:${count}`
    const existing = known.get(key)
    if (existing !== undefined) return existing
    const accepted = parts.map((part, index) => part.accepts(states[index] ?? dead))
    const good = count >= min && accepted.slice(0, firstObserved).every(Boolean)
    const bits = accepted.slice(firstObserved).reduce((sum, yes, index) => sum + (yes ? 2 ** index : 0), 0)
    const id = builder.add(good ? bits + 1 : 0)
    known.set(key, id)
    waiting.push({ id, states, count })
    return id
  }
  const start = stateOf(
    parts.map((part) => part.start),
    0,
  )
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    if (builder.size > maxPatternStates) return 'too large'
    let before: readonly number[] = []
    let to = dead
    for (let byte = 0; byte < 0xf8; byte++) {
      const states = parts.map((part, index) => {
        const state = from.states[index] ?? dead
        return state === dead ? dead : part.next(state, byte)
      })
      const border = byte === 0 || byte === 0x80 || byte === 0xc0
      if (border || states.some((state, index) => state !== before[index])) {
        const begins = byte < 0x80 || byte >= 0xc0
        const count = Math.min(from.count + (begins ? 1 : 0), counted)
        const possible = count <= max && !states.slice(0, firstObserved).includes(dead)
        to = possible ? stateOf(states, count) : dead
        before = states
      }
      if (to !== dead) builder.edge(from.id, byte, byte, to)
    }
  }
  return builder.finish(start)
}

/**
 * The same texts as they stand in JSON up to the closing quote, from the opening one where `opened` is false. Each is spelled in
 * one way; what only `\u` could spell is left out. Labels move to the state after the closing quote.
 */
export function spelledAutomaton(content: TableAutomaton, opened: boolean): TableAutomaton | undefined {
  const builder = new TableBuilder()
  const { size } = content
  for (let state = 0; state < size; state++) builder.add()
  const ends = new Map<number, number>()
  for (let state = 0; state < size; state++) {
    for (let byte = firstPrintable; byte < 0x100; byte++) {
      const to = content.next(state, byte)
      if (to !== dead && byte !== quote && byte !== backslash) builder.edge(state, byte, byte, to)
    }
    const reached = escapes.filter(([byte]) => content.next(state, byte) !== dead)
    if (reached.length > 0) {
      const escaped = builder.add()
      builder.edge(state, backslash, backslash, escaped)
      for (const [byte, letter] of reached) {
        builder.edge(escaped, letter.charCodeAt(0), letter.charCodeAt(0), content.next(state, byte))
      }
    }
    const label = content.labels[state] ?? 0
    if (label === 0) continue
    const end = ends.get(label) ?? builder.add(label)
    ends.set(label, end)
    builder.edge(state, quote, quote, end)
  }
  if (opened) return builder.finish(content.start)
  const start = builder.add()
  builder.edge(start, quote, quote, content.start)
  return builder.finish(start)
}

/** How many texts lead from each state to an accepting one; infinite where there is a way round. */
export function countTexts(automaton: TableAutomaton): Float64Array {
  const counts = new Float64Array(automaton.size).fill(Number.NaN)
  const open = new Set<number>()
  // A state that is asked for again while it is being counted lies on a way round, and all its states are live.
  const waiting = [automaton.start]
  for (let state = waiting.at(-1); state !== undefined; state = waiting.at(-1)) {
    open.add(state)
    let total = automaton.accepts(state) ? 1 : 0
    let blocked = false
    for (let byte = 0; byte < 0x100; byte++) {
      const to = automaton.next(state, byte)
      if (to === dead) continue
      const count = counts[to] ?? 0
      if (!Number.isNaN(count)) total += count
      else if (open.has(to)) total = Number.POSITIVE_INFINITY
      else {
        waiting.push(to)
        blocked = true
        break
      }
    }
    if (blocked) continue
    counts[state] = total
    open.delete(state)
    waiting.pop()
  }
  return counts
}
