import { TextError } from '../errors.ts'
import type { JsonGrammar } from './grammar.ts'
import { type Configuration, Machine } from './machine.ts'
import { MaskBuilder } from './mask-builder.ts'
import type { TokenTrie } from './token-trie.ts'

/** Holds one answer to a grammar, token by token. The shape of an engine's constraint on tokens. */
export interface JsonConstraint {
  /**
   * Bit `i % 32` of word `i >> 5` is set for token `i` that may come next; end tokens exactly where the text is a complete value.
   * Never all zero. The array is the same each time.
   */
  allowed(): Uint32Array
  /** Always 0: every token depends on those before it. */
  free(): number
  /** @throws TextError `token-not-allowed` for a token that `allowed()` does not have; the state is then as before. */
  accept(token: number): void
  /** An end token was accepted. */
  readonly done: boolean
}

interface Reader {
  readonly machine: Machine
  readonly builder: MaskBuilder
}

/** What was learnt about a grammar with a tokenizer is kept as long as both are. */
const readers = new WeakMap<JsonGrammar, WeakMap<TokenTrie, Reader>>()

/**
 * @param endTokens that end an answer, at least one.
 * @throws TextError `token-out-of-range`
 */
export function createJsonConstraint(
  grammar: JsonGrammar,
  trie: TokenTrie,
  endTokens: readonly number[],
): JsonConstraint {
  const outside = endTokens.find((token) => !(Number.isInteger(token) && token >= 0 && token < trie.vocabularySize))
  if (outside !== undefined || endTokens.length === 0) {
    throw new TextError(
      'token-out-of-range',
      `End tokens must be at least one of the vocabulary's ${trie.vocabularySize}: ${endTokens.join(', ')}.`,
      { endTokens: [...endTokens] },
    )
  }
  return new Constraint(readerOf(grammar, trie), trie, endTokens)
}

function readerOf(grammar: JsonGrammar, trie: TokenTrie): Reader {
  const byTrie = readers.get(grammar) ?? new WeakMap<TokenTrie, Reader>()
  readers.set(grammar, byTrie)
  const known = byTrie.get(trie)
  if (known !== undefined) return known
  const machine = new Machine(grammar, trie.longestToken)
  const reader = { machine, builder: new MaskBuilder(machine, trie) }
  byTrie.set(trie, reader)
  return reader
}

class Constraint implements JsonConstraint {
  readonly #reader: Reader
  readonly #trie: TokenTrie
  readonly #endTokens: ReadonlySet<number>
  readonly #mask: Uint32Array
  #at: Configuration
  #done = false

  constructor(reader: Reader, trie: TokenTrie, endTokens: readonly number[]) {
    this.#reader = reader
    this.#trie = trie
    this.#endTokens = new Set(endTokens)
    this.#mask = new Uint32Array((trie.vocabularySize + 31) >> 5)
    this.#at = reader.machine.begin()
  }

  get done(): boolean {
    return this.#done
  }

  allowed(): Uint32Array {
    const { machine, builder } = this.#reader
    if (machine.full) {
      machine.forget()
      builder.forget()
    }
    if (this.#done) this.#mask.fill(0)
    else this.#mask.set(builder.mask(this.#at))
    for (const token of this.#endTokens) {
      const bit = 1 << (token & 31)
      const word = this.#mask[token >> 5] ?? 0
      this.#mask[token >> 5] = this.#done || this.#at.complete ? word | bit : word & ~bit
    }
    return this.#mask
  }

  free(): number {
    return 0
  }

  accept(token: number): void {
    if (this.#endTokens.has(token)) {
      if (!this.#done && !this.#at.complete) throw notAllowed(token)
      this.#done = true
      return
    }
    const bytes = this.#done ? new Uint8Array() : this.#trie.bytesOf(token)
    let at: Configuration | null = bytes.length === 0 ? null : this.#at
    for (const byte of bytes) at = at === null ? null : this.#reader.machine.step(at, byte)
    if (at === null) throw notAllowed(token)
    this.#at = at
  }
}

function notAllowed(token: number): TextError {
  return new TextError('token-not-allowed', `Token ${token} cannot come next: take one that allowed() has.`, { token })
}
