import type { AnswerPart } from '../backend.ts'
import { StopFilter } from './stop-filter.ts'

/** Ends an answer before the first stop string of its content; thoughts and calls of tools pass as they are. */
export class StopParts {
  readonly #filter: StopFilter
  /** Content that is held back, whole: its last piece may begin a stop string. */
  #held: Extract<AnswerPart, { type: 'content' }>[] = []

  constructor(stops: readonly string[]) {
    this.#filter = new StopFilter(stops)
  }

  get stopped(): boolean {
    return this.#filter.stopped
  }

  /** The parts that are certain by now, in order. */
  push(part: AnswerPart): AnswerPart[] {
    if (this.#filter.stopped) return []
    // What is neither content nor said beside it ends the content: nothing after it completes a stop string.
    if (part.type === 'warning') return [part]
    if (part.type !== 'content') return [...this.finish(), part]
    this.#held.push(part)
    return this.#give(this.#filter.push(part.text))
  }

  /** What was held back, at the end of the answer. */
  finish(): AnswerPart[] {
    const given = this.#give(this.#filter.finish())
    this.#held = []
    return given
  }

  /** `text` in the pieces it came in. Chances of tokens go with the piece whose last character is given. */
  #give(text: string): AnswerPart[] {
    const given: AnswerPart[] = []
    let left = text.length
    while (left > 0) {
      const piece = this.#held[0]
      if (!piece) break
      if (piece.text.length <= left) {
        this.#held.shift()
        given.push(piece)
        left -= piece.text.length
      } else {
        given.push({ type: 'content', text: piece.text.slice(0, left) })
        this.#held[0] = { ...piece, text: piece.text.slice(left) }
        left = 0
      }
    }
    return given
  }
}
