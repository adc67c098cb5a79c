/** Cases `[from, to)` of one target. */
export interface FuzzTask {
  /** The workspace's folder, with a slash at its end. */
  readonly root: string
  readonly target: string
  readonly seed: number
  readonly from: number
  readonly to: number
  /** One 32-bit number: the case that is being read. */
  readonly at: SharedArrayBuffer
}

export interface CaseFailure {
  readonly index: number
  readonly error: string
}

export interface FuzzReport {
  /** By code; `read` for what gave a value. */
  readonly outcomes: readonly (readonly [string, number])[]
  readonly failures: readonly CaseFailure[]
  readonly slowest: { readonly index: number; readonly milliseconds: number }
  readonly milliseconds: number
}
