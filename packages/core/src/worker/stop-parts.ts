import type { AnswerPart } from '../backend.ts'
import { StopFilter } from './stop-filter.ts'

type ContentPart = Extract<AnswerPart, { type: 'content' }>

/** Ends an answer before the first stop string of its content; thoughts and calls of tools pass as they are. */
export class StopParts {
  readonly #filter: StopFilter
  /** Content that is held back, whole: its last piece may begin a stop string. */
  #held: ContentPart[] = []

  constructor(stops: readonly string[]) {
    this.#filter = new StopFilter(stops)
  }

  get stopped(): boolean {
    return this.#filter.stopped
  }

  /** The parts that are certain by now, in order. */
  push(part: AnswerPart): AnswerPart[] {
    // Also of what stands before a stop string: that a call is void is told after its text.
    if (part.type === 'warning') return [part]
    if (this.#filter.stopped) return []
    // What is neither content nor said beside it ends the content: nothing after it completes a stop string.
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

  /** `text` in the pieces it came in. The chance of a token goes with its last character. */
  #give(text: string): AnswerPart[] {
    const given: AnswerPart[] = []
    let left = text.length
    for (let piece = this.#held[0]; piece && (left > 0 || piece.text === ''); piece = this.#held[0]) {
      if (piece.text.length <= left) {
        this.#held.shift()
        given.push(piece)
        left -= piece.text.length
      } else {
        const [first, rest] = cut(piece, left)
        given.push(first)
        this.#held[0] = rest
        left = 0
      }
    }
    return given
  }
}

function cut(piece: ContentPart, length: number): readonly [first: ContentPart, rest: ContentPart] {
  const [text, restText] = [piece.text.slice(0, length), piece.text.slice(length)]
  const { logprobs, tokens } = piece
  const rest: ContentPart = { type: 'content', text: restText, ...(tokens && { tokens }) }
  if (!logprobs) return [{ type: 'content', text }, rest]
  // The piece ends with its last token; the first may have begun before it.
  let end = byteLength(piece.text) - logprobs.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const room = byteLength(text)
  const whole = logprobs.filter(({ bytes }) => {
    end += bytes.length
    return end <= room
  }).length
  return [
    { type: 'content', text, logprobs: logprobs.slice(0, whole) },
    { ...rest, logprobs: logprobs.slice(whole) },
  ]
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
