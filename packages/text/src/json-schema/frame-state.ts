import type { RuleIndex } from './grammar.ts'

/** A value (or key) that may begin: once it is complete, `after` goes on. */
export interface Call {
  starts(): readonly FrameState[]
  readonly after: FrameState
  /** The frame reads nothing itself before that. */
  readonly only: boolean
}

/** Where one value (or one key) stands, without those around it. From every state the value can be completed. */
export abstract class FrameState {
  readonly id: number
  readonly call: Call | undefined = undefined
  /** The value may be complete here. */
  abstract readonly final: boolean
  /** Nothing may follow within this frame. */
  abstract readonly leaf: boolean
  readonly #next: (FrameState | undefined)[] = []

  constructor(id: number) {
    this.id = id
  }

  /** The state after a byte of this frame. */
  next(byte: number): FrameState | undefined {
    if (!(byte in this.#next)) this.#next[byte] = this.step(byte)
    return this.#next[byte]
  }

  protected abstract step(byte: number): FrameState | undefined

  /** The state with which this frame goes on when `child`, called from here, is complete; undefined: it must not be so. */
  resume(_child: FrameState): FrameState | undefined {
    return this
  }

  /** A state from which the same tokens stay within this frame, the same for as many states as possible. */
  local(): FrameState {
    return this
  }
}

/** What the states of one reader of a grammar share. */
export interface StateTable {
  /** No token has more bytes. */
  readonly longestToken: number
  /** Another object each time that all states made so far are forgotten. */
  readonly generation: object
  /** Never given before. */
  nextId(): number
  /** The same for the same automaton or shape. */
  numberOf(thing: object): number
  starts(rule: RuleIndex): readonly FrameState[]
}

/** Makes each state once, so that the work done for it is kept. */
export class InternedStates<State> {
  readonly #byGeneration = new WeakMap<object, Map<string, State>>()

  get(table: StateTable, key: string, make: (id: number) => State): State {
    let states = this.#byGeneration.get(table.generation)
    if (states === undefined) {
      states = new Map()
      this.#byGeneration.set(table.generation, states)
    }
    let state = states.get(key)
    if (state === undefined) {
      state = make(table.nextId())
      states.set(key, state)
    }
    return state
  }
}
