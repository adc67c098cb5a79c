import type { ResultRow } from '../../result/result-types.ts'
import { engineText } from '../words.ts'

/** What a picture calls a row's engine: with its model only where the picture has several. */
export function seriesName(row: Pick<ResultRow, 'engine' | 'build' | 'model'>, models: number): string {
  return models > 1 ? `${engineText(row)} · ${row.model}` : engineText(row)
}

export function modelCount(rows: readonly Pick<ResultRow, 'model'>[]): number {
  return new Set(rows.map(({ model }) => model)).size
}
