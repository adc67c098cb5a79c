import type { EvaluationCase, Language, Source } from './evaluation-case.ts'
import type { Share } from './plain-json.ts'
import { type Answer, type Metric, metricNames, type Score } from './score.ts'

export interface Outcome {
  readonly entry: EvaluationCase
  readonly answer: Answer
  readonly score: Score
}

/** One task of one source in one language. */
export interface ResultRow {
  readonly source: Source
  readonly task: string
  readonly lang: Language
  readonly cases: number
  readonly metrics: Score
}

const nothing: Share = { right: 0, of: 0 }

export const addShares = (a: Share, b: Share): Share => ({ right: a.right + b.right, of: a.of + b.of })

/** Outcomes summed by source, task and language, in the order in which they first come. */
export function resultRows(outcomes: readonly Outcome[]): readonly ResultRow[] {
  const rows = new Map<string, ResultRow>()
  for (const { entry, score } of outcomes) {
    const { source, task, lang } = entry
    const key = `${source} ${task} ${lang}`
    const before = rows.get(key) ?? { source, task, lang, cases: 0, metrics: {} }
    rows.set(key, { ...before, cases: before.cases + 1, metrics: sumScores(before.metrics, score) })
  }
  return [...rows.values()]
}

function sumScores(a: Score, b: Score): Score {
  const sum: Partial<Record<Metric, Share>> = {}
  for (const metric of metricNames) {
    const [left, right] = [a[metric], b[metric]]
    if (left || right) sum[metric] = addShares(left ?? nothing, right ?? nothing)
  }
  return sum
}

/** A metric over all rows that match. */
export function total(rows: readonly ResultRow[], metric: Metric, matches: (row: ResultRow) => boolean): Share {
  return rows.filter(matches).reduce((sum, { metrics }) => addShares(sum, metrics[metric] ?? nothing), nothing)
}
