/** Steps under way should together take no longer than this, so that an abort is felt at once. */
const boundMilliseconds = 50
const mostDepth = 16
/** Steps a window, by which one depth is compared with the last. */
const windowSteps = 16
/** Results that waited for a reader arrive in bunches; the gaps within a bunch are those of the GPU. */
const gapOfTheGpu = windowSteps / 4
/** A deeper queue must be faster by so much, or it is given up again. */
const wantedGain = 0.9
const longerStep = 1.5

/**
 * How many steps to keep under way. A result takes 0.5 ms to come back in Chrome and 100 ms in Firefox; so the depth doubles
 * for as long as tokens then come faster, within the bound. A step longer than the bound has one more behind it, no more.
 */
export class DecodePace {
  static readonly mostDepth = mostDepth
  #depth = 2
  #before = 2
  #best = Number.POSITIVE_INFINITY
  #settled = false
  #last = 0
  #gaps: number[] = []

  get depth(): number {
    return this.#depth
  }

  /** A run of steps begins, or its reader took its time: what passed since the last result says nothing. */
  restart(): void {
    this.#last = 0
  }

  /** A result has come at `now`, in milliseconds. */
  arrived(now: number): void {
    if (this.#last > 0) this.#gaps.push(now - this.#last)
    this.#last = now
    if (this.#gaps.length < windowSteps) return
    const step = this.#gaps.reduce((sum, gap) => sum + gap, 0) / windowSteps
    const gpu = this.#gaps.sort((a, b) => a - b)[gapOfTheGpu] ?? step
    this.#gaps = []
    this.#adapt(step, Math.min(mostDepth, Math.max(2, Math.floor(boundMilliseconds / Math.max(gpu, 0.1)))))
  }

  #adapt(step: number, bound: number): void {
    if (this.#settled) {
      // Steps have become longer, as they do with the context: fewer of them fit the bound.
      if (step < longerStep * this.#best) return
      this.#best = step
      this.#depth = Math.min(this.#depth, Math.max(2, Math.floor(boundMilliseconds / step)))
    } else if (step > wantedGain * this.#best) {
      this.#settled = true
      this.#depth = this.#before
    } else {
      this.#best = step
      this.#before = this.#depth
      this.#depth = Math.min(this.#depth * 2, bound)
      this.#settled = this.#depth === this.#before
    }
  }
}
