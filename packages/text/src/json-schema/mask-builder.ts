import type { FrameState } from './frame-state.ts'
import { DeclaredKeyFrame, ExtraKeyFrame } from './key-frames.ts'
import { maskCacheBytes } from './limits.ts'
import type { Configuration, Machine, Stack } from './machine.ts'
import { ObjectFrame } from './object-frame.ts'
import { TextFrame } from './scalar-frames.ts'
import { TextTokens } from './text-tokens.ts'
import type { TokenTrie } from './token-trie.ts'

/** What tokens do that begin in one state of a frame, whatever is around it. */
interface LocalTokens {
  /** That stay within the frame: a mask, or where they are few a list. */
  readonly staying: { readonly mask: Uint32Array } | { readonly list: Uint32Array }
  /** Nodes of the trie at which the frame may be complete. */
  readonly exits: Uint32Array
}

const root = 0

/**
 * Which tokens may come next. A walk over the trie is made once for each state of a frame; where a token leaves its frame
 * (a few thousand hold a quotation mark), only the rest of it is tried in the frames around. The idea is XGrammar's (Dong and
 * others, 2024: "context-independent tokens").
 */
export class MaskBuilder {
  readonly #machine: Machine
  readonly #trie: TokenTrie
  readonly #locals = new Map<number, LocalTokens>()
  readonly #masks = new Map<number, Uint32Array>()
  /** By state of `freeText()`: few, and the same for every length. */
  readonly #texts = new Map<number, TextTokens>()
  readonly #path: (Configuration | null)[] = []
  #cachedBytes = 0

  constructor(machine: Machine, trie: TokenTrie) {
    this.#machine = machine
    this.#trie = trie
  }

  /** Bit `i % 32` of word `i >> 5` is token `i`; not to be written to. End tokens are not among them. */
  mask(configuration: Configuration): Uint32Array {
    const known = this.#masks.get(configuration.id)
    if (known !== undefined) return known
    const mask = this.#emptyMask()
    for (const thread of configuration.threads) this.#addThread(thread, mask)
    this.#spend(mask.byteLength)
    this.#masks.set(configuration.id, mask)
    return mask
  }

  forget(): void {
    this.#locals.clear()
    this.#masks.clear()
    this.#cachedBytes = 0
  }

