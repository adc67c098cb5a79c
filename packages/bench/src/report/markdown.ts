import { engineOf } from '../result/engine-of.ts'
import { cellsOf, rankRows } from '../result/ranking.ts'
import type { BenchResult, ResultRow } from '../result/result-types.ts'
import { comparisonCaveats } from './comparison-caveats.ts'
import { deviceText, engineText, flagWords, percentText, speedText, testText, unrankedWords } from './words.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

const header = ['model', 'size', 'bits/weight', 'engine', 'device', 'test', 't/s', '% of roofline', 'agreement', 'note']
/** Numbers stand to the right. */
const toTheRight: readonly boolean[] = header.map((_, index) => [1, 2, 6, 7, 8].includes(index))

/**
 * A result as a table like llama-bench's, the ranked rows of each test first and the fastest at the top; behind it the comparisons. `t/s` is
 * the median with its 95 % interval; the roofline is the measured bandwidth for `tg` and the measured matrix product for `pp`.
 */
export function resultToMarkdown(result: BenchResult): string {
  const rows = cellsOf(result.rows).flatMap(rankRows)
  const table = [header, ...rows.map((row) => cells(result, row))]
  const widths = header.map((_, column) => Math.max(3, ...table.map((line) => [...(line[column] ?? '')].length)))
  const lines = table.map(
    (line) => `| ${line.map((text, column) => padded(text, widths[column] ?? 0, toTheRight[column])).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width, column) => (toTheRight[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  lines.splice(1, 0, rule)
  return `${[...lines, ...comparisonLines(result), '', footer(result)].join('\n')}\n`
}

function cells(result: BenchResult, row: ResultRow): string[] {
  const engine = engineOf(result, row)
  const model = engine?.identity.model
  return [
    `${row.model} ${model?.quantization ?? ''}`.trim(),
    model?.weightBytes === undefined ? '' : sizeText(model.weightBytes),
    model?.bitsPerWeight?.toFixed(2) ?? '',
    engineText(row),
    engine ? deviceText(engine, result.machine.declaredGpu) : '',
    testText(row),
    speed(row),
    row.derived?.roofline ? percentText(row.derived.roofline.share) : '',
    row.derived?.agreement === undefined ? '' : row.derived.agreement.toFixed(3),
    note(row),
  ].map(escaped)
}

function speed({ derived, status }: ResultRow): string {
  if (!derived) return status === 'not-available' ? 'n/a' : '–'
  const { median, low, high } = derived.tokensPerSecond
  const interval = low === undefined || high === undefined ? '' : ` (${speedText(low)}–${speedText(high)})`
  return `${speedText(median)}${interval}`
}

/** Why a row is not ranked comes first, then what else must be known of it. */
function note(row: ResultRow): string {
  if (row.status !== 'measured') return `${row.status === 'not-available' ? '' : `${row.status}: `}${row.reason}`
  const { unranked, flags } = row.derived
  const barring: readonly string[] = unranked
  const reasons = unranked.map((reason) => unrankedWords[reason])
  const others = flags.filter((flag) => !barring.includes(flag)).map((flag) => flagWords[flag])
  return [...(reasons.length > 0 ? [`not ranked: ${reasons.join(', ')}`] : []), ...others].join('; ')
}

function comparisonLines(result: BenchResult): string[] {
  const { comparisons, rows } = result
  const lines = comparisons.flatMap(({ base, other, pairs, ratio }) => {
    const [baseRow, otherRow] = [rows[base], rows[other]]
    if (!baseRow || !otherRow || !ratio) return []
    const interval =
      ratio.low === undefined || ratio.high === undefined
        ? 'no interval'
        : `95 % interval ${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`
    const what = `${baseRow.model}, ${testText(baseRow)}: ${engineText(otherRow)} runs at ${ratio.median.toFixed(3)} × the speed of ${engineText(baseRow)}`
    const caveats = comparisonCaveats(result, baseRow, otherRow).map((caveat) => `; ${caveat}`)
    return [`- ${escaped(`${what} (${interval}, ${pairs.length} pairs)${caveats.join('')}`)}`]
  })
  return lines.length > 0 ? ['', ...lines] : []
}

function footer({ machine, suite, harness, startedAt, aborted }: BenchResult): string {
  const { runtime, os } = machine
  const parts = [
    `suite ${suite.name} ${suite.version}`,
    `harness ${harness.version}${harness.commit === undefined ? '' : ` (${harness.commit})`}`,
    `${runtime.name} ${runtime.version ?? ''}`.trim(),
    ...(os ? [`${os.name} ${os.version ?? ''}`.trim()] : []),
    startedAt,
    ...(runtime.kind === 'simulation' ? ['simulated: no machine was measured'] : []),
    ...(aborted ? ['ended early'] : []),
  ]
  return escaped(parts.join(' · '))
}

function sizeText(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(2)} GiB` : `${(bytes / MIB).toFixed(2)} MiB`
}

/** Texts come from strangers: none may end a cell, begin a tag or a link. */
function escaped(text: string): string {
  return text.replace(/[\\`*|<>[\]&~]/g, '\\$&')
}

function padded(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - [...text].length))
  return right ? space + text : text + space
}
