import { dead } from './byte-automaton.ts'
import { FrameState, InternedStates, type StateTable } from './frame-state.ts'
import type { ExtraKeys } from './grammar.ts'
import type { LiteralAutomaton } from './literal-automaton.ts'
import { RegularFrame } from './scalar-frames.ts'

const quote = 0x22

/** Keys of one object that have been written beyond those it declares. */
export class UsedKeys {
  readonly id: number
  readonly size: number
  readonly #earlier: UsedKeys | undefined
  readonly #text: string
  readonly #later = new Map<string, UsedKeys>()

  constructor(id: number, earlier?: UsedKeys, text = '') {
    this.id = id
    this.size = earlier === undefined ? 0 : earlier.size + 1
    this.#earlier = earlier
    this.#text = text
  }

  with(text: string, id: number): UsedKeys {
    const known = this.#later.get(text)
    if (known !== undefined) return known
    const made = new UsedKeys(id, this, text)
    this.#later.set(text, made)
    return made
  }

  *[Symbol.iterator](): Iterable<string> & Iterator<string> {
    for (let at: UsedKeys = this; at.#earlier !== undefined; at = at.#earlier) yield at.#text
  }
}

/** A key that the object declares, after its opening quote. */
export class DeclaredKeyFrame extends FrameState {
  static readonly #made = new InternedStates<DeclaredKeyFrame>()
  readonly final: boolean
  readonly leaf: boolean
  /** Of the key, once it is complete; otherwise -1. */
  readonly index: number
  readonly #owner: KeyOwner
  readonly #node: number
  readonly #table: StateTable

  private constructor(id: number, owner: KeyOwner, node: number, table: StateTable) {
    super(id)
    this.#owner = owner
    this.#node = node
    this.#table = table
    this.index = owner.trie.endingAt(node)
    this.final = this.index !== -1
    this.leaf = this.final
  }

  static at(table: StateTable, owner: KeyOwner, node: number): DeclaredKeyFrame {
    return DeclaredKeyFrame.#made.get(
      table,
      `${owner.id}:${node}`,
      (id) => new DeclaredKeyFrame(id, owner, node, table),
    )
  }

  protected step(byte: number): FrameState | undefined {
    const { trie } = this.#owner
    const node = trie.next(this.#node, byte)
    const leads = node !== dead && trie.leadsTo(node, (index) => this.#owner.permits(index))
    return leads ? DeclaredKeyFrame.at(this.#table, this.#owner, node) : undefined
  }
}

/** Where an object waits for a key. */
export interface KeyOwner {
  readonly id: number
  readonly trie: LiteralAutomaton
  readonly used: UsedKeys
  permits(index: number): boolean
}

/** A key beyond those that the object declares, after its opening quote. */
export class ExtraKeyFrame extends FrameState {
  static readonly #made = new InternedStates<ExtraKeyFrame>()
  readonly final: boolean
  readonly leaf: boolean
  /** So far, as it is spelled. */
  readonly text: string
  readonly #owner: KeyOwner
  readonly #extra: ExtraKeys
  readonly #state: number
  readonly #table: StateTable

  private constructor(id: number, owner: KeyOwner, extra: ExtraKeys, state: number, text: string, table: StateTable) {
    super(id)
    this.#owner = owner
    this.#extra = extra
    this.#state = state
    this.text = text
    this.#table = table
    this.final = extra.names.accepts(state)
    this.leaf = this.final
  }

  static at(table: StateTable, owner: KeyOwner, extra: ExtraKeys, state: number, text: string): ExtraKeyFrame {
    return ExtraKeyFrame.#made.get(
      table,
      `${owner.used.id}:${owner.id}:${state}:${text}`,
      (id) => new ExtraKeyFrame(id, owner, extra, state, text, table),
    )
  }

  get label(): number {
    return this.#extra.names.labels[this.#state] ?? 0
  }

  /** The label that the key has once `bytes`, up to its closing quote, are written too. */
  labelAfter(bytes: Uint8Array): number {
    let state = this.#state
    for (const byte of bytes) state = this.#extra.names.next(state, byte)
    return this.#extra.names.labels[state] ?? 0
  }

  protected step(byte: number): FrameState | undefined {
    const state = this.#extra.names.next(this.#state, byte)
    if (state === dead) return undefined
    const closes = this.#extra.names.accepts(state)
    const text = closes ? this.text : this.text + String.fromCharCode(byte)
    const possible = closes ? !this.mustNotBe(text) : this.canEnd(state, text)
    return possible ? ExtraKeyFrame.at(this.#table, this.#owner, this.#extra, state, text) : undefined
  }

  mustNotBe(text: string): boolean {
    if (this.#extra.blocked.has(text)) return true
    for (const used of this.#owner.used) if (used === text) return true
    return false
  }

  /** Whether more names begin with `text` than are taken. Always so where names are without end. */
  canEnd(state: number, text: string): boolean {
    const { counts } = this.#extra
    return counts === undefined || (counts[state] ?? 0) > this.#taken(text)
  }

  /** Texts after which no name is left, each with what a token must not begin with from here. */
  *deadEnds(): Iterable<Uint8Array> {
    if (this.#extra.counts === undefined) return
    for (const name of [...this.#extra.blocked, ...this.#owner.used]) {
      if (!name.startsWith(this.text)) continue
      let state = this.#state
      for (let end = this.text.length; end < name.length; end++) {
        state = this.#extra.names.next(state, name.charCodeAt(end))
        if (state === dead) break
        if (this.canEnd(state, name.slice(0, end + 1))) continue
        yield Uint8Array.from(name.slice(this.text.length, end + 1), (character) => character.charCodeAt(0))
        break
      }
    }
  }

  override local(): FrameState {
    return RegularFrame.of(this.#table, this.#extra.names, this.#state)
  }

  #taken(text: string): number {
    let count = 0
    for (const name of this.#extra.blocked) if (name.startsWith(text) && this.#isName(name)) count++
    for (const name of this.#owner.used) if (name.startsWith(text)) count++
    return count
  }

  #isName(name: string): boolean {
    const { names } = this.#extra
    let state = names.start
    for (let at = 0; at < name.length && state !== dead; at++) state = names.next(state, name.charCodeAt(at))
    return state !== dead && names.next(state, quote) !== dead
  }
}
