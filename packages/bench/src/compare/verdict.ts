import type { ResultRow, RowStatus } from '../result/result-types.ts'
import type { Ratio } from '../statistics/ratio.ts'

export type Verdict = 'faster' | 'slower' | 'no-difference-shown' | 'cannot-tell'

export interface Judgement {
  readonly verdict: Verdict
  /** Why it cannot be told, or what makes it worse besides its speed. */
  readonly reason?: string
  /** Fails the comparison. */
  readonly worse: boolean
}

/** An interval around 1 that is wider than this, end by end, excludes nothing that matters. */
const TOO_WIDE = 1.5

/** @param ratio speed of `other` by that of `base`, where both have samples */
export function judge(base: ResultRow, other: ResultRow, ratio: Ratio | undefined): Judgement {
  const broken = brokenBy(base, other)
  if (broken !== undefined) return { verdict: 'cannot-tell', reason: broken, worse: true }
  return { ...verdictOf(base, other, ratio), worse: false }
}

function verdictOf(base: ResultRow, other: ResultRow, ratio: Ratio | undefined): Omit<Judgement, 'worse'> {
  const reason = hindrance(base, 'base') ?? hindrance(other, 'other') ?? mended(base, other)
  if (reason !== undefined) return { verdict: 'cannot-tell', reason }
  if (ratio?.low === undefined || ratio.high === undefined)
    return { verdict: 'cannot-tell', reason: 'There are too few samples for an interval.' }
  if (ratio.low > 1) return { verdict: 'faster' }
  if (ratio.high < 1) return { verdict: 'slower' }
  if (ratio.high / ratio.low > TOO_WIDE)
    return { verdict: 'cannot-tell', reason: 'The samples spread too far: take more.' }
  return { verdict: 'no-difference-shown' }
}

function brokenBy(base: ResultRow, other: ResultRow): string | undefined {
  if (base.status !== 'measured') return undefined
  if (other.status === 'failed' || other.status === 'refused')
    return `The other ${statusWords[other.status]}: ${other.reason}`
  if (disagrees(other) && !disagrees(base))
    return 'The other no longer gives the reference’s answers: its speed counts for nothing.'
  return undefined
}

function mended(base: ResultRow, other: ResultRow): string | undefined {
  return disagrees(base) && !disagrees(other)
    ? 'The base did not give the reference’s answers: its speed counts for nothing.'
    : undefined
}

function disagrees(row: ResultRow): boolean {
  return row.derived?.flags.includes('disagrees') === true
}

function hindrance(row: ResultRow, which: 'base' | 'other'): string | undefined {
  if (row.status !== 'measured') return `The ${which} ${statusWords[row.status]}: ${row.reason}`
  return row.derived.flags.includes('hidden') ? `The page was hidden while the ${which} was measured.` : undefined
}

const statusWords: Readonly<Record<Exclude<RowStatus, 'measured'>, string>> = {
  refused: 'was refused',
  aborted: 'was ended early',
  failed: 'failed',
  'not-available': 'is not available',
}
