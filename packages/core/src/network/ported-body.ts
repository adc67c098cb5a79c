/** A body whose chunks come by messages. Who reads it makes room for more. */
export class PortedBody {
  readonly stream: ReadableStream<Uint8Array>
  readonly #queue: Uint8Array[] = []
  readonly #onRead: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  /** Of a reader that waits for the next chunk. */
  #wake: (() => void) | undefined
  #state: 'open' | 'ended' | 'closed' = 'open'

  /**
   * @param onRead a chunk was taken out of it
   * @param onCancel nobody reads on
   */
  constructor(onRead: () => void, onCancel: () => void) {
    this.#onRead = onRead
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#pull(),
        cancel: () => {
          const wasOpen = this.#state === 'open'
          this.#close()
          if (wasOpen) onCancel()
        },
      },
      // A chunk counts as read when somebody asks for it, not before.
      { highWaterMark: 0 },
    )
  }

  add(bytes: Uint8Array): void {
    if (this.#state !== 'open') return
    this.#queue.push(bytes)
    this.#wake?.()
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended'
    if (this.#wake) this.#wake()
    else if (this.#queue.length === 0) this.#finish()
  }

  fail(error: unknown): void {
    if (this.#state === 'closed') return
    this.#controller?.error(error)
    this.#close()
  }

  async #pull(): Promise<void> {
    if (this.#queue.length === 0 && this.#state === 'open')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#wake = undefined
    const bytes = this.#queue.shift()
    if (bytes) {
      this.#controller?.enqueue(bytes)
      this.#onRead()
    }
    if (this.#state === 'ended' && this.#queue.length === 0) this.#finish()
  }

  #finish(): void {
    if (this.#state === 'closed') return
    this.#controller?.close()
    this.#close()
  }

  #close(): void {
    this.#state = 'closed'
    this.#queue.length = 0
    this.#wake?.()
  }
}
