import { AnswerReceiver } from './answer-receiver.ts'

/** The answers of one client that have begun and are not over. */
export class OpenAnswers {
  readonly #receivers = new Set<AnswerReceiver>()

  /**
   * Begins an answer whose parts come over a port, the other end of which `accept` gets; resolves when that does.
   * @throws what `accept` rejects with; the signal's reason, at once, when it is aborted before that or later, while the answer is read
   */
  async begin(accept: (port: MessagePort) => Promise<unknown>, signal?: AbortSignal): Promise<AnswerReceiver> {
    signal?.throwIfAborted()
    const { port1, port2 } = new MessageChannel()
    const receiver = new AnswerReceiver(port1)
    const abort = (): void => receiver.fail(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    this.#receivers.add(receiver)
    receiver.closed.then(() => {
      this.#receivers.delete(receiver)
      signal?.removeEventListener('abort', abort)
    })
    try {
      await Promise.race([accept(port2), receiver.failed])
      return receiver
    } catch (error) {
      receiver.cancel()
      throw error
    }
  }

  /** Fails all with `error`. */
  fail(error: unknown): void {
    for (const receiver of this.#receivers) receiver.fail(error)
  }
}
