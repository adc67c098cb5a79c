import type { Costly } from './step-costs.ts'
import type { Priority, SubmitPacer, Tracked } from './submit-pacer.ts'

/** One late answer is no slow GPU. */
const longMeasurements = 2

/** A submit of a decode step, and what it is followed as. */
export interface StepSubmit<S extends Costly> {
  readonly steps: readonly S[]
  readonly tracked: Tracked
}

/**
 * Into how many submits a decode step goes: one, until it is measured to be too long for that; then as many as keep each short,
 * until it fits into one again.
 */
export class StepDivision {
  readonly #pacer: SubmitPacer
  #divided = false
  /** What the last whole steps took at least. */
  #long: readonly number[] = []
  #most = 0

  constructor(pacer: SubmitPacer) {
    this.#pacer = pacer
  }

  /** `whole`: these are all of a step, which can tell how long one takes. */
  cut<S extends Costly>(steps: readonly S[], positions: number, whole: boolean, priority?: Priority): StepSubmit<S>[] {
    const pacer = this.#pacer
    if (pacer.limits.divides && whole) this.#decide(steps, positions, priority)
    if (!this.#divided) {
      const told = (least: number, most: number): void => {
        if (!whole) return
        this.#long = [...this.#long, least].slice(-longMeasurements)
        this.#most = most
      }
      return [{ steps, tracked: { whole: told } }]
    }
    return pacer.cut(steps, 1, positions, priority).map(({ steps, charges }) => ({ steps, tracked: { charges } }))
  }

  #decide(steps: readonly Costly[], positions: number, priority: Priority | undefined): void {
    const pacer = this.#pacer
    if (this.#divided) {
      if (pacer.expected(steps, 1, positions) > pacer.aim(priority)) return
      this.#divided = false
    } else if (this.#long.length === longMeasurements && Math.min(...this.#long) > pacer.longest(priority)) {
      this.#divided = true
      pacer.assume(steps, 1, positions, this.#most)
    }
    if (this.#divided) this.#long = []
  }
}
