import { BenchError } from '../errors.ts'
import type { PageCalls } from '../page/page-calls.ts'
import { readAnswer } from './page-values.ts'

/** A page in a browser of its own, as something else than this package drives it. */
export interface PageConnection {
  /** @returns a `PageAnswer`, unchecked */
  call<Name extends keyof PageCalls>(name: Name, argument: PageCalls[Name]): Promise<unknown>
  /** Resolves with the reason when nothing will be answered any more. */
  readonly lost: Promise<string>
  /** Ends the browser. Safe to call again. */
  close(): Promise<void>
}

export interface ConnectOptions {
  readonly signal: AbortSignal
  /** 0 … 1, of opening a model. */
  readonly onProgress: (fraction: number) => void
}

/** Longest that a page may take, in milliseconds, before it is given up. */
export interface PageLimits {
  /** Without any progress. */
  readonly open: number
  readonly call: number
}

export const PAGE_LIMITS: PageLimits = { open: 300_000, call: 600_000 }

/** Calls of one page: they end when it does not answer, when it is lost, and at once on an abort. */
export class PageLine {
  readonly #connection: PageConnection
  readonly #limits: PageLimits
  readonly #onHidden: (hidden: boolean) => void
  #touched = () => {}

  constructor(connection: PageConnection, limits: PageLimits, onHidden: (hidden: boolean) => void) {
    this.#connection = connection
    this.#limits = limits
    this.#onHidden = onHidden
  }

  /** That something moves: an opening that goes on is not given up. */
  touch(): void {
    this.#touched()
  }

  /**
   * @throws BenchError with the page's own code where it has one; `engine-misbehaved` for a page that is lost or silent; the signal's
   * reason
   */
  async ask<Name extends keyof PageCalls>(
    name: Name,
    argument: PageCalls[Name],
    signal?: AbortSignal,
  ): Promise<unknown> {
    signal?.throwIfAborted()
    const answered = await this.#inTime(name, this.#connection.call(name, argument), signal)
    const answer = readAnswer(answered)
    this.#onHidden(answer.hidden)
    if (answer.ok) return answer.value
    const code = answer.code === 'not-available' ? 'not-available' : 'engine-misbehaved'
    throw new BenchError(code, answer.message)
  }

  #inTime(name: keyof PageCalls, work: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const limit = name === 'open' ? this.#limits.open : this.#limits.call
      const end = (): void => {
        clearTimeout(timer)
        this.#touched = () => {}
        signal?.removeEventListener('abort', abort)
      }
      const fail = (error: unknown): void => {
        end()
        reject(error)
      }
      const late = (): void => fail(misbehaved(`The page did not answer within ${limit / 1000} s (${name}).`))
      const abort = (): void => {
        // It may go on computing: nobody waits for that.
        this.#connection.call('abort', undefined).catch(() => {})
        fail(signal?.reason)
      }
      let timer = setTimeout(late, limit)
      this.#touched = () => {
        clearTimeout(timer)
        timer = setTimeout(late, limit)
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.#connection.lost.then((why) => fail(misbehaved(why)))
      work.then((value) => {
        end()
        resolve(value)
      }, fail)
      // It may have come while the call was made.
      if (signal?.aborted) abort()
    })
  }
}

function misbehaved(what: string): BenchError {
  return new BenchError('engine-misbehaved', what)
}
