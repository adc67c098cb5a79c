/** A piece of an answer, in order. Texts are whole characters, never empty. */
export type AnswerPart =
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'content'; readonly text: string }
  /** `index` counts the calls of an answer from 0. */
  | { readonly type: 'tool-call'; readonly index: number; readonly id: string; readonly name: string }
  /** The next piece of that call's arguments, JSON of an object. */
  | { readonly type: 'tool-arguments'; readonly index: number; readonly text: string }
  | {
      readonly type: 'warning'
      readonly code: 'tool-call-malformed'
      readonly message: string
      /** Of a call that was begun and is void: what the model wrote of it stands in the content instead. */
      readonly index?: number
    }

/** The pieces since the last `take`, those of one kind joined. */
export class PartCollector {
  #parts: AnswerPart[] = []

  text(type: 'reasoning' | 'content', text: string): void {
    if (text === '') return
    const last = this.#parts.at(-1)
    const before = last?.type === type ? last.text : undefined
    if (before !== undefined) this.#parts.pop()
    this.#parts.push({ type, text: (before ?? '') + text })
  }

  argumentsText(index: number, text: string): void {
    if (text === '') return
    const last = this.#parts.at(-1)
    const before = last?.type === 'tool-arguments' && last.index === index ? last.text : undefined
    if (before !== undefined) this.#parts.pop()
    this.#parts.push({ type: 'tool-arguments', index, text: (before ?? '') + text })
  }

  add(part: AnswerPart): void {
    this.#parts.push(part)
  }

  take(): AnswerPart[] {
    const parts = this.#parts
    this.#parts = []
    return parts
  }
}
