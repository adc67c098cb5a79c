import { BenchError } from '../errors.ts'
import { median } from '../statistics/quantile.ts'
import { completeResult } from './complete-result.ts'
import { LIMITS } from './limits.ts'
import { pathText } from './path-text.ts'
import type { BenchResult, Measurement, ResultDraft, ResultRow, RowDraft } from './result-types.ts'

type Path = readonly (string | number)[]

/** Other machines' logarithms differ in their last digits. */
const RELATIVE_TOLERANCE = 1e-6
const ABSOLUTE_TOLERANCE = 1e-9

/**
 * Computes all that follows from the samples again.
 * @throws BenchError `result-inconsistent` at the first place that says something else
 */
export function agreeWithSamples(result: BenchResult): void {
  const work = result.comparisons.reduce((sum, { pairs }) => sum + pairs.length ** 2, 0)
  if (work > LIMITS.comparisonWork) throw inconsistent(['comparisons'], 'there are too many pairs to compute again')
  checkSeen(result)
  const again = completeResult(asDraft(result))
  for (const [index, row] of result.rows.entries()) {
    const other = again.rows[index]
    if (other?.status !== row.status)
      throw inconsistent(['rows', index, 'status'], `it is “${row.status}”, and the samples make it “${other?.status}”`)
    same(row.derived, other.derived, ['rows', index, 'derived'])
  }
  for (const [index, { ratio }] of result.comparisons.entries())
    same(ratio, again.comparisons[index]?.ratio, ['comparisons', index, 'ratio'])
  same(result.configuration, again.configuration, ['configuration'])
}

/** What is no derived number, and contradicts itself all the same. */
function checkSeen(result: BenchResult): void {
  for (const [index, row] of result.rows.entries())
    if (row.agreement && row.agreement.agreeing > row.agreement.positions)
      throw inconsistent(['rows', index, 'agreement'], 'more positions agree than there are')
  if (!result.roofline) return
  const { copy, gemm, matvec, emptyDispatchUs, submitUs, mapAsyncMs } = result.roofline
  for (const [index, { gigabytesPerSecond }] of copy.entries()) checkMedian(gigabytesPerSecond, ['copy', index])
  for (const [index, { gigaflops }] of gemm.entries()) checkMedian(gigaflops, ['gemm', index])
  for (const [index, { gigabytesPerSecond }] of matvec.entries()) checkMedian(gigabytesPerSecond, ['matvec', index])
  for (const [name, measurement] of Object.entries({ emptyDispatchUs, submitUs, mapAsyncMs }))
    if (measurement) checkMedian(measurement, [name])
}

function checkMedian(measurement: Measurement, path: Path): void {
  same(measurement.median, median(measurement.samples), ['roofline', ...path, 'median'])
}

function asDraft(result: BenchResult): ResultDraft {
  return { ...result, rows: result.rows.map(rowDraft) }
}

function rowDraft(row: ResultRow): RowDraft {
  switch (row.status) {
    case 'refused': {
      const { derived: _, reason: __, ...seen } = row
      return { ...seen, status: 'measured' }
    }
    case 'measured':
    case 'aborted': {
      const { derived: _, ...seen } = row
      return seen
    }
    case 'failed':
    case 'not-available':
      return row
  }
}

function same(given: unknown, computed: unknown, path: Path): void {
  if (typeof given === 'number' && typeof computed === 'number') {
    const tolerance = ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(computed)
    if (Math.abs(given - computed) <= tolerance) return
  } else if (isRecord(given) && isRecord(computed)) {
    for (const key of new Set([...Object.keys(given), ...Object.keys(computed)]))
      same(given[key], computed[key], [...path, Array.isArray(given) ? Number(key) : key])
    return
  } else if (given === computed) return
  throw inconsistent(path, `the file says ${shown(given)}, and its samples make ${shown(computed)}`)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

function inconsistent(path: Path, what: string): BenchError {
  return new BenchError('result-inconsistent', `${pathText(path)}: ${what}.`, { path })
}
