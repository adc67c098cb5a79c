import { type Call, FrameState, InternedStates, type StateTable } from './frame-state.ts'
import type { ObjectShape, RuleIndex } from './grammar.ts'
import { DeclaredKeyFrame, ExtraKeyFrame, type KeyOwner, UsedKeys } from './key-frames.ts'
import type { LiteralAutomaton } from './literal-automaton.ts'
import { afterSpace, noSpace } from './white-space.ts'

type Phase = 'before' | 'first' | 'key' | 'in-key' | 'colon' | 'value' | 'after' | 'end'

interface Place {
  readonly phase: Phase
  /** Index of the first declared key that may still come; they come in order, all others after them. */
  readonly from: number
  /** Keys so far, as far as they matter. */
  readonly count: number
  readonly used: UsedKeys
  /** No key beyond the declared ones may come, since not all that are in use are known. */
  readonly sealed: boolean
  /** Of the value that comes, in `colon` and `value`; otherwise -1. */
  readonly rule: RuleIndex
  readonly space: number
}

const open = 0x7b
const close = 0x7d
const quote = 0x22
const colon = 0x3a
const comma = 0x2c
const noRule = -1

export class ObjectFrame extends FrameState implements KeyOwner {
  static readonly #made = new InternedStates<ObjectFrame>()
  override readonly call: Call | undefined
  readonly final: boolean
  readonly leaf: boolean
  readonly #index: number
  readonly #shape: ObjectShape
  readonly #place: Place
  readonly #table: StateTable

  private constructor(id: number, index: number, shape: ObjectShape, place: Place, table: StateTable) {
    super(id)
    this.#index = index
    this.#shape = shape
    this.#place = place
    this.#table = table
    this.final = place.phase === 'end'
    this.leaf = this.final
    this.call = this.#makeCall()
  }

  static start(table: StateTable, index: number, shape: ObjectShape): ObjectFrame {
    const used = new UsedKeys(0)
    const place: Place = { phase: 'before', from: 0, count: 0, used, sealed: false, rule: noRule, space: noSpace }
    return ObjectFrame.#at(table, index, shape, place)
  }

