import type { DecodeOptions, Tokenizer } from './tokenizer/tokenizer.ts'

/** Token ids, one at a time, to text that only ever grows. */
export interface Detokenizer {
  /**
   * The text that is certain after this token: a character whose bytes are not all there yet is held back.
   * @throws TextError `token-out-of-range`
   */
  push(id: number): string
  /** What was held back, as U+FFFD; the detokenizer can be used again from the start. */
  flush(): string
}

/** All of `push` and `flush` joined equals `tokenizer.decode` of the same ids. */
export function createDetokenizer(
  tokenizer: Tokenizer,
  { skipSpecialTokens = false }: DecodeOptions = {},
): Detokenizer {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    push(id) {
      const bytes = tokenizer.tokenBytes(id)
      return skipSpecialTokens && tokenizer.isSpecial(id) ? '' : decoder.decode(bytes, { stream: true })
    },
    flush: () => decoder.decode(),
  }
}
