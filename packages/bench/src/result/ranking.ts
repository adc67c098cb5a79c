import type { ResultRow, RowDraft, RowFlag, Summary, UnrankedReason } from './result-types.ts'

const barring = ['hidden', 'not-reused', 'unchecked', 'disagrees'] as const satisfies readonly (RowFlag &
  UnrankedReason)[]

/** Why a row stands outside the order of engines; none: it is ranked. */
export function rankable(
  status: RowDraft['status'] | 'refused',
  { low }: Summary,
  flags: readonly RowFlag[],
): UnrankedReason[] {
  return [
    ...(status === 'measured' ? [] : (['not-measured'] as const)),
    ...(low === undefined ? (['no-interval'] as const) : []),
    ...barring.filter((flag) => flags.includes(flag)),
  ]
}

/** Reasons why this row is not ranked; empty for a row that is. */
export function unrankedReasons(row: ResultRow): readonly UnrankedReason[] {
  return row.derived?.unranked ?? ['not-measured']
}

/**
 * Rows of one model, test and depth: the fastest first, rows that are not ranked behind them in the order given. Engines that run other
 * weights of the model stand beside each other: their bits per weight say so.
 */
export function rankRows<Row extends ResultRow>(rows: readonly Row[]): readonly Row[] {
  const ranked = rows.filter((row) => unrankedReasons(row).length === 0)
  const speed = ({ derived }: Row) => derived?.tokensPerSecond.median ?? 0
  return [...ranked.sort((a, b) => speed(b) - speed(a)), ...rows.filter((row) => unrankedReasons(row).length > 0)]
}

/** Rows of one model, test and depth together, in the order in which they first came. */
export function cellsOf<Row extends Pick<ResultRow, 'model' | 'test' | 'depth'>>(
  rows: readonly Row[],
): readonly (readonly Row[])[] {
  const cells = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.model, row.test, row.depth])
    const cell = cells.get(key)
    if (cell) cell.push(row)
    else cells.set(key, [row])
  }
  return [...cells.values()]
}