  static #at(table: StateTable, index: number, shape: ObjectShape, place: Place): ObjectFrame {
    const { phase, from, count, used, sealed, rule, space } = place
    return ObjectFrame.#made.get(
      table,
      `${index}:${phase}:${from}:${count}:${used.id}:${sealed ? 1 : 0}:${rule}:${space}`,
      (id) => new ObjectFrame(id, index, shape, place, table),
    )
  }

  get trie(): LiteralAutomaton {
    return this.#shape.trie
  }

  get used(): UsedKeys {
    return this.#place.used
  }

  /** Whether that declared key may come next. */
  permits(index: number): boolean {
    const { from, count } = this.#place
    const key = this.#shape.keys[index]
    if (key === undefined || index < from || index > this.#nextRequired()) return false
    const required = this.#requiredFrom(from)
    const room = this.#shape.max - count - required
    return (key.required || room > 0) && count + 1 + this.#mostFrom(index + 1) >= this.#shape.min
  }

  override resume(child: FrameState): FrameState | undefined {
    const { phase, count, used } = this.#place
    if (phase !== 'in-key') return this
    if (child instanceof DeclaredKeyFrame) {
      const key = this.#shape.keys[child.index]
      if (key === undefined) return undefined
      return this.#move({ phase: 'colon', from: child.index + 1, count: this.#counted(count), rule: key.rule })
    }
    if (!(child instanceof ExtraKeyFrame)) return undefined
    return this.#afterExtra(child.label, used.with(child.text, this.#table.nextId()), false)
  }

  /** How it goes on after a key of that label that is not known yet. What that allows is allowed whatever the key is. */
  resumeUnknown(label: number): FrameState | undefined {
    return this.#afterExtra(label, this.#place.used, true)
  }

  protected step(byte: number): FrameState | undefined {
    const { phase, count, space, from } = this.#place
    switch (phase) {
      case 'before':
        return byte === open ? this.#move({ phase: 'first' }) : undefined
      case 'in-key':
      case 'end':
        return undefined
      case 'colon':
        return byte === colon ? this.#move({ phase: 'value' }) : undefined
      case 'first':
      case 'key':
      case 'value':
      case 'after': {
        const closes = (phase === 'first' || phase === 'after') && this.#requiredFrom(from) === 0
        const mayClose = closes && count >= this.#shape.min
        const more = afterSpace(space, byte)
        if (more !== -1) return this.#afterSpace(phase, more, mayClose)
        if (byte === close && mayClose) return this.#move({ phase: 'end' })
        if (byte === quote && (phase === 'first' || phase === 'key') && this.#another()) {
          return this.#move({ phase: 'in-key' })
        }
        const goesOn = byte === comma && phase === 'after' && space === noSpace && this.#another()
        return goesOn ? this.#move({ phase: 'key' }) : undefined
      }
      default:
        return phase satisfies never
    }
  }

  /** After a value only the closing brace follows white space. */
  #afterSpace(phase: Phase, space: number, mayClose: boolean): FrameState | undefined {
    return phase === 'after' && !mayClose ? undefined : this.#move({ phase, space, rule: this.#place.rule })
  }

  #makeCall(): Call | undefined {
    const { phase, rule } = this.#place
    if (phase === 'in-key') return { starts: () => this.#keyStarts(), after: this, only: true }
    if (phase !== 'value') return undefined
    return { starts: () => this.#table.starts(rule), after: this.#move({ phase: 'after', rule: noRule }), only: false }
  }

  #keyStarts(): readonly FrameState[] {
    const starts: FrameState[] = []
    if (this.#anyDeclared()) starts.push(DeclaredKeyFrame.at(this.#table, this, this.trie.start))
    const { extra } = this.#shape
    if (extra !== undefined && this.#extraPossible()) {
      starts.push(ExtraKeyFrame.at(this.#table, this, extra, extra.names.start, ''))
    }
    return starts
  }

  #afterExtra(label: number, used: UsedKeys, sealed: boolean): FrameState | undefined {
    const rule = this.#shape.extra?.rules.get(label)
    if (rule === undefined) return undefined
    const count = this.#counted(this.#place.count)
    return this.#move({ phase: 'colon', from: this.#shape.keys.length, count, used, sealed, rule })
  }

  #another(): boolean {
    return this.#anyDeclared() || this.#extraPossible()
  }

  #anyDeclared(): boolean {
    const last = Math.min(this.#nextRequired(), this.#shape.keys.length - 1)
    for (let index = this.#place.from; index <= last; index++) if (this.permits(index)) return true
    return false
  }

  #extraPossible(): boolean {
    const { from, count, sealed } = this.#place
    if (sealed || this.#shape.extra === undefined || this.#requiredFrom(from) > 0 || count >= this.#shape.max)
      return false
    const left = this.#extrasLeft()
    return left > 0 && count + left >= this.#shape.min
  }

  #extrasLeft(): number {
    const { extra } = this.#shape
    if (extra === undefined) return 0
    return (extra.counts?.[extra.names.start] ?? Number.POSITIVE_INFINITY) - extra.taken - this.#place.used.size
  }

  #nextRequired(): number {
    return this.#shape.nextRequired[this.#place.from] ?? this.#shape.keys.length
  }

  #requiredFrom(index: number): number {
    return this.#shape.requiredFrom[index] ?? 0
  }

  /** Most keys that can come from declared key `index` on. */
  #mostFrom(index: number): number {
    return this.#shape.keys.length - index + Math.max(0, this.#extrasLeft())
  }

  #counted(count: number): number {
    const { min, max } = this.#shape
    return Math.min(count + 1, max === Number.POSITIVE_INFINITY ? min : max)
  }

  #move(change: Partial<Place>): ObjectFrame {
    return ObjectFrame.#at(this.#table, this.#index, this.#shape, { ...this.#place, space: noSpace, ...change })
  }
}
