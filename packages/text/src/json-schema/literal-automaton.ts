import { type ByteAutomaton, dead } from './byte-automaton.ts'

const none = -1

/** Any of a set of texts, as a trie in typed arrays: 10 bytes a byte of text, so that enums may be large. */
export class LiteralAutomaton implements ByteAutomaton {
  readonly start = 0
  readonly #bytes: Uint8Array
  readonly #child: Int32Array
  readonly #sibling: Int32Array
  /** Index of the text that ends here, or -1. */
  readonly #ending: Int32Array

  constructor(texts: readonly string[]) {
    const encoder = new TextEncoder()
    const encoded = texts.map((text) => encoder.encode(text))
    const capacity = encoded.reduce((total, bytes) => total + bytes.length, 1)
    this.#bytes = new Uint8Array(capacity)
    this.#child = new Int32Array(capacity).fill(none)
    this.#sibling = new Int32Array(capacity).fill(none)
    this.#ending = new Int32Array(capacity).fill(none)
    let size = 1
    for (const [index, bytes] of encoded.entries()) {
      let node = 0
      for (const byte of bytes) {
        let next = this.next(node, byte)
        if (next === dead) {
          next = size++
          this.#bytes[next] = byte
          this.#sibling[next] = this.#child[node] ?? none
          this.#child[node] = next
        }
        node = next
      }
      this.#ending[node] = index
    }
  }

  next(state: number, byte: number): number {
    let node = this.#child[state] ?? none
    while (node !== none && this.#bytes[node] !== byte) node = this.#sibling[node] ?? none
    return node === none ? dead : node
  }

  accepts(state: number): boolean {
    return this.endingAt(state) !== none
  }

  ends(state: number): boolean {
    return this.#child[state] === none
  }

  endingAt(state: number): number {
    return this.#ending[state] ?? none
  }

  /** Whether some text from here on satisfies `test`, which gets its index. */
  leadsTo(state: number, test: (index: number) => boolean): boolean {
    const waiting = [state]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const ending = this.endingAt(node)
      if (ending !== none && test(ending)) return true
      for (let child = this.#child[node] ?? none; child !== none; child = this.#sibling[child] ?? none) {
        waiting.push(child)
      }
    }
    return false
  }
}
