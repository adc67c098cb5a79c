import { type Call, FrameState, InternedStates, type StateTable } from './frame-state.ts'
import type { ArrayShape, RuleIndex } from './grammar.ts'
import { afterSpace, noSpace } from './white-space.ts'

type Phase = 'before' | 'first' | 'item' | 'after' | 'end'

const open = 0x5b
const close = 0x5d
const comma = 0x2c

export class ArrayFrame extends FrameState {
  static readonly #made = new InternedStates<ArrayFrame>()
  override readonly call: Call | undefined
  readonly final: boolean
  readonly leaf: boolean
  readonly #index: number
  readonly #shape: ArrayShape
  readonly #phase: Phase
  /** Items so far, as far as they matter. */
  readonly #count: number
  readonly #space: number
  readonly #table: StateTable

  private constructor(
    id: number,
    index: number,
    shape: ArrayShape,
    phase: Phase,
    count: number,
    space: number,
    table: StateTable,
  ) {
    super(id)
    this.#index = index
    this.#shape = shape
    this.#phase = phase
    this.#count = count
    this.#space = space
    this.#table = table
    this.final = phase === 'end'
    this.leaf = this.final
    const rule = phase === 'first' || phase === 'item' ? this.#nextRule() : undefined
    this.call =
      rule === undefined
        ? undefined
        : { starts: () => table.starts(rule), after: this.#at('after', this.#counted(), noSpace), only: false }
  }

  static at(table: StateTable, index: number, shape: ArrayShape, phase: Phase, count = 0, space = noSpace): ArrayFrame {
    return ArrayFrame.#made.get(
      table,
      `${index}:${phase}:${count}:${space}`,
      (id) => new ArrayFrame(id, index, shape, phase, count, space, table),
    )
  }

  protected step(byte: number): FrameState | undefined {
    const phase = this.#phase
    if (phase === 'end') return undefined
    if (phase === 'before') return byte === open ? this.#at('first', 0, noSpace) : undefined
    const space = afterSpace(this.#space, byte)
    if (space !== -1) return this.#spaced(space)
    if (byte === close && phase !== 'item' && this.#count >= this.#shape.min) return this.#at('end', 0, noSpace)
    const another = phase === 'after' && this.#space === noSpace && this.#nextRule() !== undefined
    return byte === comma && another ? this.#at('item', this.#count, noSpace) : undefined
  }

  /** After an item only the closing bracket follows white space. */
  #spaced(space: number): FrameState | undefined {
    if (this.#phase === 'after' && this.#count < this.#shape.min) return undefined
    return this.#at(this.#phase, this.#count, space)
  }

  #nextRule(): RuleIndex | undefined {
    const { prefix, items, max } = this.#shape
    return this.#count < max ? (prefix[this.#count] ?? items) : undefined
  }

  #counted(): number {
    const { prefix, min, max } = this.#shape
    const most = max === Number.POSITIVE_INFINITY ? Math.max(prefix.length, min) : max
    return Math.min(this.#count + 1, most)
  }

  #at(phase: Phase, count: number, space: number): ArrayFrame {
    return ArrayFrame.at(this.#table, this.#index, this.#shape, phase, count, space)
  }
}
