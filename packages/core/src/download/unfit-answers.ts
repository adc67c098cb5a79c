import type { SampanError } from '../errors.ts'
import { TransientFailure } from '../network/transient-failure.ts'

/**
 * Answers that cannot be the file. One says little: a proxy that is overloaded, or a portal that lets through a moment later, puts its page
 * in place of anything.
 */
export class UnfitAnswers {
  readonly #most: number
  readonly #sound: () => number
  #seen = -1
  #inARow = 0

  /**
   * @param most so many in a row are what the server means
   * @param sound how many answers have been as they must, all in all: one more, and the row has ended
   */
  constructor(most: number, sound: () => number = () => 0) {
    this.#most = most
    this.#sound = sound
  }

  get inARow(): number {
    return this.#inARow
  }

  /** What to throw: `outcome` when there is no use in asking again. */
  add(outcome: SampanError): SampanError | TransientFailure {
    const sound = this.#sound()
    if (sound !== this.#seen) this.#inARow = 0
    this.#seen = sound
    return ++this.#inARow < this.#most ? new TransientFailure(outcome, 'unfit') : outcome
  }
}
