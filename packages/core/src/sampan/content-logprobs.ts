import type { Tokenizer } from '@sampan/text'
import type { ChosenToken, TokenLogprob } from '../backend.ts'
import { ContentTokens } from '../worker/content-tokens.ts'

/** Below any chance that is told: JSON knows no −∞. As OpenAI has it. */
export const LOWEST_LOGPROB = -9999

/** The chances of the content's tokens. */
export class ContentLogprobs {
  readonly #tokenizer: Tokenizer
  readonly #tokens = new ContentTokens<ChosenToken>()

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  /** `text`: what the detokenizer gave with this token. */
  add(chosen: ChosenToken, text: string): void {
    this.#tokens.add(chosen, text)
  }

  /** The tokens seen so far were of no content. */
  drop(): void {
    this.#tokens.drop()
  }

  /** Of the tokens that end within a piece of content that has just come. @param afterCall the first behind a call of a tool */
  take(content: string, afterCall = false): TokenLogprob[] {
    return this.#tokens.take(content, afterCall).map((chosen) => this.#tell(chosen))
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
