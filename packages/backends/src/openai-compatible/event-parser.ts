import { BackendError } from '../backend-error.ts'

/** Characters of one line, most: a chunk with many log-probabilities has some ten thousand. */
export const MOST_LINE_LENGTH = 4 << 20
/** Characters of one event's data, most. */
export const MOST_DATA_LENGTH = 4 << 20

/** A server-sent event. */
export interface ServerEvent {
  /** `message` where the server names none; `error` also where it puts the data into a field of that name, as llama.cpp did. */
  readonly type: string
  readonly data: string
}

/**
 * Makes events of a text stream that is cut anywhere (WHATWG HTML, 9.2.6 "Interpreting an event stream"). An event that the end
 * cuts off is none.
 */
export class EventParser {
  #line = ''
  #afterReturn = false
  #type = ''
  #data: string[] = []
  #dataLength = 0

  /** @throws BackendError `backend-failed` where the stream is longer than its limits */
  push(text: string): readonly ServerEvent[] {
    const events: ServerEvent[] = []
    const from = this.#afterReturn && text.startsWith('\n') ? 1 : 0
    if (text !== '') this.#afterReturn = text.endsWith('\r')
    let start = from
    for (const { index, 0: ending } of text.slice(from).matchAll(/\r\n|\r|\n/g)) {
      this.#extendLine(text.slice(start, from + index))
      start = from + index + ending.length
      const event = this.#endLine()
      if (event) events.push(event)
    }
    this.#extendLine(text.slice(start))
    return events
  }

  #extendLine(text: string): void {
    this.#line += text
    if (this.#line.length > MOST_LINE_LENGTH) throw tooLong('line', MOST_LINE_LENGTH)
  }

  #endLine(): ServerEvent | undefined {
    const line = this.#line
    this.#line = ''
    if (line === '') return this.#endEvent()
    const colon = line.indexOf(':')
    const [field, rest] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)]
    const value = rest.startsWith(' ') ? rest.slice(1) : rest
    if (field === 'event') this.#type = value
    if (field === 'error') this.#type = 'error'
    if (field === 'data' || field === 'error') this.#addData(value)
    return undefined
  }

  #addData(value: string): void {
    this.#data.push(value)
    this.#dataLength += value.length + 1
    if (this.#dataLength > MOST_DATA_LENGTH) throw tooLong('event', MOST_DATA_LENGTH)
  }

  #endEvent(): ServerEvent | undefined {
    const event = { type: this.#type || 'message', data: this.#data.join('\n') }
    const any = this.#data.length > 0
    this.#type = ''
    this.#data = []
    this.#dataLength = 0
    return any ? event : undefined
  }
}

function tooLong(what: string, limit: number): BackendError {
  return new BackendError(
    'backend-failed',
    `The server sends a ${what} of more than ${limit} characters in its stream: it is no OpenAI-compatible server, or one that is broken.`,
    { limit },
  )
}
