import { readTestName } from '../runner/bench-test.ts'
import { drift } from '../statistics/disturbances.ts'
import { medianInterval } from '../statistics/median-interval.ts'
import { ascending } from '../statistics/numbers.ts'
import { median, medianAbsoluteDeviation, quantileOfSorted, spread } from '../statistics/quantile.ts'
import { rowFlags } from './flags.ts'
import { rankable } from './ranking.ts'
import type {
  BenchResult,
  ResultIdentity,
  RowCounters,
  RowDerived,
  RowDraft,
  RowSample,
  Summary,
} from './result-types.ts'
import { rooflineShare } from './roofline-share.ts'
import { sampleRate } from './sample-rate.ts'

/** A row that has samples, as far as its numbers need it. */
export type RowInputs = Extract<RowDraft, { status: 'measured' | 'aborted' }>

/** What a row's numbers follow from besides its samples. */
export interface RowContext {
  /** Of the engine and model, where they were opened at all. */
  readonly identity: ResultIdentity | undefined
  readonly result: Pick<BenchResult, 'machine' | 'conditions' | 'roofline'>
}

/**
 * A row's numbers from its samples.
 * @throws BenchError `statistics-invalid` for samples without a speed, such as tokens that came all at once
 */
export function deriveRow(row: RowInputs, { identity, result }: RowContext): RowDerived {
  const { samples } = row
  const rates = samples.map((sample) => sampleRate(row, sample))
  const tokensPerSecond = summary(rates)
  const agreement = row.agreement && row.agreement.agreeing / row.agreement.positions
  const roofline = rooflineShare(row, tokensPerSecond.median, identity, result.roofline)
  const wander = drift(
    samples.map(({ startedMs }) => startedMs),
    rates,
  )
  const width = spread(rates)
  const flags = rowFlags({ row, rates, width, wander, agreement, share: roofline?.share, identity, result })
  return {
    tokensPerSecond,
    ttftMs: summary(samples.map(({ tokenTimes }) => tokenTimes[0] ?? 0)),
    ...(readTestName(row.test)?.kind === 'decode' && decodeOnly(samples)),
    ...(roofline && { roofline }),
    ...(agreement !== undefined && { agreement }),
    spread: width,
    ...(wander && { drift: wander.change }),
    flags,
    unranked: rankable(row.status, tokensPerSecond, flags),
  }
}

function summary(values: readonly number[]): Summary {
  return { median: median(values), mad: medianAbsoluteDeviation(values), ...medianInterval(values) }
}

function decodeOnly(samples: readonly RowSample[]): Partial<RowDerived> {
  const between = samples.flatMap(({ tokenTimes }) =>
    tokenTimes.slice(1).map((time, index) => time - (tokenTimes[index] ?? 0)),
  )
  const sorted = ascending(between)
  const counted = samples.filter(({ counters }) => counters !== undefined)
  const timed = samples.flatMap(({ gpuMs, ms, tokenTimes }) =>
    gpuMs === undefined ? [] : [Math.max(0, ms - gpuMs) / tokenTimes.length],
  )
  return {
    itlMs: {
      p50: quantileOfSorted(sorted, 0.5),
      p95: quantileOfSorted(sorted, 0.95),
      p99: quantileOfSorted(sorted, 0.99),
      max: quantileOfSorted(sorted, 1),
    },
    ...(counted.length > 0 && { countersPerToken: countersPerToken(counted) }),
    ...(timed.length > 0 && { hostMsPerToken: median(timed) }),
  }
}

function countersPerToken(samples: readonly RowSample[]): RowCounters {
  const tokens = samples.reduce((sum, { tokenTimes }) => sum + tokenTimes.length, 0)
  const per = (counter: keyof RowCounters) =>
    samples.reduce((sum, { counters }) => sum + (counters?.[counter] ?? 0), 0) / tokens
  return {
    dispatches: per('dispatches'),
    submits: per('submits'),
    bindGroups: per('bindGroups'),
    readbacks: per('readbacks'),
    readbackBytes: per('readbackBytes'),
  }
}
