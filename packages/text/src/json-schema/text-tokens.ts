import { dead } from './byte-automaton.ts'
import { betweenCharacters, freeText } from './free-text.ts'
import type { TokenTrie } from './token-trie.ts'

/** Tokens that stay within a string, and places where one ends it, with the characters each begins: 1.5 MB at 150,000 tokens. */
export class TextTokens {
  readonly #tokens: Uint32Array
  readonly #lengths: Uint16Array
  readonly #exits: Uint32Array
  readonly #exitLengths: Uint16Array

  /** @param state of `freeText()` before the token */
  constructor(trie: TokenTrie, state: number) {
    const automaton = freeText()
    const { bytes, ends, depths, tokens, sameAs } = trie
    const states = [state]
    const lengths = [0]
    const found: number[] = []
    const foundLengths: number[] = []
    const exits: number[] = []
    const exitLengths: number[] = []
    for (let node = 1; node < bytes.length; ) {
      const depth = depths[node] ?? 0
      const before = states[depth - 1] ?? dead
      const after = automaton.next(before, bytes[node] ?? 0)
      const ended = after !== dead && automaton.accepts(after)
      const length = (lengths[depth - 1] ?? 0) + (before === betweenCharacters && !ended ? 1 : 0)
      if (ended) {
        exits.push(node)
        exitLengths.push(length)
      }
      if (ended || after === dead) {
        node = ends[node] ?? bytes.length
        continue
      }
      states[depth] = after
      lengths[depth] = length
      for (let token = tokens[node] ?? -1; token >= 0; token = sameAs[token] ?? -1) {
        found.push(token)
        foundLengths.push(length)
      }
      node++
    }
    this.#tokens = Uint32Array.from(found)
    this.#lengths = Uint16Array.from(foundLengths)
    this.#exits = Uint32Array.from(exits)
    this.#exitLengths = Uint16Array.from(exitLengths)
  }

  /** Sets the bits of tokens that begin at most `room` characters. */
  addStaying(room: number, mask: Uint32Array): void {
    for (let index = 0; index < this.#tokens.length; index++) {
      if ((this.#lengths[index] ?? 0) > room) continue
      const token = this.#tokens[index] ?? 0
      mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31))
    }
  }

  /** Nodes of the trie at which the string ends after `need` to `room` characters. */
  exits(need: number, room: number): Uint32Array {
    return this.#exits.filter((_, index) => {
      const length = this.#exitLengths[index] ?? 0
      return length >= need && length <= room
    })
  }
}
