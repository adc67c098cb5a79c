import type { BenchHost, CellSide } from '@sampan/bench'
import type { Stretch } from './page-watch.ts'

type Opened = Awaited<ReturnType<BenchHost['open']>>
type Sample = Awaited<ReturnType<Opened['run']>>

/** A model as a cell, or the check of answers, had it. */
export interface Opening {
  readonly side: Pick<CellSide, 'engine' | 'build'>
  readonly model: string
  readonly stretches: Stretch[]
  readonly runs: { readonly sample: Sample; readonly stretch: Stretch }[]
  identity?: Opened['identity']
}

/** The page's own engines, and what was seen of the page while each of them worked. */
export class WatchedHost implements BenchHost {
  readonly openings: Opening[] = []
  readonly #open: BenchHost['open']
  readonly #onClosed: (opening: Opening) => void
  #hidden = false
  #afterRun = false

  constructor(open: BenchHost['open'], onClosed: (opening: Opening) => void) {
    this.#open = open
    this.#onClosed = onClosed
  }

  now(): number {
    return performance.now()
  }

  /** Of the page. Asked before a run it says how it is; after one, how it was at any time in it. */
  isHidden(): boolean {
    const was = this.#afterRun && this.#hidden
    this.#afterRun = false
    return was || document.visibilityState === 'hidden'
  }

  /** To be called when the page is hidden. */
  sawHidden(): void {
    this.#hidden = true
  }

  async open(...[side, model, options]: Parameters<BenchHost['open']>): Promise<Opened> {
    const opening: Opening = { side, model: model.name, stretches: [], runs: [] }
    this.openings.push(opening)
    const opened = await this.#open(side, model, options)
    opening.identity = opened.identity
    return {
      identity: opened.identity,
      cannot: opened.cannot,
      run: async (request) => {
        this.#hidden = document.visibilityState === 'hidden'
        const start = performance.now()
        const sample = await opened.run(request)
        const stretch = { start, end: performance.now() }
        this.#afterRun = true
        opening.stretches.push(stretch)
        opening.runs.push({ sample, stretch })
        return sample
      },
      nextTokens: (tokens, from, signal) => opened.nextTokens(tokens, from, signal),
      counters: () => opened.counters(),
      memory: () => opened.memory(),
      close: async () => {
        await opened.close()
        this.#onClosed(opening)
      },
    }
  }
}
