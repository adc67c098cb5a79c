import type { MetadataValue } from '@sampan/engine'

/** A space, as byte-level and SentencePiece vocabularies write it, and plain letters: a tokenizer makes one token of it wherever it stands. */
const WORD = /^[Ġ▁][a-z]{2,}$/

/** Fewer words would make prompts that no text is like. */
const LEAST_WORDS = 100

/**
 * Texts for engines that take no token ids: each id stands for a whole word of the vocabulary, so that a text has as many tokens as ids,
 * and equal ids begin equal texts.
 */
export class WholeWords {
  readonly #words: readonly string[]

  /** @returns undefined where the vocabulary has too few */
  static of(metadata: ReadonlyMap<string, MetadataValue>): WholeWords | undefined {
    const tokens = metadata.get('tokenizer.ggml.tokens')
    if (!Array.isArray(tokens)) return undefined
    const words = tokens.flatMap((token) =>
      typeof token === 'string' && WORD.test(token) ? [` ${token.slice(1)}`] : [],
    )
    return words.length < LEAST_WORDS ? undefined : new WholeWords(words)
  }

  private constructor(words: readonly string[]) {
    this.#words = words
  }

  text(ids: readonly number[]): string {
    return ids.map((id) => this.#words[id % this.#words.length] ?? '').join('')
  }
}
