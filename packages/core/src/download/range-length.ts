/** Shorter ones would be mostly requests, on lines that are not slower than they should be. */
const LEAST_BYTES = 1 << 20
/** Those that a download begins with: its first bytes in order are soon there, and a life that is short has brought something. */
const FIRST_BYTES = 512 << 10
/** With longer ones some connections had no place in the window. */
const MOST_BYTES = 3 << 20

/** What a range should take: little is lost where it is given up, and its latency does not count much. */
const WANTED_SECONDS = 0.5

/** How long the ranges of a file should be, by how fast those before came. */
export class RangeLength {
  #bytes = FIRST_BYTES

  get bytes(): number {
    return this.#bytes
  }

  /** A range came; at most by half and to the double, as one says little. */
  add(bytes: number, milliseconds: number): void {
    const wanted = (bytes * 1000 * WANTED_SECONDS) / Math.max(1, milliseconds)
    const near = Math.min(2 * this.#bytes, Math.max(this.#bytes / 2, wanted))
    this.#bytes = Math.round(Math.min(MOST_BYTES, Math.max(LEAST_BYTES, near)))
  }
}
