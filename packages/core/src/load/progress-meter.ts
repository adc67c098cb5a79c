import type { AcquireProgress } from '../acquire/acquire-types.ts'
import type { BackendProgress } from '../backend.ts'
import type { LoadProgress } from './load-types.ts'

type Phase = LoadProgress['phase']

/** Share of each phase in the whole, roughly as their times are. What is left over is for what no phase counts. */
const SHARES: Readonly<Record<Phase, number>> = { open: 0.05, download: 0, weights: 0.75, compile: 0.18 }
/** The same where something is downloaded first. */
const DOWNLOAD_SHARES: Readonly<Record<Phase, number>> = { open: 0.02, download: 0.85, weights: 0.08, compile: 0.04 }

/**
 * Makes one figure that never falls out of phases that may overlap. Nor do those of a phase: what another tab had fetched and did not
 * keep, or what was not as promised, comes again without anyone's bar going back.
 */
export class ProgressMeter {
  readonly #done = new Map<LoadProgress['phase'], number>()
  readonly #most = new Map<LoadProgress['phase'], number>()
  #fraction = 0
  #last: BackendProgress | AcquireProgress = { phase: 'open', loaded: 0, total: 1 }

  update(given: BackendProgress | AcquireProgress): LoadProgress {
    const loaded = Math.max(given.loaded, Math.min(this.#most.get(given.phase) ?? 0, given.total))
    const progress = { ...given, loaded }
    this.#most.set(progress.phase, loaded)
    this.#last = progress
    const done = progress.total > 0 ? Math.min(1, progress.loaded / progress.total) : 1
    this.#done.set(progress.phase, Math.max(done, this.#done.get(progress.phase) ?? 0))
    let sum = 0
    for (const [phase, part] of this.#done) sum += (this.#done.has('download') ? DOWNLOAD_SHARES : SHARES)[phase] * part
    this.#fraction = Math.max(this.#fraction, Math.min(1, sum))
    return { ...progress, fraction: this.#fraction }
  }

  finish(): LoadProgress {
    return { ...this.#last, loaded: this.#last.total, fraction: 1 }
  }
}
