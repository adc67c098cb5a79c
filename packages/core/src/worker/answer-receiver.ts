import type { AnswerPart, GenerationEnd } from '../backend.ts'
import { unpackError } from './error-envelope.ts'
import type { StreamCommand, StreamEvent } from './protocol.ts'

export type ReceivedPart =
  | { readonly type: 'part'; readonly part: AnswerPart }
  | { readonly type: 'end'; readonly end: GenerationEnd }

/** The page's end of an answer's stream: pieces in order, and a credit back for every message that was read to its end. */
export class AnswerReceiver {
  readonly #port: MessagePort
  readonly #messages: StreamEvent[] = []
  #read = 0
  #failure: { readonly reason: unknown } | undefined
  #closed = false
  #wake: (() => void) | undefined
  #reject: (reason: unknown) => void = () => {}
  #resolveClosed: () => void = () => {}
  /** Rejects with the reason given to `fail`, at once; otherwise never settles. */
  readonly failed: Promise<never>
  /** Resolves when the stream is over, however it ended. */
  readonly closed: Promise<void>

  constructor(port: MessagePort) {
    this.#port = port
    this.failed = new Promise((_, reject) => {
      this.#reject = reject
    })
    this.failed.catch(() => {})
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    port.onmessage = ({ data }: MessageEvent<StreamEvent>) => {
      this.#messages.push(data)
      this.#wake?.()
    }
  }

  /** Undefined after `cancel`, also for a call that waits. */
  async next(): Promise<ReceivedPart | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.reason
      if (this.#closed) return undefined
      const message = this.#messages[0]
      if (message) {
        const part = this.#take(message)
        if (part) return part
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  /** Fails the reader at once with `reason` and stops the generation. */
  fail(reason: unknown): void {
    this.#failure ??= { reason }
    this.#reject(reason)
    this.cancel()
  }

  /** Stops the generation where it still runs. */
  cancel(): void {
    if (this.#closed) return
    this.#closed = true
    this.#send({ type: 'abort' })
    this.#port.close()
    this.#wake?.()
    this.#resolveClosed()
  }

  #take(message: StreamEvent): ReceivedPart | undefined {
    switch (message.type) {
      case 'parts': {
        const part = message.parts[this.#read++]
        if (part) return { type: 'part', part }
        this.#read = 0
        this.#messages.shift()
        if (!this.#closed) this.#send({ type: 'credit' })
        return undefined
      }
      case 'end':
        this.#messages.shift()
        this.cancel()
        return message
      case 'error':
        this.cancel()
        throw unpackError(message.error)
      default:
        return message satisfies never
    }
  }

  #send(command: StreamCommand): void {
    this.#port.postMessage(command)
  }
}
