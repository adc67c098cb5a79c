import type { AnswerReader, Tokenizer } from '@sampan/text'
import type { AnswerPart, ChosenToken, TimedToken } from '../backend.ts'
import { ContentLogprobs } from './content-logprobs.ts'

/** Makes the parts of one answer from its tokens, and counts them. */
export class AnswerWriter {
  readonly #reader: AnswerReader
  readonly #give: (part: AnswerPart) => Promise<boolean>
  readonly #logprobs: ContentLogprobs
  readonly #waiting: ChosenToken[] = []
  #timed: TimedToken[] = []
  #withLogprobs = false
  #afterCall = false
  #wanted = true
  tokens = 0
  /** Of thoughts, their tags among them. */
  reasoningTokens = 0

  /** @param give resolves to false when no more is wanted */
  constructor(reader: AnswerReader, tokenizer: Tokenizer, give: (part: AnswerPart) => Promise<boolean>) {
    this.#reader = reader
    this.#give = give
    this.#logprobs = new ContentLogprobs(tokenizer)
  }

  /** Of tools. Those that were cut or could not be read are none. */
  get calls(): number {
    return this.#reader.wholeCalls
  }

  /** The chance of a token whose text is pushed later. */
  chose(chosen: ChosenToken): void {
    this.#withLogprobs = true
    this.#waiting.push(chosen)
  }

  /** A token that is told by its id, with or before the text that it ends. */
  tell(token: TimedToken): void {
    this.#timed.push(token)
  }

  /** The next token's text, which may be empty; undefined for a token that stands for none. False when no more is wanted. */
  async push(text: string | undefined): Promise<boolean> {
    this.tokens++
    const before = this.#reader.inReasoning
    const parts = this.#reader.push(text ?? '')
    const thinks = before || this.#reader.inReasoning
    if (thinks) this.reasoningTokens++
    const chosen = this.#waiting.shift()
    if (chosen && !thinks && text !== undefined) this.#logprobs.add(chosen, text)
    const isTold = this.#timed.length === 0 || parts.some(({ type }) => type === 'content')
    return this.#write(isTold ? parts : [...parts, { type: 'content', text: '' }])
  }

  async finish(text: string, cut: boolean): Promise<void> {
    await this.#write([...this.#reader.push(text), ...this.#reader.finish({ cut })])
  }

  async #write(parts: readonly AnswerPart[]): Promise<boolean> {
    for (const part of parts) {
      const told = this.#withTokens(this.#withLogprobs ? this.#withChances(part) : part)
      // A warning may belong to what was given before.
      if (this.#wanted || part.type === 'warning') this.#wanted = (await this.#give(told)) && this.#wanted
    }
    return this.#wanted
  }

  #withTokens(part: AnswerPart): AnswerPart {
    if (part.type !== 'content' || this.#timed.length === 0) return part
    const tokens = this.#timed
    this.#timed = []
    return { ...part, tokens }
  }

  #withChances(part: AnswerPart): AnswerPart {
    const afterCall = this.#afterCall
    if (part.type === 'tool-call' || part.type === 'tool-arguments') {
      this.#logprobs.drop()
      this.#afterCall = true
    }
    if (part.type !== 'content') return part
    this.#afterCall = false
    return { ...part, logprobs: this.#logprobs.take(part.text, afterCall) }
  }
}
