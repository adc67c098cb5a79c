export interface EncodeOptions {
  /** Adds what the tokenizer puts before and after every text, such as BOS. Default true. */
  readonly addSpecialTokens?: boolean
  /** Reads special tokens written in the text as such; false for text from strangers. Default true. */
  readonly parseSpecial?: boolean
}

export interface DecodeOptions {
  /** Leaves special tokens out. Default false. */
  readonly skipSpecialTokens?: boolean
}

/** Text ↔ token ids of one model. Immutable; safe to share. */
export interface Tokenizer {
  /** One more than the highest id. A checkpoint's embedding may have more rows than this. */
  readonly vocabularySize: number
  readonly bosToken: string | undefined
  readonly bosTokenId: number | undefined
  readonly eosToken: string | undefined
  readonly eosTokenId: number | undefined
  /** Ids that end an answer, ascending: those the source declares, and well-known end marks it has as special tokens. */
  readonly endTokenIds: readonly number[]
  /** `encode` puts BOS before the text when `addSpecialTokens` is on. */
  readonly addsBos: boolean
  /**
   * Lone surrogates are read as U+FFFD. Time is O(n log n) for the split patterns of known models.
   * @throws TextError `text-too-long`
   */
  encode(text: string, options?: EncodeOptions): number[]
  /** Bytes that are not UTF-8 become U+FFFD. @throws TextError `token-out-of-range` */
  decode(ids: Iterable<number>, options?: DecodeOptions): string
  /** Id of a token by its text for special and added tokens, by its byte-level spelling (`Ġthe`) for others. */
  idOf(token: string): number | undefined
  /** What the token adds to the decoded bytes: a copy. @throws TextError `token-out-of-range` */
  tokenBytes(id: number): Uint8Array
  isSpecial(id: number): boolean
}
