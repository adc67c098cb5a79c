import type { GenerationRequest } from '../backend.ts'

/** Ends a turn. A second call does nothing. */
export type EndTurn = () => void

type Standing = Pick<GenerationRequest, 'queue' | 'priority'>

/** Of requests that name no queue. */
const SHARED = ''

/**
 * Who comes next, where one is served at a time. Queues take turns, one request each; within a queue the order is that of arrival.
 * Those in the background wait until no other does.
 */
export class FairQueue {
  readonly #normal = new Rotation()
  readonly #background = new Rotation()
  #busy = false

  /**
   * Resolves when it is this request's turn, which lasts until the function that it resolves with is called. Aborting gives up the
   * place at once and rejects with the signal's reason.
   */
  enter({ queue = SHARED, priority }: Standing, signal: AbortSignal): Promise<EndTurn> {
    const rotation = priority === 'background' ? this.#background : this.#normal
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const give = (): void => {
        signal.removeEventListener('abort', abort)
        resolve(this.#turn(() => rotation.ended(queue)))
      }
      const abort = (): void => {
        rotation.remove(queue, give)
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      rotation.add(queue, give)
      this.#next()
    })
  }

  /** Does `work` in its turn. */
  async run<T>(standing: Standing, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const end = await this.enter(standing, signal)
    try {
      return await work()
    } finally {
      end()
    }
  }

  #turn(ended: () => void): EndTurn {
    let over = false
    return () => {
      if (over) return
      over = true
      ended()
      this.#busy = false
      this.#next()
    }
  }

  #next(): void {
    if (this.#busy) return
    const give = this.#normal.take() ?? this.#background.take()
    if (!give) return
    this.#busy = true
    give()
  }
}

type Give = () => void

/** Queues in the order of their next turns. A queue without requests has no place in it. */
class Rotation {
  readonly #queues = new Map<string, Give[]>()
  /** Of the queue whose turn it is: the others that wait in it. It comes back in behind all who waited meanwhile. */
  #served: { readonly queue: string; readonly rest: Give[] } | undefined

  add(queue: string, give: Give): void {
    const waiting = this.#served?.queue === queue ? this.#served.rest : this.#queues.get(queue)
    if (waiting) waiting.push(give)
    else this.#queues.set(queue, [give])
  }

  take(): Give | undefined {
    for (const [queue, [first, ...rest]] of this.#queues) {
      this.#queues.delete(queue)
      this.#served = { queue, rest }
      return first
    }
    return undefined
  }

  ended(queue: string): void {
    const rest = this.#served?.rest ?? []
    this.#served = undefined
    if (rest.length > 0) this.#queues.set(queue, rest)
  }

  remove(queue: string, give: Give): void {
    const isServed = this.#served?.queue === queue
    const waiting = isServed ? this.#served?.rest : this.#queues.get(queue)
    const index = waiting?.indexOf(give) ?? -1
    if (!waiting || index < 0) return
    waiting.splice(index, 1)
    if (!isServed && waiting.length === 0) this.#queues.delete(queue)
  }
}
