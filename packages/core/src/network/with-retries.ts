import { BRIEF, type Patience } from './patience.ts'
import { pause, untilOnline } from './pause.ts'
import { TransientFailure } from './transient-failure.ts'

const FIRST_PAUSE_MS = 250

/** A server that asks for longer is asked again all the same, so that nobody waits for hours by its mistake. */
const LONGEST_RETRY_AFTER_MS = 5 * 60_000

/** Whatever puts its own answers in place of a server's does so for a while: the first pause is so many times as long. */
const UNFIT_FACTOR = 4

/** Less than this is no progress: or a server that cuts after every byte would be asked for each. */
const LEAST_PROGRESS = 64 << 10

/** Failures that say nothing of the server are not counted, up to here. */
const MOST_UNCOUNTED = 1_000

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined
  readonly patience?: Patience
  readonly firstPauseMs?: number
  /** In [0, 1), for tests: `Math.random`. */
  readonly random?: () => number
}

/**
 * Runs `attempt` again while it throws `TransientFailure` and `progress` (bytes) stays where it is, after growing pauses of which a random
 * part is waited ("full jitter"), so that many pages do not come back in step. After a 429, and an answer that does not fit, at least half
 * is waited.
 * @throws the outcome of the last failure; the signal's reason; what else `attempt` throws
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  progress: () => number,
  options: RetryOptions,
): Promise<T> {
  const { signal, patience = BRIEF, firstPauseMs = FIRST_PAUSE_MS, random = Math.random } = options
  let [failures, busy, uncounted] = [0, 0, 0]
  let reached = progress()
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof TransientFailure)) throw error
      if (progress() - reached >= LEAST_PROGRESS) {
        reached = progress()
        failures = 0
        busy = 0
      }
      if (error.kind === 'slept' || error.kind === 'moved') {
        if (++uncounted >= MOST_UNCOUNTED) throw error.outcome
        continue
      }
      const isBusy = error.kind === 'busy'
      const isUnfit = error.kind === 'unfit'
      if (isBusy ? ++busy >= patience.busyAttempts : ++failures >= patience.attempts) throw error.outcome
      const longest = isBusy
        ? Math.min(patience.longestBusyPauseMs, firstPauseMs * patience.busyFactor * 2 ** (busy - 1))
        : Math.min(patience.longestPauseMs, firstPauseMs * (isUnfit ? UNFIT_FACTOR : 1) * 2 ** (failures - 1))
      const atLeastHalf = isUnfit || (isBusy && patience.busyFactor > 1)
      const own = atLeastHalf ? (longest * (1 + random())) / 2 : longest * random()
      await pause(Math.max(own, Math.min(error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)), signal)
      if (!(await untilOnline(patience.offlineMs, signal))) throw error.outcome
    }
  }
}
