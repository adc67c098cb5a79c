import type { TokenConstraint } from '../engine-types.ts'

/**
 * Which steps may be submitted while the tokens before them are still unknown: those that the constraint leaves free. Steps
 * are counted from 0; any other waits until all tokens before it have been accepted, so that there is a mask for it.
 */
export class RunAhead {
  readonly #constraint: TokenConstraint
  #accepted = 0
  /** Steps before this one are free. */
  #free = 0

  constructor(constraint: TokenConstraint) {
    this.#constraint = constraint
  }

  reaches(step: number): boolean {
    if (step >= this.#free) this.#free = Math.max(this.#free, this.#accepted + this.#constraint.free())
    return step < this.#free || step === this.#accepted
  }

  /** For a step that is reached; undefined: any token may be chosen. */
  mask(step: number): Uint32Array | undefined {
    return step < this.#free ? undefined : this.#constraint.allowed()
  }

  accept(token: number): void {
    this.#constraint.accept(token)
    this.#accepted += 1
  }
}
