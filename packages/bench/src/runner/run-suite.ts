import { completeResult } from '../result/complete-result.ts'
import { oneLine } from '../result/fields.ts'
import type {
  BenchResult,
  ComparisonDraft,
  ResultDraft,
  ResultEngine,
  Roofline,
  RowDraft,
  RowSample,
  Suite,
} from '../result/result-types.ts'
import { testName } from './bench-test.ts'
import { type Agreement, checkAgreement, type Reference } from './check-agreement.ts'
import { type BenchHost, type CellSide, measureCell, type SideOutcome, type TimedSample } from './measure-cell.ts'
import { type TestAtDepth, testsOf } from './suites.ts'

export interface SuiteRun {
  readonly suite: Suite
  /** Those of one model are measured in turns, and each is compared with the first. */
  readonly sides: readonly CellSide[]
  /** By `model.name`: what right answers are. Without it rows are unchecked, and not ranked. */
  readonly references: ReadonlyMap<string, Reference>
  /** Of each cell and side. */
  readonly mostSamples: number
  readonly facts: Pick<ResultDraft, 'runId' | 'harness' | 'machine' | 'conditions' | 'note'>
  /** Told why a side's answers could not be checked, though there is a reference. */
  readonly onUnchecked?: (side: CellSide, reason: string) => void
  /** Measured after the agreement, before the cells, in the same run; absent where there is no GPU. */
  readonly probe?: (signal: AbortSignal) => Promise<Roofline | undefined>
}

export interface SuiteProgress {
  /** 0 … 1. */
  readonly fraction: number
  /** By how long it took so far; absent until that says something. */
  readonly secondsLeft?: number
  /** What is done now, for people. */
  readonly doing: string
}

/** Less of a run says little about the rest. */
const LEAST_FRACTION = 0.02

/**
 * Checks every engine's answers, then measures cell by cell. What fails is a row that says so; after an abort the result holds what there
 * is.
 */
export async function runSuite(
  host: BenchHost,
  run: SuiteRun,
  signal: AbortSignal,
  onProgress: (progress: SuiteProgress) => void = () => {},
): Promise<BenchResult> {
  const begun = host.now()
  const startedAt = new Date().toISOString()
  const cells = testsOf(run.suite).flatMap((at) => groups(run.sides).map((sides) => ({ ...at, sides })))
  const steps = run.sides.length + 1 + cells.length
  let done = 0
  const tell = (doing: string, within = 0): void => {
    const fraction = Math.min(1, (done + within) / steps)
    const seconds = (host.now() - begun) / 1000
    const secondsLeft = fraction < LEAST_FRACTION ? undefined : (seconds / fraction) * (1 - fraction)
    onProgress({ fraction, doing, ...(secondsLeft !== undefined && { secondsLeft }) })
  }
  const engines = new Engines()
  const agreements = new Map<CellSide, Agreement>()
  for (const side of run.sides) {
    tell(`${side.engine}: answers`)
    const agreement = await agreementOf(host, run, side, signal)
    if (agreement) agreements.set(side, agreement)
    done++
  }
  tell('what the device can do')
  const roofline = signal.aborted ? undefined : await run.probe?.(signal).catch(() => undefined)
  done++
  const rows: RowDraft[] = []
  const comparisons: ComparisonDraft[] = []
  for (const cell of cells) {
    const doing = `${testName(cell.test)} @ ${cell.depth}: ${cell.sides.map(({ engine }) => engine).join(', ')}`
    const { samples: leastSamples, ms: leastMs } = run.suite.minimum
    const plan = { ...cell, seed: run.suite.seed, leastSamples, leastMs, mostSamples: run.mostSamples }
    const outcomes = await measureCell(host, plan, signal, ({ fraction }) => tell(doing, fraction))
    const first = rows.length
    for (const outcome of outcomes) {
      engines.see(outcome)
      rows.push(rowOf(cell, outcome, begun, agreements.get(outcome.side)))
    }
    comparisons.push(...comparisonsOf(outcomes, first))
    done++
  }
  tell('done')
  return completeResult({
    ...run.facts,
    ...{ startedAt, endedAt: new Date().toISOString(), aborted: signal.aborted, suite: run.suite },
    ...(roofline && { roofline }),
    ...{ engines: engines.list, rows, comparisons },
  })
}

