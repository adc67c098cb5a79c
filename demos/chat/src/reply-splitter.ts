/** Where the parts of a streamed reply go. */
export interface ReplySink {
  text(text: string): void
  /** A thought begins. `retroactive`: all text so far belongs to it, since its opening tag was in the prompt. */
  openThought(retroactive: boolean): void
  thought(text: string): void
  /** `complete`: the reply closed it. */
  closeThought(complete: boolean): void
  /** The whole inside of `<tool_call>…</tool_call>`; `complete` as above. */
  call(text: string, complete: boolean): void
}

const tags = ['<think>', '</think>', '<tool_call>', '</tool_call>'] as const
type Tag = (typeof tags)[number]

/**
 * Splits a streamed reply into text, thoughts and tool calls, as Qwen's and DeepSeek's formats mark them. Text is handed on at
 * once, but for the few characters that may begin a tag. White space after a thought is dropped.
 */
export class ReplySplitter {
  readonly #sink: ReplySink
  #state: 'text' | 'thought' | 'call' = 'text'
  #waiting = ''
  #call = ''
  #seenText = false
  #seenThought = false
  #skippingSpace = true

  constructor(sink: ReplySink) {
    this.#sink = sink
  }

  push(text: string): void {
    this.#waiting += text
    for (;;) {
      const start = this.#waiting.indexOf('<')
      if (start < 0) break
      this.#emit(this.#waiting.slice(0, start))
      this.#waiting = this.#waiting.slice(start)
      const tag = tags.find((known) => this.#waiting.startsWith(known))
      if (tag === undefined && tags.some((known) => known.startsWith(this.#waiting))) return
      if (tag !== undefined && this.#takes(tag)) this.#waiting = this.#waiting.slice(tag.length)
      else {
        this.#emit('<')
        this.#waiting = this.#waiting.slice(1)
      }
    }
    this.#emit(this.#waiting)
    this.#waiting = ''
  }

  /** Hands on what waited; what was never closed ends here. */
  finish(): void {
    this.#emit(this.#waiting)
    this.#waiting = ''
    if (this.#state === 'thought') this.#sink.closeThought(false)
    if (this.#state === 'call') this.#sink.call(this.#call, false)
    this.#state = 'text'
  }

  /** True when the tag means something here: a reply may well write about tags. */
  #takes(tag: Tag): boolean {
    switch (tag) {
      case '<think>':
        if (this.#state !== 'text' || this.#seenText) return false
        this.#seenThought = true
        this.#state = 'thought'
        this.#sink.openThought(false)
        return true
      case '</think>':
        if (this.#state === 'call' || (this.#state === 'text' && this.#seenThought)) return false
        if (this.#state === 'text') this.#sink.openThought(true)
        this.#sink.closeThought(true)
        this.#seenThought = true
        this.#seenText = false
        this.#state = 'text'
        this.#skippingSpace = true
        return true
      case '<tool_call>':
        if (this.#state !== 'text') return false
        this.#state = 'call'
        this.#call = ''
        return true
      case '</tool_call>':
        if (this.#state !== 'call') return false
        this.#sink.call(this.#call, true)
        this.#state = 'text'
        this.#skippingSpace = true
        return true
      default:
        return tag satisfies never
    }
  }

  #emit(text: string): void {
    if (text === '') return
    switch (this.#state) {
      case 'thought':
        this.#sink.thought(text)
        return
      case 'call':
        this.#call += text
        return
      case 'text': {
        const shown = this.#skippingSpace ? text.trimStart() : text
        if (shown === '') return
        this.#skippingSpace = false
        this.#seenText = true
        this.#sink.text(shown)
        return
      }
      default:
        this.#state satisfies never
    }
  }
}
