import type { Gpu } from '../device/gpu.ts'

/** One submit should keep the GPU no longer than a frame of a page that shows something. */
const wantedMilliseconds = 16
/** Submits whose end has not been waited for. */
const submitsInFlight = 2

/**
 * Feeds long work to the queue in slices: as many units (layers) a submit as take about a frame, two submits in flight, so
 * that an abort takes effect soon. Where doubling the slice does not lengthen it, what was measured is the wait itself
 * (Firefox answers every 100 ms), and the slice keeps growing.
 */
export class SubmitPacer {
  readonly #gpu: Gpu
  #units = 1
  #lastUnits = 1
  #lastMilliseconds = 0
  #running: Promise<void>[] = []

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  /** Units to put into the next submit. */
  get units(): number {
    return this.#units
  }

  /** Call after each submit of `units`; resolves when there is room for another. */
  async submitted(units: number, signal?: AbortSignal): Promise<void> {
    const start = performance.now()
    this.#running.push(this.#gpu.idle().then(() => this.#measure(units, performance.now() - start)))
    if (this.#running.length >= submitsInFlight) await this.#running.shift()
    signal?.throwIfAborted()
  }

  async drain(): Promise<void> {
    await Promise.all(this.#running)
    this.#running = []
  }

  #measure(units: number, milliseconds: number): void {
    const waitDominates = units > this.#lastUnits && milliseconds < 1.5 * this.#lastMilliseconds
    if (milliseconds < wantedMilliseconds || waitDominates)
      this.#units = Math.max(this.#units, Math.min(units * 2, 1024))
    else if (milliseconds > 2 * wantedMilliseconds) this.#units = Math.max(1, units >> 1)
    this.#lastUnits = units
    this.#lastMilliseconds = milliseconds
  }
}
