import type { ResultRow } from '../../result/result-types.ts'
import type { Markup } from '../html-markup.ts'
import type { ReportWords } from '../html-words.ts'
import { figure, label, line, mark, RIGHT, seriesClass, undrawn } from './figure.ts'
import { PLOTTED } from './limits.ts'
import { logarithmicScale, tickText } from './scale.ts'

export interface NamedRow {
  readonly name: string
  /** Of the engine: its colour and mark. */
  readonly series: number
  readonly row: ResultRow
}

const LINE = 34
const START = 12
/** A clock that steps coarsely gives times of nothing. */
const LEAST_MS = 0.01

/** p50, p95, p99 and the longest time between two tokens of each row; undefined where nothing was generated. */
export function latencyPlot(all: readonly NamedRow[], words: ReportWords): Markup | undefined {
  const some = all.flatMap((entry) => (entry.row.derived?.itlMs ? [{ ...entry, times: entry.row.derived.itlMs }] : []))
  const rows = some.slice(0, PLOTTED.bars)
  if (rows.length === 0) return undefined
  const least = Math.max(LEAST_MS, Math.min(...rows.map(({ times }) => times.p50)))
  const most = Math.max(least, ...rows.map(({ times }) => times.max))
  const scale = logarithmicScale(least * 0.9, most, START, RIGHT - 6)
  const bottom = 8 + rows.length * LINE
  const frame = [
    ...scale.ticks.flatMap((tick) => [
      line('grid', { x: scale.at(tick), y: 4 }, { x: scale.at(tick), y: bottom }),
      label(tickText(tick), { x: scale.at(tick), y: bottom + 15 }),
    ]),
    label(words.plots.latencyAxis, { x: (START + RIGHT) / 2, y: bottom + 33 }, 'axis'),
  ]
  const drawn = rows.flatMap(({ name, series, times }, index) => {
    const y = 8 + index * LINE + 25
    const at = (ms: number) => ({ x: scale.at(ms), y })
    const numbers = [times.p50, times.p95, times.p99, times.max].map(milliseconds)
    return [
      label(shortened(name, 44), { x: START, y: y - 10 }, 'bar', 'start'),
      line(`longest ${seriesClass(series)}`, at(times.p99), at(times.max)),
      line(`thin ${seriesClass(series)}`, at(times.p95), at(times.p99)),
      line(`thick ${seriesClass(series)}`, at(times.p50), at(times.p95)),
      mark(series, at(times.p50), `${name}: ${numbers.join(' / ')} ms`),
    ]
  })
  const hidden = some.length - rows.length
  return figure(
    words.plots.latency,
    bottom + 42,
    [...frame, ...drawn],
    [undrawn(words.plots.latencyKey), hidden > 0 ? undrawn(words.plots.more(hidden)) : undefined],
  )
}

export function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0)
}

export function shortened(text: string, most: number): string {
  const signs = [...text]
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`
}
