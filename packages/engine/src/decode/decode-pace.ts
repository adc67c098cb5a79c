/** Steps under way should together take no longer than this, so that an abort is felt at once. */
const boundMilliseconds = 50
const mostDepth = 16
/** Steps a window, by which one depth is compared with the last. */
const windowSteps = 16
/** A deeper queue must be faster by so much, or it stays as it is. */
const wantedGain = 0.9

/**
 * How many steps to keep under way. A result takes 0.5 ms to come back in Chrome and 100 ms in Firefox; so the depth doubles
 * for as long as tokens then come faster, within the bound. A step longer than the bound has one more behind it, no more.
 */
export class DecodePace {
  #depth = 2
  #best = Number.POSITIVE_INFINITY
  #settled = false
  #windowStart = 0
  #count = 0

  static readonly mostDepth = mostDepth

  get depth(): number {
    return this.#depth
  }

  /** A run of steps begins: what passed since the last one says nothing. */
  start(): void {
    this.#count = -1
  }

  arrived(): void {
    this.#count += 1
    const now = performance.now()
    if (this.#count <= 0) {
      this.#windowStart = now
      return
    }
    if (this.#settled || this.#count < windowSteps) return
    const step = (now - this.#windowStart) / this.#count
    this.#windowStart = now
    this.#count = 0
    this.#settled = step > wantedGain * this.#best
    this.#best = Math.min(this.#best, step)
    const bound = Math.max(2, Math.floor(boundMilliseconds / this.#best))
    this.#depth = Math.min(this.#settled ? this.#depth : this.#depth * 2, bound, mostDepth)
  }
}
