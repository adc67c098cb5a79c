import { engineOf } from '../result/engine-of.ts'
import { unrankedReasons } from '../result/ranking.ts'
import type { BenchResult, Measurement, ResultRow } from '../result/result-types.ts'
import { type Markup, tag } from './html-markup.ts'
import { sizeText } from './html-rows.ts'
import type { ReportWords } from './html-words.ts'
import { engineText, testText } from './words.ts'

/** Files of one quantisation differ by their headers. */
const SAME_BITS = 0.02

/** The ratios of engines that took turns, with what must be said beside them; undefined where there are none. */
export function comparisonList(result: BenchResult, words: ReportWords): Markup | undefined {
  const entries = result.comparisons.flatMap(({ base, other, pairs, ratio }) => {
    const [baseRow, otherRow] = [result.rows[base], result.rows[other]]
    if (!baseRow || !otherRow || !ratio) return []
    const { median, low, high } = ratio
    const interval =
      low === undefined || high === undefined ? words.noInterval : words.intervalOf(low.toFixed(3), high.toFixed(3))
    const what = `${baseRow.model}, ${testText(baseRow)}: ${words.ratio(engineText(otherRow), median.toFixed(3), engineText(baseRow))}`
    const caveats = caveatsOf(result, baseRow, otherRow, words)
    return [
      tag('li', {}, [
        `${what} (${interval}, ${words.pairs(pairs.length)})`,
        ...caveats.map((caveat) => tag('small', { class: 'why' }, [caveat])),
      ]),
    ]
  })
  return entries.length === 0 ? undefined : tag('ul', { class: 'comparisons' }, entries)
}

/** As `comparisonCaveats`, in the report's language. */
function caveatsOf(result: BenchResult, base: ResultRow, other: ResultRow, words: ReportWords): readonly string[] {
  const unranked = [base, other].flatMap((row) => {
    const reasons = unrankedReasons(row).map((reason) => words.unranked[reason])
    return reasons.length > 0 ? [words.caveatUnranked(engineText(row), reasons.join(', '))] : []
  })
  const [bits, otherBits] = [base, other].map((row) => engineOf(result, row)?.identity.model.bitsPerWeight)
  if (bits === undefined || otherBits === undefined) return [...unranked, words.caveatUnknownBits]
  return Math.abs(bits - otherBits) <= SAME_BITS * bits
    ? unranked
    : [...unranked, words.caveatBits(bits.toFixed(2), otherBits.toFixed(2))]
}

/** What the probe measured; undefined where there was none. */
export function probeTable({ roofline }: BenchResult, words: ReportWords): Markup | undefined {
  if (!roofline) return undefined
  const { copy, gemm, matvec, emptyDispatchUs, submitUs, mapAsyncMs, notAvailable } = roofline
  const { probeOf } = words
  const single = (what: string, measured: Measurement | undefined, unit: string): (readonly [string, string])[] =>
    measured ? [[what, `${measured.median.toPrecision(3)} ${unit}`]] : []
  const entries: readonly (readonly [string, string])[] = [
    ...copy.map(
      ({ bytes, gigabytesPerSecond }) => [probeOf.copy(sizeText(bytes)), rate(gigabytesPerSecond, 'GB/s')] as const,
    ),
    ...gemm.map(
      ({ type, m, n, k, gigaflops }) => [probeOf.gemm(type, `${m} × ${n} × ${k}`), rate(gigaflops, 'GFLOP/s')] as const,
    ),
    ...matvec.map(
      ({ type, rows, columns, gigabytesPerSecond }) =>
        [probeOf.matvec(type, `${rows} × ${columns}`), rate(gigabytesPerSecond, 'GB/s')] as const,
    ),
    ...single(probeOf.emptyDispatch, emptyDispatchUs, 'µs'),
    ...single(probeOf.submit, submitUs, 'µs'),
    ...single(probeOf.mapAsync, mapAsyncMs, 'ms'),
    ...notAvailable.map(({ what, reason }) => [what, `${words.notAvailable}: ${reason}`] as const),
  ]
  return tag('table', { class: 'probe' }, [
    tag('caption', {}, [words.probe]),
    tag('thead', {}, [
      tag(
        'tr',
        {},
        [words.what, words.measured].map((name) => tag('th', { scope: 'col' }, [name])),
      ),
    ]),
    tag(
      'tbody',
      {},
      entries.map(([what, value]) => tag('tr', {}, [tag('th', { scope: 'row' }, [what]), tag('td', {}, [value])])),
    ),
  ])
}

function rate({ median }: Measurement, unit: string): string {
  return `${median.toFixed(median < 100 ? 1 : 0)} ${unit}`
}
