import type { SampanError } from '../errors.ts'

/**
 * What happened: `busy` is a 429, `slept` a connection that did not outlive a sleep of this machine, `moved` an address that has
 * expired and been asked for anew, `unfit` an answer that is something else than what was asked for.
 */
export type FailureKind = 'failed' | 'busy' | 'slept' | 'moved' | 'unfit'

/** A failure that another attempt may mend. */
export class TransientFailure extends Error {
  /** What is thrown when there are no more attempts. */
  readonly outcome: SampanError
  readonly kind: FailureKind
  /** What the server asks for, where the page may read it. */
  readonly retryAfterMs: number | undefined

  constructor(outcome: SampanError, kind: FailureKind = 'failed', retryAfterMs?: number) {
    super(outcome.message)
    this.outcome = outcome
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }
}
