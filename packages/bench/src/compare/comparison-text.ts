import { percentText, testText } from '../report/words.ts'
import type { ComparedResults, ComparedRow } from './compare-results.ts'
import type { Verdict } from './verdict.ts'

const verdictWords: Readonly<Record<Verdict, string>> = {
  faster: 'faster',
  slower: 'slower',
  'no-difference-shown': 'no difference shown',
  'cannot-tell': 'cannot tell',
}

/** The comparison for a terminal: a line for each row, and what follows from them all in the last. */
export function comparisonText(compared: ComparedResults): string {
  const { rows, notes } = compared
  const table = [['engine', 'model', 'test', 'change', '95 % interval', 'verdict'], ...rows.map(cells)]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? []
  const lines = table.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const apart = rows.some(({ paired, ratio }) => !paired && ratio !== undefined)
  return `${[
    ...(rows.length > 0 ? [...lines, ''] : []),
    ...notes,
    ...(apart
      ? [
          'The two were measured apart: what else changed in between is in these numbers too. Builds that take turns say more.',
        ]
      : []),
    conclusion(compared),
  ].join('\n')}\n`
}

function cells({ base, ratio, verdict, reason, worse }: ComparedRow): string[] {
  const interval =
    ratio?.low === undefined || ratio.high === undefined ? '' : `${change(ratio.low)} … ${change(ratio.high)}`
  const words = `${verdictWords[verdict]}${reason === undefined ? '' : `: ${reason}`}${worse ? ' ✗' : ''}`
  return [base.engine, base.model, testText(base), ratio ? change(ratio.median) : '', interval, words]
}

function change(ratio: number): string {
  const text = percentText(Math.abs(ratio - 1), 1)
  return ratio >= 1 ? `+${text}` : `−${text}`
}

function conclusion({ rows, incomparable, threshold, exitCode }: ComparedResults): string {
  const worse = rows.filter((row) => row.worse).length
  switch (exitCode) {
    case 0:
      return `No row is slower by more than ${percentText(threshold, 1)} beyond chance.`
    case 1:
      return `${worse} of ${rows.length} rows ${worse === 1 ? 'is' : 'are'} worse: slower by more than ${percentText(threshold, 1)} beyond chance, broken, or wrong.`
    case 2:
      return `Nothing can be said. ${incomparable ?? ''}`.trim()
  }
}
