import type { BenchResult } from '@sampan/bench'

export interface LoadedResult {
  /** Its run id, with a number behind it where another file has the same. */
  readonly id: string
  /** Where it came from, for people. */
  readonly from: string
  readonly result: BenchResult
}

/** The results that this visit has seen. */
export class ResultStore extends EventTarget {
  readonly #entries: LoadedResult[] = []

  get entries(): readonly LoadedResult[] {
    return this.#entries
  }

  /** The same file again is no other result. */
  add(result: BenchResult, from: string): LoadedResult {
    const text = JSON.stringify(result)
    const known = this.#entries.find((entry) => JSON.stringify(entry.result) === text)
    if (known) return known
    const same = this.#entries.filter((entry) => entry.result.runId === result.runId).length
    const entry = { id: same === 0 ? result.runId : `${result.runId} (${same + 1})`, from, result }
    this.#entries.push(entry)
    this.dispatchEvent(new Event('change'))
    return entry
  }
}
