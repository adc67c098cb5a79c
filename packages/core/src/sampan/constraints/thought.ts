import type { TokenConstraint } from '../../backend.ts'
import { addToken, type EndingConstraint, ForcedTokens } from './forced-tokens.ts'

export interface ThoughtOptions {
  readonly vocabularySize: number
  /** Text of a token by itself. */
  readonly textOf: (token: number) => string
  /** `begun`: the prompt ends within a thought. `may`: the model may open one with its first token. */
  readonly at: 'begun' | 'may'
  /** The token that opens a thought. */
  readonly open: number | undefined
  /** What opens one, as text; white space may come before it, and tokens may cut it anywhere. */
  readonly openText: string
  /** What closes a thought, as text; tokens may cut it anywhere. */
  readonly closeText: string
  /** Forced when the budget is spent: a new line, the closing, and what follows it. */
  readonly closeTokens: readonly number[]
  /** Forced after a model has closed its thought itself and something is to follow. */
  readonly gapTokens: readonly number[]
  /** They may not come in a thought where `answer` is to follow. */
  readonly endTokens: readonly number[]
  /** Tokens of thoughts. */
  readonly budget: number | undefined
  /** What binds the answer after the thoughts. */
  readonly answer: TokenConstraint | undefined
}

/** Thoughts are free until their budget is spent; then they are closed, and what binds the answer begins. */
export class Thought implements TokenConstraint {
  readonly #options: ThoughtOptions
  readonly #mask: Uint32Array
  /** All but the end tokens. */
  readonly #goingOn: Uint32Array | undefined
  #phase: 'start' | 'thinking' | 'closing' | 'answer'
  #used = 0
  /** Of the answer, while it may be the beginning of a thought. */
  #begun = ''
  #tail = ''
  #closing: EndingConstraint | undefined

  constructor(options: ThoughtOptions) {
    this.#options = options
    this.#mask = new Uint32Array(Math.ceil(options.vocabularySize / 32))
    this.#goingOn = options.answer && allBut(options.endTokens, options.vocabularySize)
    this.#phase = options.at === 'begun' ? 'thinking' : 'start'
    if (this.#phase === 'thinking') this.#closeWhenSpent()
  }

  allowed(): Uint32Array | undefined {
    const { open, answer } = this.#options
    switch (this.#phase) {
      case 'start': {
        const mask = answer?.allowed()
        if (!mask || open === undefined) return mask
        this.#mask.set(mask)
        addToken(this.#mask, open)
        return this.#mask
      }
      case 'thinking':
        return this.#goingOn
      case 'closing':
        return this.#closing?.allowed()
      case 'answer':
        return answer?.allowed()
      default:
        return this.#phase satisfies never
    }
  }

  free(): number {
    const { budget, answer } = this.#options
    switch (this.#phase) {
      case 'start':
        // A thought may open with the next token and be spent right after it.
        return answer ? 0 : budget === undefined ? Number.POSITIVE_INFINITY : 1
      case 'thinking':
        // The model may close the thought with any token.
        return answer ? 0 : budget === undefined ? Number.POSITIVE_INFINITY : budget - this.#used
      case 'closing':
        return 0
      case 'answer':
        return answer?.free() ?? Number.POSITIVE_INFINITY
      default:
        return this.#phase satisfies never
    }
  }

  accept(token: number): void {
    switch (this.#phase) {
      case 'start':
        this.#start(token)
        return
      case 'thinking':
        this.#think(token)
        return
      case 'closing':
        this.#closing?.accept(token)
        if (this.#closing?.done) this.#phase = 'answer'
        return
      case 'answer':
        this.#options.answer?.accept(token)
        return
      default:
        this.#phase satisfies never
    }
  }

  #start(token: number): void {
    const { open, openText, textOf, answer } = this.#options
    const begun = (this.#begun + textOf(token)).trimStart()
    if (token === open || begun.startsWith(openText)) {
      this.#phase = 'thinking'
      this.#closeWhenSpent()
    } else if (!answer && openText.startsWith(begun)) {
      this.#begun = begun
    } else {
      this.#phase = 'answer'
      answer?.accept(token)
    }
  }

  #think(token: number): void {
    const { closeText, gapTokens, answer } = this.#options
    this.#used++
    this.#tail = (this.#tail + this.#options.textOf(token)).slice(-2 * closeText.length)
    const closed = this.#tail.indexOf(closeText)
    // What came with the closing counts for the gap: some models have one token for both.
    if (closed < 0) this.#closeWhenSpent()
    else if (answer && this.#tail.length === closed + closeText.length) this.#close(gapTokens)
    else this.#phase = 'answer'
  }

  #closeWhenSpent(): void {
    const { budget, closeTokens } = this.#options
    if (budget !== undefined && this.#used >= budget) this.#close(closeTokens)
  }

  #close(tokens: readonly number[]): void {
    this.#closing = new ForcedTokens(tokens, this.#options.vocabularySize)
    this.#phase = tokens.length > 0 ? 'closing' : 'answer'
  }
}

function allBut(tokens: readonly number[], vocabularySize: number): Uint32Array {
  const mask = new Uint32Array(Math.ceil(vocabularySize / 32)).fill(0xffffffff)
  for (const token of tokens) mask[token >>> 5] = (mask[token >>> 5] ?? 0) & ~(1 << (token & 31))
  return mask
}
