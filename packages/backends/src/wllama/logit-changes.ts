import type { TokenGenerateOptions } from '@sampan/core/backend'

/**
 * What penalties and biases make of logits, in this order: repetition (transformers' formula), frequency and presence (OpenAI's
 * formula), bias.
 */
export class LogitChanges {
  readonly #repetition: number
  readonly #frequency: number
  readonly #presence: number
  readonly #bias = new Map<number, number>()
  readonly #prompt: ReadonlySet<number>
  /** How often each token stands in the answer. */
  readonly #count = new Map<number, number>()

  constructor(prompt: readonly number[], options: TokenGenerateOptions) {
    this.#repetition = options.repetitionPenalty ?? 1
    this.#frequency = options.frequencyPenalty ?? 0
    this.#presence = options.presencePenalty ?? 0
    for (const [token, bias] of options.logitBias ?? []) this.#bias.set(token, (this.#bias.get(token) ?? 0) + bias)
    const begin = prompt.length - (options.answered ?? 0)
    this.#prompt = new Set(this.needsLevel ? prompt.slice(0, begin) : [])
    for (const token of prompt.slice(begin)) this.accept(token)
  }

  /** The sign of logits matters: they must be given as they are, not up to a constant. */
  get needsLevel(): boolean {
    return this.#repetition !== 1
  }

  /** No token that the changes touch. */
  get none(): boolean {
    return this.touched === 0
  }

  /** How many tokens are changed, at most. */
  get touched(): number {
    const penalised = this.#frequency !== 0 || this.#presence !== 0 || this.needsLevel ? this.#count.size : 0
    return penalised + this.#prompt.size + this.#bias.size
  }

  /** Whether a logit may become larger than it was. */
  get raises(): boolean {
    const byPenalty = this.#count.size > 0 && (this.#frequency < 0 || this.#presence < 0)
    return byPenalty || this.#repetition < 1 || [...this.#bias.values()].some((bias) => bias > 0)
  }

  apply(token: number, logit: number): number {
    const count = this.#count.get(token) ?? 0
    const repeated = this.needsLevel && (count > 0 || this.#prompt.has(token))
    const scale = logit > 0 ? 1 / this.#repetition : this.#repetition
    const presence = count > 0 ? this.#presence : 0
    return (repeated ? logit * scale : logit) - count * this.#frequency - presence + (this.#bias.get(token) ?? 0)
  }

  accept(token: number): void {
    this.#count.set(token, (this.#count.get(token) ?? 0) + 1)
  }
}
