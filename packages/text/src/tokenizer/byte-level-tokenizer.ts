import { TextError } from '../errors.ts'
import { type AddedToken, AddedTokenMatcher } from './added-tokens.ts'
import { maxTextLength, maxTokenLength } from './limits.ts'
import { mergePiece } from './merge-piece.ts'
import type { MergeTable } from './merge-table.ts'
import type { NormalizationForm } from './normalization.ts'
import { normalize } from './normalization.ts'
import { type PreTokenizerStep, splitText } from './pre-tokenizer.ts'
import type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer.ts'
import type { Vocabulary } from './vocabulary.ts'

const absent = -1
const byteCount = 256
const maxBytesPerCodeUnit = 3
const loneSurrogates = /\p{Surrogate}/gu

/** Everything a byte-level BPE tokenizer is made of, whatever file it came from. */
export interface ByteLevelParts {
  readonly vocabulary: Vocabulary
  readonly merges: MergeTable
  readonly addedTokens: readonly AddedToken[]
  readonly normalization: readonly NormalizationForm[]
  readonly preTokenizer: readonly PreTokenizerStep[]
  /** A piece that is a token is taken whole, without merging. */
  readonly ignoreMerges: boolean
  /** Stands for bytes that the vocabulary lacks; without it they are left out, as the Rust library does. */
  readonly unknownTokenId: number | undefined
  readonly fuseUnknown: boolean
  /** Put before and after every text. */
  readonly prefixIds: readonly number[]
  readonly suffixIds: readonly number[]
  readonly bosTokenId: number | undefined
  readonly eosTokenId: number | undefined
  readonly endTokenIds: readonly number[]
}

/** Byte-level byte-pair encoding (GPT-2's, as the Rust `tokenizers` library does it). */
export class ByteLevelTokenizer implements Tokenizer {
  readonly vocabularySize: number
  readonly bosToken: string | undefined
  readonly bosTokenId: number | undefined
  readonly eosToken: string | undefined
  readonly eosTokenId: number | undefined
  readonly endTokenIds: readonly number[]
  readonly addsBos: boolean
  readonly #parts: ByteLevelParts
  readonly #addedById: ReadonlyMap<number, AddedToken>
  readonly #idOfAdded: ReadonlyMap<string, number>
  readonly #rawMatcher: AddedTokenMatcher
  readonly #normalizedMatcher: AddedTokenMatcher
  readonly #idOfByte: Int32Array
  readonly #encoder = new TextEncoder()
  #bytes = new Uint8Array(1024)
  #symbols = new Int32Array(1024)

  constructor(parts: ByteLevelParts) {
    const { vocabulary, addedTokens, normalization, bosTokenId, eosTokenId } = parts
    this.#parts = parts
    this.#addedById = new Map(addedTokens.map((token) => [token.id, token]))
    this.#idOfAdded = new Map(addedTokens.map((token) => [token.content, token.id]))
    this.#rawMatcher = new AddedTokenMatcher(addedTokens.filter((token) => !token.normalized))
    this.#normalizedMatcher = new AddedTokenMatcher(
      addedTokens.filter((token) => token.normalized),
      (content) => normalize(content, normalization),
    )
    this.#idOfByte = Int32Array.from({ length: byteCount }, (_, byte) => vocabulary.find(Uint8Array.of(byte), 0, 1))
    this.vocabularySize = vocabulary.size
    this.bosTokenId = bosTokenId
    this.eosTokenId = eosTokenId
    this.bosToken = bosTokenId === undefined ? undefined : this.#textOf(bosTokenId)
    this.eosToken = eosTokenId === undefined ? undefined : this.#textOf(eosTokenId)
    this.endTokenIds = parts.endTokenIds
    this.addsBos = bosTokenId !== undefined && parts.prefixIds.includes(bosTokenId)
  }

  encode(text: string, { addSpecialTokens = true, parseSpecial = true }: EncodeOptions = {}): number[] {
    if (text.length > maxTextLength) {
      throw new TextError(
        'text-too-long',
        `The text has ${text.length} characters; ${maxTextLength} is the most. Split it.`,
      )
    }
    const { normalization, preTokenizer, prefixIds, suffixIds } = this.#parts
    const ids: number[] = addSpecialTokens ? [...prefixIds] : []
    for (const raw of this.#rawMatcher.split(text.replace(loneSurrogates, '\ufffd'), parseSpecial)) {
      if (typeof raw === 'number') {
        ids.push(raw)
        continue
      }
      for (const section of this.#normalizedMatcher.split(normalize(raw, normalization), parseSpecial)) {
        if (typeof section === 'number') ids.push(section)
        else for (const piece of splitText(section, preTokenizer)) this.#encodePiece(piece, ids)
      }
    }
    if (addSpecialTokens) ids.push(...suffixIds)
    return ids
  }

  decode(ids: Iterable<number>, { skipSpecialTokens = false }: DecodeOptions = {}): string {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    let text = ''
    for (const id of ids) {
      const bytes = this.#parts.vocabulary.bytes(id)
      if (!(skipSpecialTokens && this.isSpecial(id))) text += decoder.decode(bytes, { stream: true })
    }
    return text + decoder.decode()
  }

  idOf(token: string): number | undefined {
    const added = this.#idOfAdded.get(token)
    if (added !== undefined) return added
    const id = this.#parts.vocabulary.findSpelled(token, new Uint8Array(Math.min(token.length, maxTokenLength)))
    return id === absent ? undefined : id
  }

  tokenBytes(id: number): Uint8Array {
    return this.#parts.vocabulary.bytes(id).slice()
  }

  isSpecial(id: number): boolean {
    return this.#addedById.get(id)?.special === true
  }

  #textOf(id: number): string {
    return this.#addedById.get(id)?.content ?? this.decode([id])
  }

  #encodePiece(piece: string, ids: number[]): void {
    const needed = piece.length * maxBytesPerCodeUnit
    if (needed > this.#bytes.length) {
      this.#bytes = new Uint8Array(needed * 2)
      this.#symbols = new Int32Array(needed * 2)
    }
    const { vocabulary, merges, ignoreMerges } = this.#parts
    const length = this.#encoder.encodeInto(piece, this.#bytes).written
    if (ignoreMerges) {
      const whole = vocabulary.find(this.#bytes, 0, length)
      if (whole !== absent) {
        ids.push(whole)
        return
      }
    }
    const count = mergePiece(this.#symbols, this.#toSymbols(length), merges)
    for (let at = 0; at < count; at++) ids.push(this.#symbols[at] ?? absent)
  }

  #toSymbols(length: number): number {
    const { unknownTokenId, fuseUnknown } = this.#parts
    let count = 0
    let previousUnknown = false
    for (let at = 0; at < length; at++) {
      const known = this.#idOfByte[this.#bytes[at] ?? 0] ?? absent
      const id = known === absent ? unknownTokenId : known
      const unknown = known === absent
      if (id !== undefined && !(unknown && fuseUnknown && previousUnknown)) this.#symbols[count++] = id
      previousUnknown = unknown
    }
    return count
  }
}
