import { TextError } from '../errors.ts'
import { writeSpelledBytes } from './byte-alphabet.ts'
import { hashBytes, tableSize } from './byte-hash.ts'
import { maxTokenLength, maxVocabularyBytes, maxVocabularySize } from './limits.ts'

const bytesPerCodeUnit = 3
const absent = -1

/**
 * Token id ↔ bytes in three typed arrays: all tokens' bytes end to end, their ends, and an open-addressing table from
 * bytes to id. A vocabulary of 152,000 takes about 4 MB, against some 30 MB as a Map of strings.
 */
export class Vocabulary {
  readonly size: number
  readonly #bytes: Uint8Array
  readonly #ends: Uint32Array
  readonly #slots: Int32Array
  /** Tokens with characters outside the byte alphabet; only added tokens have any. */
  readonly #plain = new Map<string, number>()

  /**
   * @param tokens spelled tokens by id, each in GPT-2's byte alphabet or plain text; `undefined` leaves an id unused.
   * @throws TextError `tokenizer-malformed`, `tokenizer-limit-exceeded`
   */
  constructor(tokens: readonly (string | undefined)[]) {
    this.size = tokens.length
    if (tokens.length === 0) throw new TextError('tokenizer-malformed', 'The vocabulary is empty: re-export the model.')
    if (tokens.length > maxVocabularySize) throw tooMany(tokens.length)
    this.#bytes = new Uint8Array(measure(tokens))
    this.#ends = new Uint32Array(tokens.length)
    this.#slots = new Int32Array(tableSize(tokens.length)).fill(absent)
    const encoder = new TextEncoder()
    let offset = 0
    for (let id = 0; id < tokens.length; id++) {
      const token = tokens[id]
      if (token !== undefined && token !== '') {
        const written = writeSpelledBytes(token, this.#bytes, offset)
        const plain = written === absent
        const end = offset + (plain ? encoder.encodeInto(token, this.#bytes.subarray(offset)).written : written)
        if (plain) this.#rememberPlain(token, id)
        else this.#remember(token, id, offset, end)
        offset = end
      }
      this.#ends[id] = offset
    }
    this.#bytes = this.#bytes.slice(0, offset)
  }

  /** The token's bytes, a view that must not be written to; empty for an unused id. */
  bytes(id: number): Uint8Array {
    if (!Number.isInteger(id) || id < 0 || id >= this.size) {
      throw new TextError('token-out-of-range', `Token ${id} is not in the vocabulary of ${this.size} tokens.`, { id })
    }
    return this.#bytes.subarray(id === 0 ? 0 : this.#ends[id - 1], this.#ends[id])
  }

  /** Id of the token made of these bytes, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hashBytes(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] ?? absent
      if (id === absent || this.#equals(id, bytes, start, end)) return id
    }
  }

  /** Id of a token as the file spells it (byte alphabet or plain text), or -1. */
  findSpelled(spelled: string, scratch: Uint8Array): number {
    if (spelled.length > scratch.length) return absent
    const written = writeSpelledBytes(spelled, scratch, 0)
    return written === absent ? (this.#plain.get(spelled) ?? absent) : this.find(scratch, 0, written)
  }

  #rememberPlain(token: string, id: number): void {
    if (this.#plain.has(token)) throw duplicate(token, id)
    this.#plain.set(token, id)
  }

  #remember(token: string, id: number, start: number, end: number): void {
    const mask = this.#slots.length - 1
    let slot = hashBytes(this.#bytes, start, end) & mask
    for (let other = this.#slots[slot] ?? absent; other !== absent; other = this.#slots[slot] ?? absent) {
      if (this.#equals(other, this.#bytes, start, end)) throw duplicate(token, id)
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = id
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = id === 0 ? 0 : (this.#ends[id - 1] ?? 0)
    if ((this.#ends[id] ?? 0) - from !== end - start) return false
    for (let index = start; index < end; index++) {
      if (bytes[index] !== this.#bytes[from + index - start]) return false
    }
    return true
  }
}

/** Upper bound of the bytes all tokens need, with every length checked. */
function measure(tokens: readonly (string | undefined)[]): number {
  let total = 0
  for (let id = 0; id < tokens.length; id++) {
    const length = tokens[id]?.length ?? 0
    if (length > maxTokenLength) {
      throw new TextError(
        'tokenizer-limit-exceeded',
        `Token ${id} is ${length} characters long; ${maxTokenLength} is the most.`,
      )
    }
    total += length * bytesPerCodeUnit
  }
  if (total > maxVocabularyBytes) {
    throw new TextError(
      'tokenizer-limit-exceeded',
      `The vocabulary may need ${total} bytes; ${maxVocabularyBytes} is the most.`,
    )
  }
  return total
}

function tooMany(count: number): TextError {
  return new TextError(
    'tokenizer-limit-exceeded',
    `The vocabulary has ${count} tokens; ${maxVocabularySize} is the most.`,
  )
}

function duplicate(token: string, id: number): TextError {
  return new TextError('tokenizer-malformed', `Token ${id} repeats ${JSON.stringify(token)}: re-export the model.`, {
    id,
  })
}
