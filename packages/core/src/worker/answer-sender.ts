import type { AnswerPart, GenerationEnd } from '../backend.ts'
import type { ErrorEnvelope } from './error-envelope.ts'
import { STREAM_CREDITS, type StreamEvent } from './protocol.ts'

/** Pieces that wait in the Worker while the page reads slowly, before generation pauses. */
const HIGH_WATER_MARK = 256
/** One frame of a screen: a page cannot show more messages than this, in milliseconds. */
const COALESCE_MS = 16

/**
 * The Worker's end of an answer's stream. Pieces are gathered for a frame and pushed in one message while the page has
 * credits left; the page never asks for a piece. When it stops reading, `push` waits, and with it the generation, unless others
 * wait for that to end.
 */
export class AnswerSender {
  readonly #post: (event: StreamEvent) => void
  #parts: AnswerPart[] = []
  #credits = STREAM_CREDITS
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastPost = Number.NEGATIVE_INFINITY
  #resume: (() => void) | undefined
  #mayPause = true
  #released = false

  constructor(post: (event: StreamEvent) => void) {
    this.#post = post
  }

  /** False lets a waiting `push` go, and later ones too, while it lasts. */
  set mayPause(value: boolean) {
    this.#mayPause = value
    if (!value) this.#wake()
  }

  /** Resolves when there is room for more. */
  async push(part: AnswerPart): Promise<void> {
    if (this.#released) return
    this.#parts.push(part)
    this.#schedule()
    if (this.#parts.length < HIGH_WATER_MARK || !this.#mayPause) return
    await new Promise<void>((resolve) => {
      this.#resume = resolve
    })
  }

  /** The page has read one message. */
  credit(): void {
    this.#credits++
    this.#schedule()
  }

  end(end: GenerationEnd): void {
    this.#flush()
    this.#post({ type: 'end', end })
  }

  fail(error: ErrorEnvelope): void {
    this.#flush()
    this.#post({ type: 'error', error })
  }

  /** Nobody reads any more: lets a waiting `push` go, and later ones too. */
  release(): void {
    this.#released = true
    clearTimeout(this.#timer)
    this.#parts = []
    this.#wake()
  }

  #schedule(): void {
    if (this.#credits === 0 || this.#parts.length === 0 || this.#timer !== undefined) return
    const wait = this.#lastPost + COALESCE_MS - performance.now()
    if (wait <= 0) this.#send()
    else
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        if (this.#credits > 0) this.#send()
      }, wait)
  }

  #send(): void {
    if (this.#parts.length === 0) return
    this.#credits--
    this.#lastPost = performance.now()
    this.#post({ type: 'parts', parts: this.#parts })
    this.#parts = []
    this.#wake()
  }

  /** What is left is bounded by the high-water mark, or else by the context, so the end may pass without credit. */
  #flush(): void {
    clearTimeout(this.#timer)
    this.#send()
  }

  #wake(): void {
    this.#resume?.()
    this.#resume = undefined
  }
}
