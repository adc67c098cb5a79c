/** Shorter than this a measurement is mostly what it takes to submit and to hear of the end. */
const LEAST_MS = 30
/** Beyond this nothing is repeated within a sample: drivers end submits of seconds. */
const MOST_REPEATS = 4096

export interface TimerOptions {
  /** Of one measurement; at least one sample is taken. */
  readonly samples: number
  readonly budgetMs: number
  readonly signal: AbortSignal
  readonly now?: () => number
}

/** Records the work `repeats` times. */
export type Record = (pass: GPUComputePassEncoder, repeats: number) => void

/**
 * Times GPU work from a submit until the queue is done, less what an empty submit takes. The work is repeated within one submit until that
 * is short beside it.
 */
export class GpuTimer {
  readonly #device: GPUDevice
  readonly #options: TimerOptions
  readonly #now: () => number
  #empty: number | undefined

  constructor(device: GPUDevice, options: TimerOptions) {
    this.#device = device
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** Milliseconds of one repetition, a sample each. @throws the signal's reason; what the device's queue throws */
  async measure(record: Record): Promise<readonly number[]> {
    const { samples, budgetMs } = this.#options
    const empty = await this.#emptyMs()
    const least = Math.max(LEAST_MS, 4 * empty)
    const begun = this.#now()
    // The first run compiles what is not compiled yet, and counts nowhere.
    await this.#run(record, 1)
    let repeats = 1
    let taken = await this.#run(record, repeats)
    while (taken < least && repeats < MOST_REPEATS) {
      repeats = Math.min(MOST_REPEATS, repeats * Math.max(2, Math.ceil((1.2 * least) / Math.max(taken, least / 64))))
      taken = await this.#run(record, repeats)
    }
    const times = [perRepeat(taken, empty, repeats)]
    while (times.length < samples && this.#now() - begun + taken < budgetMs)
      times.push(perRepeat(await this.#run(record, repeats), empty, repeats))
    return times
  }

  async #run(record: Record, repeats: number): Promise<number> {
    this.#options.signal.throwIfAborted()
    const encoder = this.#device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    record(pass, repeats)
    pass.end()
    const commands = encoder.finish()
    const begun = this.#now()
    this.#device.queue.submit([commands])
    await this.#device.queue.onSubmittedWorkDone()
    return this.#now() - begun
  }

  async #emptyMs(): Promise<number> {
    if (this.#empty !== undefined) return this.#empty
    const times: number[] = []
    for (let count = 0; count < 8; count++) times.push(await this.#run(() => {}, 0))
    this.#empty = Math.min(...times)
    return this.#empty
  }
}

/** What is taken off is never more than half. */
function perRepeat(taken: number, empty: number, repeats: number): number {
  return Math.max(taken - empty, taken / 2) / repeats
}
