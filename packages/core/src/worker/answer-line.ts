import { FairQueue } from './fair-queue.ts'

/** Who wants a turn, and may be told that nobody waits behind. */
export interface Waiting {
  mayPause: boolean
}

/**
 * The answers of one Worker that have begun or wait to. A model answers one at a time, so an answer may pause for its reader
 * only while none waits behind it: a stream that is never read would hold up all others. What is unread is then kept in the
 * Worker; the context bounds it.
 */
export class AnswerLine {
  /** Whose turn it is to be answered. */
  readonly turns = new FairQueue()
  /** Called once, for the first part of the first answer. */
  onAnswered: () => void = () => {}
  readonly #senders = new Set<Waiting>()
  #hasAnswered = false

  /** A part of an answer has been made. */
  answered(): void {
    if (!this.#hasAnswered) this.onAnswered()
    this.#hasAnswered = true
  }

  enter(sender: Waiting): void {
    this.#senders.add(sender)
    this.#tell()
  }

  leave(sender: Waiting): void {
    this.#senders.delete(sender)
    this.#tell()
  }

  /** Does `work` when it is nobody's turn: between two answers. */
  async between<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const waiting: Waiting = { mayPause: false }
    this.enter(waiting)
    try {
      return await this.turns.run({}, signal, work)
    } finally {
      this.leave(waiting)
    }
  }

  #tell(): void {
    for (const sender of this.#senders) sender.mayPause = this.#senders.size === 1
  }
}
