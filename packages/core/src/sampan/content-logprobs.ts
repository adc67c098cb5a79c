import type { Tokenizer } from '@sampan/text'
import type { ChosenToken, TokenLogprob } from '../backend.ts'

/** Below any chance that is told: JSON knows no −∞. As OpenAI has it. */
export const LOWEST_LOGPROB = -9999

/**
 * Which chosen tokens belong to the content. Tokens come before the text they end in is given out, and some (tags, what stands
 * between thought and answer) are of no part.
 */
export class ContentLogprobs {
  readonly #tokenizer: Tokenizer
  readonly #waiting: { readonly text: string; readonly chosen: ChosenToken }[] = []

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  /** `text`: what the detokenizer gave with this token. */
  add(chosen: ChosenToken, text: string): void {
    this.#waiting.push({ text, chosen })
  }

  /** The tokens seen so far were of no content. */
  drop(): void {
    this.#waiting.length = 0
  }

  /** The tokens that end within a piece of content that has just come. One that goes on behind it waits for the next piece. */
  take(content: string): TokenLogprob[] {
    const text = this.#waiting.map((token) => token.text).join('')
    const start = Math.max(0, text.indexOf(content))
    const end = start + content.length
    const taken: ChosenToken[] = []
    let at = 0
    while (this.#waiting[0] && at + this.#waiting[0].text.length <= end) {
      const { text: own, chosen } = this.#waiting[0]
      at += own.length
      // Without text of its own it begins a character that a later one ends.
      if (at > start || (own === '' && at === start)) taken.push(chosen)
      this.#waiting.shift()
    }
    return taken.map((chosen) => this.#tell(chosen))
  }

  #tell({ token, logprob, top }: ChosenToken): TokenLogprob {
    return { ...this.#one(token, logprob), top: top.map((other) => this.#one(other.token, other.logprob)) }
  }

  #one(token: number, logprob: number): Omit<TokenLogprob, 'top'> {
    const bytes = token < this.#tokenizer.vocabularySize ? this.#tokenizer.tokenBytes(token) : new Uint8Array()
    return {
      text: new TextDecoder().decode(bytes),
      bytes: [...bytes],
      logprob: Math.max(logprob, LOWEST_LOGPROB),
    }
  }
}
