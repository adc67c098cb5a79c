import { TextError } from '../errors.ts'
import { hashPair, tableSize } from './byte-hash.ts'
import { maxMerges, maxTokenLength } from './limits.ts'
import type { Vocabulary } from './vocabulary.ts'

const absent = -1

/** Merge rules in their order of priority: pair of token ids → rank → merged token id, in typed arrays. */
export class MergeTable {
  readonly #left: Int32Array
  readonly #right: Int32Array
  readonly #merged: Int32Array
  readonly #slots: Int32Array

  /**
   * @param merges `count` rules in order of priority, each the spelled halves.
   * @throws TextError `tokenizer-malformed` when a rule names a token that is not in the vocabulary
   */
  constructor(vocabulary: Vocabulary, count: number, merges: Iterable<readonly [string, string]>) {
    if (count > maxMerges) {
      throw new TextError('tokenizer-limit-exceeded', `The tokenizer has ${count} merges; ${maxMerges} is the most.`)
    }
    this.#left = new Int32Array(count)
    this.#right = new Int32Array(count)
    this.#merged = new Int32Array(count)
    this.#slots = new Int32Array(tableSize(count)).fill(absent)
    const halves = new Uint8Array(maxTokenLength * 2)
    const half = halves.subarray(0, maxTokenLength)
    let rank = 0
    for (const [left, right] of merges) {
      const leftId = vocabulary.findSpelled(left, half)
      const rightId = vocabulary.findSpelled(right, half)
      if (leftId === absent || rightId === absent) throw outsideVocabulary(rank, left, right)
      const leftBytes = vocabulary.bytes(leftId)
      const rightBytes = vocabulary.bytes(rightId)
      halves.set(leftBytes)
      halves.set(rightBytes, leftBytes.length)
      const merged = vocabulary.find(halves, 0, leftBytes.length + rightBytes.length)
      if (merged === absent) throw outsideVocabulary(rank, left, right)
      this.#left[rank] = leftId
      this.#right[rank] = rightId
      this.#merged[rank] = merged
      this.#slots[this.#slot(leftId, rightId)] = rank++
    }
  }

  /** Priority of merging the two tokens (lower goes first), or -1 when no rule joins them. */
  rank(left: number, right: number): number {
    return this.#slots[this.#slot(left, right)] ?? absent
  }

  merged(rank: number): number {
    return this.#merged[rank] ?? absent
  }

  #slot(left: number, right: number): number {
    const mask = this.#slots.length - 1
    let slot = hashPair(left, right) & mask
    for (let rank = this.#slots[slot] ?? absent; rank !== absent; rank = this.#slots[slot] ?? absent) {
      if (this.#left[rank] === left && this.#right[rank] === right) break
      slot = (slot + 1) & mask
    }
    return slot
  }
}

function outsideVocabulary(rank: number, left: string, right: string): TextError {
  return new TextError(
    'tokenizer-malformed',
    `Merge ${rank} joins ${JSON.stringify(left)} and ${JSON.stringify(right)}, but the vocabulary lacks a half or their whole: re-export the model.`,
    { rank },
  )
}
