/** Answers that come within this time after another came at the same tick of a device that answers coarsely. */
const sameTickMilliseconds = 2
/** From here on answers come by a clock of the browser's and not when work ends. */
const coarseMilliseconds = 8
/** Of `performance.now()`, in the coarsest browsers. */
const resolutionMilliseconds = 1
/** A device that answers coarsely is watched over so many of its ticks at a time. */
const coarseTicks = 4

/** A submit without an answer yet. */
interface UnderWay<Slice> {
  readonly slice: Slice
  readonly at: number
}

interface Window<Slice> {
  readonly slices: Slice[]
  /** While there was something to do. */
  busy: number
  /** How often there had been nothing to do before. */
  starts: number
}

/**
 * How long submits take the GPU, by the host's clock: from one answer to the next, or from the submit where nothing was under
 * way. So an answer's own delay cancels out while the queue never runs empty, and is known otherwise. On a device that answers
 * every 100 ms (Firefox) that tells nothing of one submit, but much of as many as end in a few ticks.
 *
 * Timestamp queries would tell each by itself, but not in every browser, rounded as well, and at a readback a submit.
 */
export class SubmitClock<Slice> {
  readonly coarse: boolean
  readonly #answer: number
  readonly #measured: (slices: readonly Slice[], least: number, most: number) => void
  readonly #underWay: UnderWay<Slice>[] = []
  #window: Window<Slice> | undefined
  #lastAnswer = 0
  #fresh = false

  /**
   * @param answer milliseconds from an empty submit to its answer
   * @param measured told that `slices` together took the GPU from `least` to `most` milliseconds
   */
  constructor(answer: number, measured: (slices: readonly Slice[], least: number, most: number) => void) {
    this.#answer = answer
    this.#measured = measured
    this.coarse = answer >= coarseMilliseconds
  }

  /** By `performance.now()`; 0 before the first. */
  get lastAnswer(): number {
    return this.#lastAnswer
  }

  /** Returns what `answered` is to be given. */
  submitted(slice: Slice, now: number): UnderWay<Slice> {
    const submit = { slice, at: now }
    this.#underWay.push(submit)
    return submit
  }

  /** All that was submitted before it has ended too. */
  answered(submit: UnderWay<Slice>, now: number): void {
    // A new tick: what came with the last is complete.
    if (this.coarse) this.settle(now)
    const ended = this.#underWay.splice(0, this.#underWay.indexOf(submit) + 1)
    const [first] = ended
    if (!first) return
    const window = this.#window ?? { slices: [], busy: 0, starts: 0 }
    this.#window = window
    window.slices.push(...ended.map(({ slice }) => slice))
    window.busy += now - Math.max(this.#lastAnswer, first.at)
    if (first.at >= this.#lastAnswer) window.starts += 1
    this.#lastAnswer = now
    this.#fresh = true
  }

  /** Tells what is known by now. */
  settle(now: number): void {
    const window = this.#window
    if (!window || !this.#fresh || (this.coarse && now - this.#lastAnswer < sameTickMilliseconds)) return
    this.#fresh = false
    const { slices, busy, starts } = window
    const delay = this.#answer * (this.coarse ? Math.max(1, starts) : starts)
    const least = busy - delay - resolutionMilliseconds
    if (!this.coarse || this.#underWay.length === 0 || busy >= coarseTicks * this.#answer) this.#window = undefined
    this.#measured(slices, Math.max(0, least), busy + resolutionMilliseconds)
  }
}
