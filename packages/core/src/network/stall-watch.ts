const LONGEST_TICK_MS = 1_000

/** A tick that is so late is a machine that slept, or a page that was frozen. */
const SLEEP_MS = 20_000
/** What a connection has after that to show that it lives. */
const GRACE_MS = 5_000

/**
 * Notices that what is waited for does not come. Time is counted in ticks of a timer, so that neither a sleep nor a thread that is busy
 * with what came before is taken for a server that stalls.
 */
export class StallWatch {
  readonly #stallMs: number
  readonly #tickMs: number
  readonly #onStall: (slept: boolean) => void
  readonly #timer: ReturnType<typeof setInterval>
  #last = Date.now()
  #waiting = false
  #waitedMs = 0
  #slept = false

  constructor(stallMs: number, onStall: (slept: boolean) => void) {
    this.#stallMs = stallMs
    this.#onStall = onStall
    this.#tickMs = Math.min(stallMs / 4, LONGEST_TICK_MS)
    this.#timer = setInterval(() => this.#tick(), this.#tickMs)
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#waiting = true
    this.#waitedMs = 0
    this.#slept = false
    try {
      return await work
    } finally {
      this.#waiting = false
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const late = Date.now() - this.#last
    this.#last += late
    if (!this.#waiting) return
    if (late > SLEEP_MS) {
      this.#slept = true
      this.#waitedMs = Math.max(this.#waitedMs, this.#stallMs - GRACE_MS)
    }
    this.#waitedMs += this.#tickMs
    if (this.#waitedMs >= this.#stallMs) this.#onStall(this.#slept)
  }
}
