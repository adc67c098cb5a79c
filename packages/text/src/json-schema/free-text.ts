import { type TableAutomaton, TableBuilder } from './byte-automaton.ts'

/** The state between two characters of `freeText()`; a byte other than the quote read here begins a character. */
export const betweenCharacters = 0

const hexRanges: readonly (readonly [string, string])[] = [
  ['0', '9'],
  ['a', 'f'],
  ['A', 'F'],
]

let built: { readonly quoted: TableAutomaton; readonly key: TableAutomaton } | undefined

/** Any JSON string with its quotes: UTF-8 as it is, every escape, surrogates as `\u` in pairs only. */
export function freeText(): TableAutomaton {
  return automata().quoted
}

/** Any string after its opening quote, to the closing one, in one spelling each: no `\u`, no `\/`. */
export function freeKey(): TableAutomaton {
  return automata().key
}

function automata(): { readonly quoted: TableAutomaton; readonly key: TableAutomaton } {
  built ??= { quoted: build(true), key: build(false) }
  return built
}

function build(quoted: boolean): TableAutomaton {
  const builder = new TableBuilder()
  const body = builder.add()
  const edge = (from: number, low: number | string, high: number | string, to: number): void =>
    builder.edge(from, code(low), code(high), to)
  edge(body, 0x20, 0x21, body)
  edge(body, 0x23, 0x5b, body)
  edge(body, 0x5d, 0x7f, body)
  addMultibyte(builder, body)
  const escaped = builder.add()
  edge(body, '\\', '\\', escaped)
  for (const letter of '"\\bfnrt') edge(escaped, letter, letter, body)
  const end = builder.add(1)
  edge(body, '"', '"', end)
  if (!quoted) return finished(builder, body)
  edge(escaped, '/', '/', body)
  addUnicodeEscapes(builder, body, escaped)
  const start = builder.add()
  edge(start, '"', '"', body)
  return finished(builder, start)
}

function addMultibyte(builder: TableBuilder, body: number): void {
  const one = builder.add()
  const two = builder.add()
  const three = builder.add()
  builder.edge(one, 0x80, 0xbf, body)
  builder.edge(two, 0x80, 0xbf, one)
  builder.edge(three, 0x80, 0xbf, two)
  builder.edge(body, 0xc2, 0xdf, one)
  builder.edge(body, 0xe1, 0xef, two)
  builder.edge(body, 0xf1, 0xf3, three)
  // Second bytes that would spell a code point too long, a surrogate, or one past the last.
  const narrow = (lead: number, low: number, high: number, to: number): void => {
    const state = builder.add()
    builder.edge(body, lead, lead, state)
    builder.edge(state, low, high, to)
  }
  narrow(0xe0, 0xa0, 0xbf, one)
  narrow(0xed, 0x80, 0x9f, one)
  narrow(0xf0, 0x90, 0xbf, two)
  narrow(0xf4, 0x80, 0x8f, two)
}

function addUnicodeEscapes(builder: TableBuilder, body: number, escaped: number): void {
  const hex = (to: number): number => {
    const state = builder.add()
    for (const [low, high] of hexRanges) builder.edge(state, code(low), code(high), to)
    return state
  }
  const last = hex(body)
  const lastTwo = hex(last)
  const first = hex(hex(lastTwo))
  builder.edge(escaped, code('u'), code('u'), first)
  const afterD = builder.add()
  const lowMark = builder.add()
  const lowLetter = builder.add()
  const afterLowD = builder.add()
  builder.edge(lowMark, code('\\'), code('\\'), lowLetter)
  const beforeLowD = builder.add()
  builder.edge(lowLetter, code('u'), code('u'), beforeLowD)
  const high = hex(hex(lowMark))
  builder.edge(afterD, code('0'), code('7'), lastTwo)
  builder.edge(afterD, code('8'), code('9'), high)
  for (const [low, top] of ['ab', 'AB']) builder.edge(afterD, code(low ?? ''), code(top ?? ''), high)
  for (const [low, top] of ['cf', 'CF']) builder.edge(afterLowD, code(low ?? ''), code(top ?? ''), lastTwo)
  for (const letter of 'dD') {
    builder.edge(first, code(letter), code(letter), afterD)
    builder.edge(beforeLowD, code(letter), code(letter), afterLowD)
  }
}

function code(character: number | string): number {
  return typeof character === 'number' ? character : character.charCodeAt(0)
}

function finished(builder: TableBuilder, start: number): TableAutomaton {
  const automaton = builder.finish(start)
  if (automaton === undefined) throw new TypeError('There are strings.')
  return automaton
}
