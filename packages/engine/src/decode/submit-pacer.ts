import type { Gpu } from '../device/gpu.ts'

/** One submit should keep the GPU no longer than a frame of a page that shows something. */
const wantedMilliseconds = 16
/** Submits whose end has not been waited for. */
const submitsInFlight = 2

/**
 * Feeds long work to the queue in slices: as many units (layers) a submit as take about a frame, two submits in flight, so
 * that an abort takes effect soon. The shortest wait ever seen is taken for what an answer itself costs (Firefox gives one
 * every 100 ms) and not for work.
 */
export class SubmitPacer {
  readonly #gpu: Gpu
  readonly #mostUnits: number
  #units = 1
  #shortest = Number.POSITIVE_INFINITY
  readonly #running: Promise<void>[] = []

  /** `mostUnits`: units of the whole work. */
  constructor(gpu: Gpu, mostUnits: number) {
    this.#gpu = gpu
    this.#mostUnits = mostUnits
  }

  /** Units to put into the next submit. */
  get units(): number {
    return this.#units
  }

  /** Call after each submit of `units`; resolves when there is room for another. */
  async submitted(units: number, signal?: AbortSignal): Promise<void> {
    const start = performance.now()
    const done = this.#gpu.idle().then(() => this.#measure(units, performance.now() - start))
    done.catch(() => {}) // A loss may come while nobody waits; the next to wait is told.
    this.#running.push(done)
    if (this.#running.length >= submitsInFlight) await this.#running.shift()
    signal?.throwIfAborted()
  }

  #measure(units: number, milliseconds: number): void {
    this.#shortest = Math.min(this.#shortest, milliseconds)
    // The short end of a batch, or a slice of an older size, says nothing about this size.
    if (units !== this.#units) return
    const work = milliseconds - this.#shortest
    if (work < wantedMilliseconds) this.#units = Math.min(units * 2, this.#mostUnits)
    else if (work > 2 * wantedMilliseconds) this.#units = Math.max(1, units >> 1)
  }
}
