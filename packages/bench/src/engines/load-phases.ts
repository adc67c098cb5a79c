import type { EngineIdentity } from './bench-engine.ts'

/** How long each phase of a load took, from what its progress tells. Phases that overlap share the time up to the next one's first word. */
export class LoadPhases {
  readonly #now: () => number
  readonly #begun: number
  readonly #phases: { readonly phase: string; readonly at: number }[] = []

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#begun = now()
  }

  see(phase: string): void {
    if (!this.#phases.some((seen) => seen.phase === phase)) this.#phases.push({ phase, at: this.#now() })
  }

  /** The first phase begins with the load. */
  end(): EngineIdentity['load'] {
    const end = this.#now()
    return this.#phases.map(({ phase, at }, index) => ({
      phase,
      ms: (this.#phases[index + 1]?.at ?? end) - (index === 0 ? this.#begun : at),
    }))
  }
}
