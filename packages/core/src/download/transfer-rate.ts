/** Bytes count less the longer ago they came: this long ago, by a factor of e. */
const MEMORY_MS = 8_000

/** Nothing is told before: the first bytes come from buffers, or after a connection's slow start. */
const LEAST_MS = 1_500

/** After so long without a byte the network has changed, or the machine slept: what was before says nothing of what is to come. */
const FORGET_MS = 30_000

/** Nobody is told of longer. */
const MOST_SECONDS = 99 * 3600

/** How fast bytes come, steadily enough to be shown: a weighted mean of the last seconds. Times are in milliseconds. */
export class TransferRate {
  #began: number | undefined
  #last = 0
  /** Weighted, as of `#last`. */
  #bytes = 0

  add(bytes: number, now: number): void {
    if (this.#began === undefined || now - this.#last > FORGET_MS || now < this.#last) {
      this.#began = now
      // The first bytes have come in a time that nobody knows.
      this.#bytes = 0
    } else this.#bytes = this.#bytes * Math.exp((this.#last - now) / MEMORY_MS) + bytes
    this.#last = now
  }

  /** Undefined until known. */
  bytesPerSecond(now: number): number | undefined {
    if (this.#began === undefined || now - this.#began < LEAST_MS || now - this.#last > FORGET_MS) return
    const bytes = this.#bytes * Math.exp((this.#last - now) / MEMORY_MS)
    // What a steady stream of one byte in a millisecond would have come to.
    const weight = MEMORY_MS * (1 - Math.exp((this.#began - now) / MEMORY_MS))
    return (bytes / weight) * 1000
  }

  /** For `left` bytes; undefined until known, and where it is so slow that nobody should be told. */
  secondsLeft(left: number, now: number): number | undefined {
    const rate = this.bytesPerSecond(now)
    if (rate === undefined) return
    const seconds = left <= 0 ? 0 : left / rate
    return seconds <= MOST_SECONDS ? seconds : undefined
  }
}
