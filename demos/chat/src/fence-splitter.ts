/** Where streamed text goes. */
export interface FenceSink {
  text(text: string): void
  /** A code block begins; `info` is what followed the fence (a language, usually). */
  open(info: string): void
  code(text: string): void
  close(): void
}

const fenceStart = /^( {0,3})(`{3,}|~{3,})([^\n`]*)$/
/** A longer first line is no fence, so that a line without end is not looked at again and again. */
const longestFenceLine = 200
const mayBecomeFence = /^ {0,3}(?:`*|~*|`{3,}[^\n`]*|~{3,}[^\n]*)$/

/**
 * Splits streamed Markdown into prose and fenced code. Each character is looked at once and handed on at once; only the
 * start of a line that may still turn out to be a fence waits for the rest of that line.
 */
export class FenceSplitter {
  readonly #sink: FenceSink
  #fence = ''
  /** The line so far, while it may still be a fence; `undefined` once it is known not to be. */
  #line: string | undefined = ''

  constructor(sink: FenceSink) {
    this.#sink = sink
  }

  push(text: string): void {
    let from = 0
    while (from < text.length) {
      const newline = text.indexOf('\n', from)
      const end = newline < 0 ? text.length : newline
      this.#part(text.slice(from, end))
      if (newline < 0) return
      this.#endLine()
      from = newline + 1
    }
  }

  /** Hands on what waited. A block that was never closed ends here. */
  finish(): void {
    if (this.#line && !this.#takeFence(this.#line)) this.#emit(this.#line)
    this.#line = ''
    if (this.#fence !== '') this.#sink.close()
    this.#fence = ''
  }

  #part(text: string): void {
    if (this.#line === undefined) {
      this.#emit(text)
      return
    }
    const line = this.#line + text
    if (line.length <= longestFenceLine && mayBecomeFence.test(line)) {
      this.#line = line
    } else {
      this.#line = undefined
      this.#emit(line)
    }
  }

  #endLine(): void {
    const line = this.#line
    this.#line = ''
    if (line === undefined) this.#emit('\n')
    else if (!this.#takeFence(line)) this.#emit(`${line}\n`)
  }

  /** True when the whole line is a fence that opens or closes a block here. */
  #takeFence(line: string): boolean {
    const [, , marks = '', info = ''] = fenceStart.exec(line) ?? []
    if (marks === '') return false
    if (this.#fence === '') {
      this.#fence = marks
      this.#sink.open(info.trim())
      return true
    }
    if (!marks.startsWith(this.#fence) || info.trim() !== '') return false
    this.#fence = ''
    this.#sink.close()
    return true
  }

  #emit(text: string): void {
    if (text === '') return
    if (this.#fence === '') this.#sink.text(text)
    else this.#sink.code(text)
  }
}
