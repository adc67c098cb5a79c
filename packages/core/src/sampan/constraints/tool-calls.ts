import type { TokenConstraint } from '../../backend.ts'
import { type EndingConstraint, ForcedTokens } from './forced-tokens.ts'
import { TokenChoice } from './token-choice.ts'

/** The arguments of a call. */
export interface ArgumentsConstraint extends EndingConstraint {
  /** What follows the arguments and came with their last token. */
  readonly beyond: string
}

export interface CallTokens {
  /** For each tool: the tokens from where a call begins to where its arguments do. */
  readonly openings: readonly (readonly number[])[]
  /** The same for a call after another, from the end of that one. */
  readonly nextOpenings: readonly (readonly number[])[]
  /** What follows the arguments, but for its beginning `written`. */
  readonly close: (written: string) => readonly number[]
  /** What may follow the last call: for each end token the tokens that lead to it. */
  readonly endings: readonly (readonly number[])[]
  readonly vocabularySize: number
  /** Binds the arguments of a tool; is over with the object's last brace. */
  readonly argumentsOf: (tool: number) => ArgumentsConstraint
  /** Calls of an answer at most. */
  readonly most: number
}

/** An answer that is calls of tools and nothing else: at least one, each whole, its arguments as the tool wants them. */
export class ToolCalls implements TokenConstraint {
  readonly #tokens: CallTokens
  #calls = 0
  #choice: TokenChoice
  #choosesEnd = false
  #bound: ArgumentsConstraint | undefined
  #closing: EndingConstraint | undefined
  #ended = false

  constructor(tokens: CallTokens) {
    this.#tokens = tokens
    this.#choice = new TokenChoice(tokens.openings, tokens.vocabularySize)
  }

  allowed(): Uint32Array | undefined {
    return this.#ended ? undefined : this.#current.allowed()
  }

  free(): number {
    return this.#ended ? Number.POSITIVE_INFINITY : this.#current.free()
  }

  accept(token: number): void {
    if (this.#ended) return
    this.#current.accept(token)
    if (this.#closing) {
      if (this.#closing.done) this.#afterCall()
    } else if (this.#bound) {
      if (this.#bound.done) this.#close(this.#bound.beyond)
    } else if (this.#choice.chosen !== undefined) this.#chose(this.#choice.chosen)
  }

  get #current(): EndingConstraint {
    return this.#closing ?? this.#bound ?? this.#choice
  }

  #chose(index: number): void {
    const { endings, argumentsOf } = this.#tokens
    if (this.#choosesEnd && index < endings.length) {
      this.#ended = true
      return
    }
    this.#calls++
    this.#bound = argumentsOf(this.#choosesEnd ? index - endings.length : index)
  }

  #close(written: string): void {
    const { close, vocabularySize } = this.#tokens
    this.#closing = new ForcedTokens(close(written), vocabularySize)
    if (this.#closing.done) this.#afterCall()
  }

  #afterCall(): void {
    const { endings, nextOpenings, most, vocabularySize } = this.#tokens
    this.#closing = undefined
    this.#bound = undefined
    this.#choosesEnd = true
    this.#choice = new TokenChoice([...endings, ...(this.#calls < most ? nextOpenings : [])], vocabularySize)
  }
}