/** Sides of one model are measured together. */
function groups(sides: readonly CellSide[]): readonly (readonly CellSide[])[] {
  const byModel = new Map<string, CellSide[]>()
  for (const side of sides) byModel.set(side.model.name, [...(byModel.get(side.model.name) ?? []), side])
  return [...byModel.values()]
}

/** Undefined where it cannot be told. */
async function agreementOf(
  host: BenchHost,
  { references, onUnchecked }: SuiteRun,
  side: CellSide,
  signal: AbortSignal,
): Promise<Agreement | undefined> {
  const reference = references.get(side.model.name)
  if (!reference || signal.aborted) return undefined
  const contextLength = Math.max(...reference.cases.map(({ ids, greedy }) => ids.length + greedy.length + 1))
  try {
    const model = await host.open(side, { ...side.model, contextLength }, { onProgress: () => {}, signal })
    try {
      const agreement = await checkAgreement(model, reference, signal)
      if (!agreement) onUnchecked?.(side, model.cannot['next-tokens'] ?? 'The reference decides nowhere.')
      return agreement
    } finally {
      await model.close()
    }
  } catch (error) {
    // An engine that cannot even be opened will say so in its rows.
    if (!signal.aborted) onUnchecked?.(side, error instanceof Error ? error.message : String(error))
    return undefined
  }
}

/** What was opened, once each. */
class Engines {
  readonly list: ResultEngine[] = []

  see({ side: { engine, build, model }, identity }: SideOutcome): void {
    const isKnown = this.list.some(
      (other) => other.engine === engine && other.build === build && other.model === model.name,
    )
    if (isKnown || !identity) return
    this.list.push({ engine, ...(build !== undefined && { build }), model: model.name, source: model.source, identity })
  }
}

function rowOf(
  { test, depth }: TestAtDepth,
  outcome: SideOutcome,
  begun: number,
  agreement: Agreement | undefined,
): RowDraft {
  const { side, identity, warmUp, memory } = outcome
  const samples = outcome.samples.map((sample) => sampleOf(sample, begun))
  const cell = {
    ...{ engine: side.engine, model: side.model.name, test: testName(test), depth },
    ...(side.build !== undefined && { build: side.build }),
  }
  const held = {
    ...(warmUp && { warmUp: sampleOf(warmUp, begun) }),
    ...(identity && { load: identity.load }),
    ...(agreement && { agreement }),
    ...(memory && { memory }),
  }
  switch (outcome.status) {
    case 'measured':
      return { ...cell, ...held, status: 'measured', samples }
    case 'not-available':
      return { ...cell, status: 'not-available', reason: oneLine(outcome.reason), samples: [] }
    case 'failed':
    case 'aborted':
      return { ...cell, ...held, status: outcome.status, reason: oneLine(outcome.reason), samples }
  }
}

function sampleOf(
  { startedAt, ms, tokenTimes, engineTimes, promptTokens, reused, ...more }: TimedSample,
  begun: number,
): RowSample {
  const { gpuMs, counters, hidden } = more
  return {
    ...{ startedMs: startedAt - begun, ms, tokenTimes, promptTokens },
    ...(engineTimes && { engineTimes }),
    ...(reused !== undefined && { reused }),
    ...(gpuMs !== undefined && { gpuMs }),
    ...(counters && { counters }),
    ...(hidden !== undefined && { hidden }),
  }
}

/** Each with the first: samples of the same repetition stand side by side. `first`: the row of the first outcome. */
function comparisonsOf(outcomes: readonly SideOutcome[], first: number): ComparisonDraft[] {
  const base = outcomes[0]?.samples.length ?? 0
  return outcomes.slice(1).map(({ samples }, index) => ({
    base: first,
    other: first + 1 + index,
    pairs: Array.from({ length: Math.min(base, samples.length) }, (_, place): [number, number] => [place, place]),
  }))
}
