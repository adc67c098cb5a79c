import type { BenchModel, EngineName, ModelToRun, RunRequest } from '../engines/bench-engine.ts'
import type { Conditions, Machine } from '../result/result-types.ts'

/** Goes up when a page of another checkout could no longer be driven. */
export const PAGE_PROTOCOL = 1

/** Name of the global by which a page is driven. */
export const PAGE_GLOBAL = 'sampanBench'

export interface PageFacts {
  readonly protocol: number
  readonly machine: Machine
  readonly conditions: Conditions
}

/** What is asked to be opened. A page opens one model in its life. */
export interface PageOpening {
  readonly engine: EngineName
  readonly model: ModelToRun
  /** Of Sampan. */
  readonly version: string
  readonly commit?: string
  /** False: the file lies on this machine, and keeping it once more would only take time. */
  readonly keep: boolean
}

/** Every call of a page, with what it is given; all of it crosses as plain data. */
export interface PageCalls {
  facts: undefined
  open: PageOpening
  run: Omit<RunRequest, 'signal'>
  nextTokens: { readonly tokens: readonly number[]; readonly from: number }
  counters: undefined
  memory: undefined
  /** What the device can do, with working sets of so many bytes among others. In a page that opens no model. */
  probe: { readonly workingSets: readonly number[] }
  /** What the call in progress computes is of no use any more. */
  abort: undefined
  close: undefined
}

export type PageOpened = Pick<BenchModel, 'identity' | 'cannot'>

export type PageAnswer = {
  /** At some time since the last call. */
  readonly hidden: boolean
} & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string | undefined; readonly message: string }
)
