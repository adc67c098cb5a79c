import { type ByteAutomaton, dead } from './byte-automaton.ts'
import { FrameState, InternedStates, type StateTable } from './frame-state.ts'
import { betweenCharacters, freeText } from './free-text.ts'
import type { NumberShape } from './grammar.ts'
import { maxNumberDigits } from './limits.ts'

const quote = 0x22
const minus = 0x2d
const point = 0x2e

export class RegularFrame extends FrameState {
  static readonly #made = new InternedStates<RegularFrame>()
  readonly final: boolean
  readonly leaf: boolean
  readonly #shape: number
  readonly #automaton: ByteAutomaton
  readonly #state: number
  readonly #table: StateTable

  private constructor(id: number, shape: number, automaton: ByteAutomaton, state: number, table: StateTable) {
    super(id)
    this.#shape = shape
    this.#automaton = automaton
    this.#state = state
    this.#table = table
    this.final = automaton.accepts(state)
    this.leaf = automaton.ends(state)
  }

  private static at(table: StateTable, shape: number, automaton: ByteAutomaton, state: number): RegularFrame {
    return RegularFrame.#made.get(
      table,
      `${shape}:${state}`,
      (id) => new RegularFrame(id, shape, automaton, state, table),
    )
  }

  static of(table: StateTable, automaton: ByteAutomaton, state: number): RegularFrame {
    return RegularFrame.at(table, table.numberOf(automaton), automaton, state)
  }

  protected step(byte: number): FrameState | undefined {
    const state = this.#automaton.next(this.#state, byte)
    return state === dead ? undefined : RegularFrame.at(this.#table, this.#shape, this.#automaton, state)
  }
}

/** A string of which `need` more characters must and `room` more may come. */
export class TextFrame extends FrameState {
  static readonly #made = new InternedStates<TextFrame>()
  readonly final: boolean
  readonly leaf: boolean
  /** Of `freeText()`. */
  readonly state: number
  readonly need: number
  readonly room: number
  readonly #table: StateTable

  private constructor(id: number, state: number, need: number, room: number, table: StateTable) {
    super(id)
    this.state = state
    this.need = need
    this.room = room
    this.#table = table
    this.final = freeText().accepts(state)
    this.leaf = this.final
  }

  static at(table: StateTable, state: number, need: number, room: number): TextFrame {
    return TextFrame.#made.get(table, `${state}:${need}:${room}`, (id) => new TextFrame(id, state, need, room, table))
  }

  protected step(byte: number): FrameState | undefined {
    const state = freeText().next(this.state, byte)
    if (state === dead) return undefined
    if (this.state !== betweenCharacters) return TextFrame.at(this.#table, state, this.need, this.room)
    if (byte === quote) return this.need > 0 ? undefined : TextFrame.at(this.#table, state, 0, 0)
    if (this.room === 0) return undefined
    return TextFrame.at(this.#table, state, Math.max(0, this.need - 1), this.room - 1)
  }

  override local(): FrameState {
    const most = this.#table.longestToken
    return TextFrame.at(this.#table, this.state, Math.min(this.need, most), Math.min(this.room, most))
  }
}

/** A number with bounds: after each digit some way to write on must lead to a number within them. */
export class NumberFrame extends FrameState {
  static readonly #made = new InternedStates<NumberFrame>()
  readonly final: boolean
  readonly leaf = false
  readonly #index: number
  readonly #shape: NumberShape
  readonly #text: string
  readonly #table: StateTable

  private constructor(id: number, index: number, shape: NumberShape, text: string, table: StateTable) {
    super(id)
    this.#index = index
    this.#shape = shape
    this.#text = text
    this.#table = table
    this.final = completes(shape, text)
  }

  static at(table: StateTable, index: number, shape: NumberShape, text: string): NumberFrame {
    return NumberFrame.#made.get(table, `${index}:${text}`, (id) => new NumberFrame(id, index, shape, text, table))
  }

  protected step(byte: number): FrameState | undefined {
    const digit = byte >= 0x30 && byte <= 0x39
    if (!digit && byte !== minus && byte !== point) return undefined
    const text = this.#text + String.fromCharCode(byte)
    return canComplete(this.#shape, text) ? NumberFrame.at(this.#table, this.#index, this.#shape, text) : undefined
  }
}

const prefix = /^(-?)(?:(0|[1-9]\d*)(\.(\d*))?)?$/

/** Whole multiples of the last place between `low` and `high` that the text so far leaves, both inclusive. */
function* reachable(shape: NumberShape, text: string): Iterable<readonly [low: number, high: number]> {
  const match = prefix.exec(text)
  if (match === null) return
  const [, , whole, dot, fraction = ''] = match
  const { fractionDigits } = shape
  if (whole === undefined) {
    yield [0, 10 ** maxNumberDigits - 1]
    return
  }
  if (dot !== undefined) {
    const rest = fractionDigits - fraction.length
    if (fractionDigits === 0 || rest < 0) return
    const value = Number(whole + fraction) * 10 ** rest
    // A point must be followed by a digit.
    yield [value, value + 10 ** rest - 1]
    return
  }
  const more = whole === '0' ? 0 : maxNumberDigits - fractionDigits - whole.length
  for (let digits = 0; digits <= more; digits++) {
    const scale = 10 ** (digits + fractionDigits)
    yield [Number(whole) * scale, (Number(whole) + 1) * scale - 1]
  }
}

function canComplete(shape: NumberShape, text: string): boolean {
  for (const range of reachable(shape, text)) if (meets(shape, text.startsWith('-'), range)) return true
  return false
}

function completes(shape: NumberShape, text: string): boolean {
  if (!/\d$/.test(text)) return false
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const value = Number(whole + fraction) * 10 ** (shape.fractionDigits - fraction.length)
  return meets(shape, text.startsWith('-'), [value, value])
}

function meets({ low, high, step }: NumberShape, negative: boolean, [from, to]: readonly [number, number]): boolean {
  const least = Math.max(from, negative ? Math.max(1, -high) : Math.max(0, low))
  const most = Math.min(to, negative ? -low : high)
  return least <= most && Math.floor(most / step) * step >= least
}
