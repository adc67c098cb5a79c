import type { AnswerRun } from './answer-run.ts'

/** What nobody can read any more stops its generation, so that the next request need not wait for it. */
export const abandoned = new FinalizationRegistry<AnswerRun>((run) => run.cancel())

/** A generator's `return` does nothing before its first `next`, and waits for one that is under way: this one stops the run at once. */
export class RunIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #run: AnswerRun
  readonly #items: AsyncGenerator<T, undefined>

  constructor(run: AnswerRun, items: AsyncGenerator<T, undefined>) {
    this.#run = run
    this.#items = items
    abandoned.register(this, run)
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#items.next()
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#run.cancel()
    return this.#items.return(undefined)
  }

  throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#run.cancel()
    return this.#items.throw(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
