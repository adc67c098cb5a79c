import { randomUUID } from 'node:crypto'
import type { EngineName } from '../engines/bench-engine.ts'
import type { BenchResult, ResultDraft, Suite } from '../result/result-types.ts'
import type { Reference } from '../runner/check-agreement.ts'
import type { CellSide } from '../runner/measure-cell.ts'
import { runSuite, type SuiteProgress, type SuiteRun } from '../runner/run-suite.ts'
import type { CommandHost } from './command-host.ts'
import { nodeFacts } from './node-facts.ts'

export interface BenchCommand {
  readonly suite: Suite
  readonly sides: readonly CellSide[]
  readonly mostSamples: number
  /** By the model's name. */
  readonly references: ReadonlyMap<string, Reference>
  readonly harness: ResultDraft['harness']
  /** The GPU, as its owner calls it. */
  readonly declaredGpu?: string
  readonly note?: string
  readonly onUnchecked?: SuiteRun['onUnchecked']
}

/** Those that need no browser. */
const WITHOUT_PAGE: ReadonlySet<EngineName> = new Set(['sampan-dawn', 'openai-compatible'])

/** Runs a suite as the command line was told; an abort gives what there is. */
export async function runCommand(
  host: CommandHost,
  { suite, sides, mostSamples, references, harness, declaredGpu, note, onUnchecked }: BenchCommand,
  signal: AbortSignal,
  onProgress: (progress: SuiteProgress) => void,
): Promise<BenchResult> {
  const isInPage = sides.some(({ engine }) => !WITHOUT_PAGE.has(engine))
  const { machine, conditions } = isInPage ? await host.facts(signal) : nodeFacts()
  const facts = {
    ...{ runId: randomUUID(), harness, conditions },
    machine: { ...machine, ...(declaredGpu !== undefined && { declaredGpu }) },
    ...(note !== undefined && { note }),
  }
  const run = { suite, sides, references, mostSamples, facts, ...(onUnchecked && { onUnchecked }) }
  const probe = (inner: AbortSignal) => host.probe(inner)
  return runSuite(host, { ...run, ...(isInPage && { probe }) }, signal, onProgress)
}
