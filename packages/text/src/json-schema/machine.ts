import { ArrayFrame } from './array-frame.ts'
import type { FrameState, StateTable } from './frame-state.ts'
import { freeText } from './free-text.ts'
import type { JsonGrammar, RuleIndex, Shape } from './grammar.ts'
import { maxCachedStates, maxThreads } from './limits.ts'
import { ObjectFrame } from './object-frame.ts'
import { NumberFrame, RegularFrame, TextFrame } from './scalar-frames.ts'

/** Frames in one another, the innermost first. Equal stacks are the same object. */
export interface Stack {
  readonly id: number
  readonly state: FrameState
  readonly parent: Stack | undefined
}

/** All ways to read the text so far. */
export interface Configuration {
  readonly id: number
  readonly threads: readonly Stack[]
  /** The outermost frame may be complete. */
  readonly complete: boolean
  /** By byte; undefined where not yet known, null where nothing can be read. */
  readonly next: (Configuration | null | undefined)[]
}

/**
 * Reads JSON byte by byte along a grammar: a pushdown automaton whose stacks, and sets of stacks, are made once and keep
 * their transitions. Every thread can be completed, so any may be dropped.
 */
export class Machine implements StateTable {
  readonly longestToken: number
  readonly #grammar: JsonGrammar
  readonly #starts = new Map<RuleIndex, readonly FrameState[]>()
  readonly #stacks = new Map<string, Stack>()
  readonly #configurations = new Map<string, Configuration>()
  readonly #numbers = new WeakMap<object, number>()
  #generation: object = {}
  #lastId = 0
  #made = 0

  constructor(grammar: JsonGrammar, longestToken: number) {
    this.#grammar = grammar
    this.longestToken = longestToken
  }

  /** Too much is kept: forget all of it before the next token. */
  get full(): boolean {
    return this.#made > maxCachedStates
  }

  get generation(): object {
    return this.#generation
  }

  forget(): void {
    this.#generation = {}
    this.#made = 0
    this.#starts.clear()
    this.#stacks.clear()
    this.#configurations.clear()
  }

  begin(): Configuration {
    return this.configuration(
      this.starts(0).map((state) => this.stack(state, undefined)),
      false,
    )
  }

  step(from: Configuration, byte: number): Configuration | null {
    let next = from.next[byte]
    if (next === undefined) {
      next = this.#step(from, byte)
      from.next[byte] = next
    }
    return next
  }

  stack(state: FrameState, parent: Stack | undefined): Stack {
    const key = `${state.id},${parent?.id ?? 0}`
    let stack = this.#stacks.get(key)
    if (stack === undefined) {
      stack = { id: this.nextId(), state, parent }
      this.#stacks.set(key, stack)
    }
    return stack
  }

  configuration(threads: readonly Stack[], ended: boolean): Configuration {
    const kept = [...new Set(threads)].slice(0, maxThreads)
    const complete = ended || kept.some(({ state, parent }) => state.final && parent === undefined)
    const key = `${kept.map(({ id }) => id).join(',')}${complete ? '.' : ''}`
    let configuration = this.#configurations.get(key)
    if (configuration === undefined) {
      configuration = { id: this.nextId(), threads: kept, complete, next: [] }
      this.#configurations.set(key, configuration)
    }
    return configuration
  }

  nextId(): number {
    this.#made++
    return ++this.#lastId
  }

  numberOf(thing: object): number {
    const known = this.#numbers.get(thing)
    if (known !== undefined) return known
    const number = this.nextId()
    this.#numbers.set(thing, number)
    return number
  }

  starts(rule: RuleIndex): readonly FrameState[] {
    let starts = this.#starts.get(rule)
    if (starts === undefined) {
      starts = (this.#grammar.rules[rule] ?? []).map((shape) => this.#start(shape))
      this.#starts.set(rule, starts)
    }
    return starts
  }

  #start(shape: Shape): FrameState {
    const index = this.numberOf(shape)
    switch (shape.kind) {
      case 'regular':
        return RegularFrame.of(this, shape.automaton, shape.automaton.start)
      case 'text':
        return TextFrame.at(this, freeText().start, shape.min, shape.max)
      case 'number':
        return NumberFrame.at(this, index, shape, '')
      case 'array':
        return ArrayFrame.at(this, index, shape, 'before')
      case 'object':
        return ObjectFrame.start(this, index, shape)
      default:
        return shape satisfies never
    }
  }

  #step(from: Configuration, byte: number): Configuration | null {
    const threads: Stack[] = []
    let ended = false
    const reach = (state: FrameState, parent: Stack | undefined): void => {
      if (state.call?.only === true) {
        const caller = this.stack(state.call.after, parent)
        for (const start of state.call.starts()) threads.push(this.stack(start, caller))
      } else if (!(state.leaf && state.final)) {
        threads.push(this.stack(state, parent))
      } else if (parent === undefined) {
        ended = true
      } else {
        const resumed = parent.state.resume(state)
        if (resumed !== undefined) reach(resumed, parent.parent)
      }
    }
    const read = (state: FrameState, parent: Stack | undefined): void => {
      const next = state.next(byte)
      if (next !== undefined) reach(next, parent)
      if (state.final && parent !== undefined) {
        const resumed = parent.state.resume(state)
        if (resumed !== undefined) read(resumed, parent.parent)
      }
      if (state.call !== undefined) {
        const starts = state.call.starts()
        if (starts.length === 0) return
        const caller = this.stack(state.call.after, parent)
        for (const start of starts) read(start, caller)
      }
    }
    for (const { state, parent } of from.threads) read(state, parent)
    return threads.length === 0 && !ended ? null : this.configuration(threads, ended)
  }
}