  #addThread(thread: Stack, mask: Uint32Array): void {
    const { staying, exits } = this.#local(thread.state.local())
    const shut = this.#shutRanges(thread.state)
    if ('mask' in staying) or(mask, staying.mask)
    else for (const token of staying.list) setBit(mask, token)
    const open =
      shut.length === 0 ? exits : exits.filter((exit) => !shut.some(([from, to]) => exit >= from && exit < to))
    for (const [from, to] of shut) this.#clearTokens(from, to, mask)
    if (thread.parent === undefined) for (const exit of open) this.#addTokensAt(exit, mask)
    else this.#addExits(thread, thread.parent, open, mask)
  }

  #addExits({ state }: Stack, parent: Stack, exits: Uint32Array, mask: Uint32Array): void {
    const resumed = new Map<FrameState, Configuration>()
    for (const exit of exits) {
      const next =
        state instanceof ExtraKeyFrame ? this.#afterKey(state, parent, exit) : this.#after(state, parent, exit)
      if (next === undefined) continue
      let begin = resumed.get(next)
      if (begin === undefined) {
        begin = this.#machine.configuration([this.#machine.stack(next, parent.parent)], false)
        resumed.set(next, begin)
      }
      this.#addTokensAt(exit, mask)
      this.#walk(
        exit,
        begin,
        (token) => setBit(mask, token),
        (node) => this.#addTokensAt(node, mask),
      )
    }
  }

  /** Only keys must be read again: others resume alike however they end. */
  #after(state: FrameState, parent: Stack, exit: number): FrameState | undefined {
    if (!(state instanceof DeclaredKeyFrame)) return parent.state.resume(state)
    let child: FrameState | undefined = state
    for (const byte of this.#bytesTo(exit)) child = child?.next(byte)
    return parent.state.resume(child ?? state)
  }

  #afterKey(key: ExtraKeyFrame, parent: Stack, exit: number): FrameState | undefined {
    const bytes = this.#bytesTo(exit)
    const text = key.text + String.fromCharCode(...bytes.subarray(0, -1))
    if (key.mustNotBe(text) || !(parent.state instanceof ObjectFrame)) return undefined
    return parent.state.resumeUnknown(key.labelAfter(bytes))
  }

  /** Parts of the trie in which a key would become one that must not be. */
  #shutRanges(state: FrameState): (readonly [from: number, to: number])[] {
    const ranges: (readonly [number, number])[] = []
    if (!(state instanceof ExtraKeyFrame)) return ranges
    for (const bytes of state.deadEnds()) {
      const node = this.#find(bytes)
      if (node !== undefined) ranges.push([node, this.#trie.ends[node] ?? node])
    }
    return ranges
  }

  #local(state: FrameState): LocalTokens {
    const known = this.#locals.get(state.id)
    if (known !== undefined) return known
    const local = state instanceof TextFrame ? this.#textLocal(state) : this.#walkLocal(state)
    this.#spend(('mask' in local.staying ? local.staying.mask : local.staying.list).byteLength + local.exits.byteLength)
    this.#locals.set(state.id, local)
    return local
  }

  #textLocal({ state, need, room }: TextFrame): LocalTokens {
    let tokens = this.#texts.get(state)
    if (tokens === undefined) {
      tokens = new TextTokens(this.#trie, state)
      this.#texts.set(state, tokens)
    }
    const mask = this.#emptyMask()
    tokens.addStaying(room, mask)
    return { staying: { mask }, exits: tokens.exits(need, room) }
  }

  #walkLocal(state: FrameState): LocalTokens {
    const machine = this.#machine
    const begin = machine.configuration([machine.stack(state, undefined)], false)
    const mask = this.#emptyMask()
    const exits: number[] = begin.complete ? [root] : []
    let count = 0
    this.#walk(
      root,
      begin,
      (token) => {
        setBit(mask, token)
        count++
      },
      (node) => exits.push(node),
    )
    const staying = count < mask.length ? { list: listOf(mask, count) } : { mask }
    return { staying, exits: Uint32Array.from(exits) }
  }

  /** Every token below `node` that can be read from `begin`, and every node at which the outermost frame may be complete. */
  #walk(node: number, begin: Configuration, found: (token: number) => void, exit?: (node: number) => void): void {
    const { bytes, ends, depths, tokens, sameAs } = this.#trie
    const machine = this.#machine
    const path = this.#path
    const end = ends[node] ?? 0
    path[depths[node] ?? 0] = begin
    for (let at = node + 1; at < end; ) {
      const depth = depths[at] ?? 0
      const before = path[depth - 1]
      const after = before ? machine.step(before, bytes[at] ?? 0) : null
      if (after === null) {
        at = ends[at] ?? end
        continue
      }
      path[depth] = after
      if (after.threads.length > 0)
        for (let token = tokens[at] ?? -1; token >= 0; token = sameAs[token] ?? -1) found(token)
      if (after.complete) exit?.(at)
      at = after.threads.length > 0 ? at + 1 : (ends[at] ?? end)
    }
  }

  #addTokensAt(node: number, mask: Uint32Array): void {
    const { tokens, sameAs } = this.#trie
    for (let token = tokens[node] ?? -1; token >= 0; token = sameAs[token] ?? -1) setBit(mask, token)
  }

  #clearTokens(from: number, to: number, mask: Uint32Array): void {
    const { tokens, sameAs } = this.#trie
    for (let node = from; node < to; node++) {
      for (let token = tokens[node] ?? -1; token >= 0; token = sameAs[token] ?? -1) {
        mask[token >> 5] = (mask[token >> 5] ?? 0) & ~(1 << (token & 31))
      }
    }
  }

  #bytesTo(node: number): Uint8Array {
    const { bytes, depths, parents } = this.#trie
    const path = new Uint8Array(depths[node] ?? 0)
    for (let at = node, index = path.length - 1; index >= 0; at = parents[at] ?? 0) path[index--] = bytes[at] ?? 0
    return path
  }

  #find(path: Uint8Array): number | undefined {
    const { bytes, ends } = this.#trie
    let node = root
    for (const byte of path) {
      const end = ends[node] ?? 0
      let child = node + 1
      while (child < end && bytes[child] !== byte) child = ends[child] ?? end
      if (child >= end) return undefined
      node = child
    }
    return node
  }

  #emptyMask(): Uint32Array {
    return new Uint32Array((this.#trie.vocabularySize + 31) >> 5)
  }

  #spend(bytes: number): void {
    if (this.#cachedBytes + bytes > maskCacheBytes) this.forget()
    this.#cachedBytes += bytes
  }
}

function setBit(mask: Uint32Array, token: number): void {
  mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31))
}

function or(target: Uint32Array, source: Uint32Array): void {
  for (let word = 0; word < target.length; word++) target[word] = (target[word] ?? 0) | (source[word] ?? 0)
}

function listOf(mask: Uint32Array, count: number): Uint32Array {
  const list = new Uint32Array(count)
  let size = 0
  for (let word = 0; word < mask.length; word++) {
    for (let bits = mask[word] ?? 0; bits !== 0; bits &= bits - 1) {
      list[size++] = word * 32 + 31 - Math.clz32(bits & -bits)
    }
  }
  return list
}
