import type { AnswerSender } from './answer-sender.ts'
import { FairQueue } from './fair-queue.ts'

/**
 * The answers of one Worker that have begun or wait to. A model answers one at a time, so an answer may pause for its reader
 * only while none waits behind it: a stream that is never read would hold up all others. What is unread is then kept in the
 * Worker; the context bounds it.
 */
export class AnswerLine {
  /** Whose turn it is to be answered. */
  readonly turns = new FairQueue()
  readonly #senders = new Set<AnswerSender>()

  enter(sender: AnswerSender): void {
    this.#senders.add(sender)
    this.#tell()
  }

  leave(sender: AnswerSender): void {
    this.#senders.delete(sender)
    this.#tell()
  }

  #tell(): void {
    for (const sender of this.#senders) sender.mayPause = this.#senders.size === 1
  }
}
