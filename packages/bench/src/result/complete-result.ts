import { BenchError } from '../errors.ts'
import { pairedRatio } from '../statistics/ratio.ts'
import { configurationOf } from './configuration.ts'
import { deriveRow, type RowContext } from './derive-row.ts'
import { engineOf } from './engine-of.ts'
import { oneLine } from './fields.ts'
import { fittedEngine, fittedMachine } from './fit-texts.ts'
import { ROOFLINE_IMPLAUSIBLE } from './flags.ts'
import { rankable } from './ranking.ts'
import { SCHEMA } from './result-schema.ts'
import type {
  BenchResult,
  Comparison,
  ComparisonDraft,
  ResultDraft,
  ResultRow,
  RowDraft,
  RowSample,
} from './result-types.ts'
import { sampleRate } from './sample-rate.ts'

/**
 * A result of what was seen: derives each row's numbers, flags and rank, the ratios of comparisons, and the configuration's name. Rows over
 * 1.2 of what the device can do are refused; rows whose samples have no speed (tokens all at once) have failed.
 * @throws BenchError `result-inconsistent` for comparisons of rows or samples that are not there or are not of one cell
 */
export function completeResult(draft: ResultDraft): BenchResult {
  const rows = draft.rows.map((row) => completeRow(row, rowContext(draft, row)))
  const { runId, startedAt, endedAt, aborted, harness, suite, conditions } = draft
  const machine = fittedMachine(draft.machine)
  const engines = draft.engines.map(fittedEngine)
  return {
    schema: SCHEMA,
    runId,
    startedAt,
    endedAt,
    aborted,
    harness,
    suite,
    machine,
    conditions,
    ...(draft.roofline && { roofline: draft.roofline }),
    engines,
    rows,
    comparisons: draft.comparisons.map((comparison, index) => completeComparison(comparison, rows, index)),
    configuration: configurationOf({ ...draft, machine, engines }),
    ...(draft.note !== undefined && { note: draft.note }),
  }
}

/** What of a result a row's numbers follow from. */
export function rowContext(
  result: Pick<ResultDraft, 'engines' | 'machine' | 'conditions' | 'roofline'>,
  row: Pick<ResultRow, 'engine' | 'build' | 'model'>,
): RowContext {
  return { identity: engineOf(result, row)?.identity, result }
}

/** One row, at once: for the page that shows rows while others are measured. */
export function completeRow(row: RowDraft, context: RowContext): ResultRow {
  switch (row.status) {
    case 'not-available':
    case 'failed':
      return { ...row, reason: oneReason(row.reason) }
    case 'aborted': {
      const aborted = { ...row, reason: oneReason(row.reason) }
      return row.samples.length === 0 ? aborted : withDerived(aborted, context)
    }
    case 'measured':
      return withDerived(row, context)
  }
}

function withDerived(row: Extract<RowDraft, { status: 'measured' | 'aborted' }>, context: RowContext): ResultRow {
  const derived = tryTo(() => deriveRow(row, context))
  if (derived instanceof BenchError) return { ...row, status: 'failed', reason: derived.message }
  if (row.status === 'aborted') return { ...row, derived }
  const { roofline, tokensPerSecond, flags } = derived
  if (roofline === undefined || roofline.share <= ROOFLINE_IMPLAUSIBLE) return { ...row, derived }
  return {
    ...row,
    status: 'refused',
    reason: `${Math.round(100 * roofline.share)} % of the ${roofline.of === 'copy' ? 'bandwidth' : 'arithmetic'} measured on this device: no such speed is possible.`,
    derived: { ...derived, unranked: rankable('refused', tokensPerSecond, flags) },
  }
}

/** What an engine says may be long, of several lines, or nothing: no cell is lost for that. */
function oneReason(text: string): string {
  return oneLine(text) || 'No reason was given.'
}

function tryTo<Value>(work: () => Value): Value | BenchError {
  try {
    return work()
  } catch (error) {
    if (BenchError.isInstance(error) && error.code === 'statistics-invalid') return error
    throw error
  }
}

function completeComparison(draft: ComparisonDraft, rows: readonly ResultRow[], index: number): Comparison {
  const { base, other, pairs } = draft
  const inconsistent = (what: string) =>
    new BenchError('result-inconsistent', `comparisons[${index}]: ${what}`, { path: ['comparisons', index] })
  const [baseRow, otherRow] = [rows[base], rows[other]]
  if (!baseRow || !otherRow || base === other) throw inconsistent('it does not name two rows of this file.')
  if (baseRow.model !== otherRow.model || baseRow.test !== otherRow.test || baseRow.depth !== otherRow.depth)
    throw inconsistent('its rows are not of one model, test and depth.')
  if (new Set(pairs.map(([a]) => a)).size !== pairs.length || new Set(pairs.map(([, b]) => b)).size !== pairs.length)
    throw inconsistent('a sample stands in two pairs.')
  if (pairs.length === 0 || !baseRow.derived || !otherRow.derived) return { base, other, pairs }
  const rateOf = (row: ResultRow, place: number) => {
    const sample: RowSample | undefined = row.samples[place]
    if (!sample) throw inconsistent(`a pair names sample ${place}, and the row has ${row.samples.length}.`)
    return sampleRate(row, sample)
  }
  const ratio = pairedRatio(
    pairs.map(([place]) => rateOf(baseRow, place)),
    pairs.map(([, place]) => rateOf(otherRow, place)),
  )
  return { base, other, pairs, ratio }
}
