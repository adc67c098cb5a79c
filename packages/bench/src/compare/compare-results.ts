import { engineOf } from '../result/engine-of.ts'
import type { BenchResult, ResultRow } from '../result/result-types.ts'
import { sampleRate } from '../result/sample-rate.ts'
import { pairedTest, type Ratio, type TestedRatio, unpairedTest } from '../statistics/ratio.ts'
import { discoveries } from './false-discovery.ts'
import { differencesOf } from './machine-differences.ts'
import { type Judgement, judge } from './verdict.ts'

export interface CompareOptions {
  /** A loss beyond this that is no chance is a failure; 0.02 is 2 %. */
  readonly threshold?: number
}

export interface ComparedRow extends Judgement {
  readonly base: ResultRow
  readonly other: ResultRow
  /** `other` by `base`; above 1 the other is faster. */
  readonly ratio?: Ratio
  /** Of interleaved pairs; otherwise of samples taken apart, and what changed in between is in the ratio and not in its interval. */
  readonly paired: boolean
}

export interface ComparedResults {
  readonly rows: readonly ComparedRow[]
  /** Of rows that only one of the two has, and of what differs without forbidding the comparison. */
  readonly notes: readonly string[]
  /** Why nothing can be said, where that is so. */
  readonly incomparable?: string
  readonly threshold: number
  /** 0: no row is worse; 1: one is: slower beyond the threshold, or it no longer runs or answers rightly; 2: nothing could be judged. */
  readonly exitCode: 0 | 1 | 2
}

const THRESHOLD = 0.02
/** Of comparisons of equal builds. */
const FALSE_ALARMS = 0.05

/**
 * What changed from `base` to `other`: two builds of an engine on one machine. A result of two builds that took turns holds pairs: give it
 * as both. Otherwise rows are matched by engine, model (the hash of its files where both tell it), test and depth. A row's verdict is that
 * of its own 95 % interval; a row fails the comparison only where its loss stands among all rows that were looked at, since of forty rows
 * that are equal one is called slower by chance: equal builds fail in at most 5 % of comparisons, of however many rows.
 */
export function compareResults(
  base: BenchResult,
  other: BenchResult,
  { threshold = THRESHOLD }: CompareOptions = {},
): ComparedResults {
  const paired = base.runId === other.runId
  const { incomparable, notes } = paired ? { incomparable: [], notes: [] } : differencesOf(base, other)
  const matches = paired ? { pairs: buildsOf(other), notes: [] } : matched(base, other)
  const rows = judged(matches.pairs, threshold).map(
    (row): ComparedRow => (incomparable.length > 0 ? { ...row, verdict: 'cannot-tell', worse: false } : row),
  )
  const reasons = [...incomparable, ...(rows.length === 0 ? [paired ? NO_BUILDS : NO_MATCH] : [])]
  if (reasons.length === 0 && rows.every(({ worse, verdict }) => !worse && verdict === 'cannot-tell'))
    reasons.push('No row could be judged.')
  return {
    rows,
    notes: [...notes, ...matches.notes],
    ...(reasons.length > 0 && { incomparable: reasons.join(' ') }),
    threshold,
    exitCode: reasons.length > 0 ? 2 : rows.some(({ worse }) => worse) ? 1 : 0,
  }
}

const NO_BUILDS = 'It is one and the same run, and it holds no two builds of an engine that took turns.'
const NO_MATCH = 'The two files have no row of one engine, model, test and depth in common.'

interface RowPair {
  readonly base: ResultRow
  readonly other: ResultRow
  readonly paired: boolean
  readonly tested?: TestedRatio
}

function judged(pairs: readonly RowPair[], threshold: number): ComparedRow[] {
  const rows = pairs.map(({ tested, ...pair }): ComparedRow => {
    const ratio = tested?.ratio
    return { ...pair, ...(ratio && { ratio }), ...judge(pair.base, pair.other, ratio) }
  })
  const losses = discoveries(
    pairs.map(({ tested }, index) => (rows[index]?.verdict === 'cannot-tell' ? undefined : tested?.lossByChance)),
    FALSE_ALARMS,
  )
  return rows.map((row, index) => {
    if (row.verdict !== 'slower' || (row.ratio?.median ?? 1) >= 1 - threshold) return row
    return losses[index] ? { ...row, worse: true } : { ...row, reason: 'It may be chance among so many rows.' }
  })
}

function buildsOf({ comparisons, rows }: BenchResult): RowPair[] {
  return comparisons.flatMap(({ base: basePlace, other: otherPlace, pairs }) => {
    const [base, other] = [rows[basePlace], rows[otherPlace]]
    if (!base || !other || base.engine !== other.engine || base.build === other.build) return []
    const [baseRates, otherRates] = [ratesOf(base), ratesOf(other)]
    const inBoth = pairs.flatMap(([basePair, otherPair]) => {
      const [baseRate, otherRate] = [baseRates[basePair], otherRates[otherPair]]
      return baseRate === undefined || otherRate === undefined ? [] : [[baseRate, otherRate] as const]
    })
    if (inBoth.length === 0) return [{ base, other, paired: true }]
    const tested = pairedTest(
      inBoth.map(([rate]) => rate),
      inBoth.map(([, rate]) => rate),
    )
    return [{ base, other, paired: true, tested }]
  })
}

function matched(base: BenchResult, other: BenchResult): { pairs: RowPair[]; notes: string[] } {
  const left = new Set(other.rows)
  const notes: string[] = []
  const pairs: RowPair[] = []
  for (const row of base.rows) {
    const otherRow = [...left].find((candidate) => sameCell(base, row, other, candidate))
    if (otherRow) {
      left.delete(otherRow)
      const [rates, otherRates] = [ratesOf(row), ratesOf(otherRow)]
      const both = rates.length > 0 && otherRates.length > 0
      pairs.push({
        base: row,
        other: otherRow,
        paired: false,
        ...(both && { tested: unpairedTest(rates, otherRates) }),
      })
    } else notes.push(`Only the base has ${cellText(row)}.`)
  }
  for (const row of left) notes.push(`Only the other has ${cellText(row)}.`)
  return { pairs, notes }
}

function sameCell(base: BenchResult, baseRow: ResultRow, other: BenchResult, otherRow: ResultRow): boolean {
  if (baseRow.engine !== otherRow.engine || baseRow.test !== otherRow.test || baseRow.depth !== otherRow.depth)
    return false
  const hash = engineOf(base, baseRow)?.identity.model.hash
  const otherHash = engineOf(other, otherRow)?.identity.model.hash
  return hash !== undefined && otherHash !== undefined ? hash === otherHash : baseRow.model === otherRow.model
}

function ratesOf(row: ResultRow): number[] {
  return row.derived ? row.samples.map((sample) => sampleRate(row, sample)) : []
}

function cellText({ engine, model, test, depth }: ResultRow): string {
  return `${engine}, ${model}, ${test} at depth ${depth}`
}
