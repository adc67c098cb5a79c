import type { BenchResult, ResultEngine, ResultRow } from './result-types.ts'

/** What opened the model of a row, where it was opened at all. */
export function engineOf(
  { engines }: Pick<BenchResult, 'engines'>,
  row: Pick<ResultRow, 'engine' | 'build' | 'model'>,
): ResultEngine | undefined {
  return engines.find(({ engine, build, model }) => engine === row.engine && build === row.build && model === row.model)
}
