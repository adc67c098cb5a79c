import type { AnswerRun } from './answer-run.ts'

/**
 * What nobody can read any more stops its generation, so that the next request need not wait for it. Of what has ended nothing is
 * to be told: Chromium ends a page that was left, and is kept to go back to, where a callback of a registry would run in it.
 */
export const abandoned = new FinalizationRegistry<AnswerRun>((run) => run.cancel())

/** A generator's `return` does nothing before its first `next`, and waits for one that is under way: this one stops the run at once. */
export class RunIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #run: AnswerRun
  readonly #items: AsyncGenerator<T, undefined>
  readonly #token = {}

  constructor(run: AnswerRun, items: AsyncGenerator<T, undefined>) {
    this.#run = run
    this.#items = items
    abandoned.register(this, run, this.#token)
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return unlessOver(this.#items.next(), this.#token)
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#run.cancel()
    return unlessOver(this.#items.return(undefined), this.#token)
  }

  throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#run.cancel()
    return unlessOver(this.#items.throw(error), this.#token)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/** Holds no iterator, so that it can be collected meanwhile. */
async function unlessOver<T>(
  next: Promise<IteratorResult<T, undefined>>,
  token: object,
): Promise<IteratorResult<T, undefined>> {
  let isOver = true
  try {
    const result = await next
    isOver = result.done === true
    return result
  } finally {
    if (isOver) abandoned.unregister(token)
  }
}
