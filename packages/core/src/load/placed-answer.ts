import type { AnswerParts, AnswerPlace } from '../chat/answer-run.ts'
import type { ReceivedPart } from '../worker/answer-receiver.ts'

export interface PlacedParts {
  readonly parts: AnswerParts
  readonly place: AnswerPlace
}

export interface PlacedAnswerOptions extends PlacedParts {
  /** Begins the answer in another place, or rejects with what ends it. Nothing is to begin once `left` is aborted. */
  readonly elsewhere: (error: unknown, left: AbortSignal) => Promise<PlacedParts>
  /** Called once, before the first part is given. What it throws ends the answer. */
  readonly told: (place: AnswerPlace) => void
}

/** An answer that may go on elsewhere until its first part is given, and never after it. */
export class PlacedAnswer implements AnswerParts {
  readonly #elsewhere: PlacedAnswerOptions['elsewhere']
  readonly #tell: PlacedAnswerOptions['told']
  #parts: AnswerParts
  #place: AnswerPlace
  #told = false
  readonly #cancelled: Promise<undefined>
  readonly #left = new AbortController()

  constructor({ parts, place, elsewhere, told }: PlacedAnswerOptions) {
    this.#parts = parts
    this.#place = place
    this.#elsewhere = elsewhere
    this.#tell = told
    this.#cancelled = new Promise((resolve) => {
      this.#left.signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
  }

  get place(): AnswerPlace | undefined {
    return this.#told ? this.#place : undefined
  }

  async next(): Promise<ReceivedPart | undefined> {
    for (;;) {
      let received: ReceivedPart | undefined
      try {
        received = await this.#parts.next()
      } catch (error) {
        if (this.#told || this.#left.signal.aborted) throw error
        if (!(await Promise.race([this.#move(error), this.#cancelled]))) return undefined
        continue
      }
      if (received && !this.#told) this.#announce()
      return received
    }
  }

  cancel(): void {
    this.#parts.cancel()
    this.#left.abort()
  }

  async #move(error: unknown): Promise<true> {
    const { parts, place } = await this.#elsewhere(error, this.#left.signal)
    this.#parts = parts
    this.#place = place
    if (this.#left.signal.aborted) parts.cancel()
    return true
  }

  #announce(): void {
    this.#told = true
    try {
      this.#tell(this.#place)
    } catch (error) {
      this.cancel()
      throw error
    }
  }
}
