import type { ResultRow } from '../../result/result-types.ts'
import type { Markup } from '../html-markup.ts'
import { tag } from '../html-markup.ts'
import type { ReportWords } from '../html-words.ts'
import { speedText } from '../words.ts'
import { figure, LEFT, label, legend, line, mark, n, RIGHT, seriesClass, undrawn } from './figure.ts'
import { PLOTTED } from './limits.ts'
import { linearScale, tickText } from './scale.ts'

export interface DepthSeries {
  readonly name: string
  readonly rows: readonly ResultRow[]
}

const TOP = 12
const BOTTOM = 190

/** Tokens per second of `tg` at each depth with their intervals; undefined where nothing was generated. */
export function decodeByDepth(all: readonly DepthSeries[], words: ReportWords): Markup | undefined {
  const some = all
    .map(({ name, rows }) => ({ name, rows: rows.filter(isDecoded).toSorted((a, b) => a.depth - b.depth) }))
    .filter(({ rows }) => rows.length > 0)
  const series = some.slice(0, PLOTTED.series)
  const depths = [...new Set(series.flatMap(({ rows }) => rows.map(({ depth }) => depth)))].sort((a, b) => a - b)
  const shown = depths.slice(0, PLOTTED.bars)
  const most = Math.max(
    0,
    ...series.flatMap(({ rows }) =>
      rows.map(({ derived }) => derived?.tokensPerSecond.high ?? derived?.tokensPerSecond.median ?? 0),
    ),
  )
  if (shown.length === 0 || most === 0) return undefined
  const y = linearScale(0, most, BOTTOM, TOP)
  const step = (RIGHT - LEFT) / shown.length
  const x = (depth: number) => LEFT + (shown.indexOf(depth) + 0.5) * step
  const dodge = (index: number) => (index - (series.length - 1) / 2) * Math.min(9, (0.7 * step) / series.length)
  const everyLabel = Math.ceil(shown.length / 7)
  const frame = [
    ...y.ticks.flatMap((tick) => [
      line('grid', { x: LEFT, y: y.at(tick) }, { x: RIGHT, y: y.at(tick) }),
      label(tickText(tick), { x: LEFT - 6, y: y.at(tick) + 4 }, 'tick', 'end'),
    ]),
    ...shown
      .filter((_, index) => index % everyLabel === 0)
      .map((depth) => label(String(depth), { x: x(depth), y: BOTTOM + 16 })),
    label(words.plots.depthAxis, { x: (LEFT + RIGHT) / 2, y: BOTTOM + 34 }, 'axis'),
  ]
  const drawn = series.flatMap(({ name, rows }, index) => {
    const points = rows.flatMap((row) => {
      if (!row.derived || !shown.includes(row.depth)) return []
      const { median, low, high } = row.derived.tokensPerSecond
      return [{ x: x(row.depth) + dodge(index), y: y.at(median), depth: row.depth, median, low, high }]
    })
    const path = points.map((point, place) => `${place === 0 ? 'M' : 'L'}${n(point.x)} ${n(point.y)}`).join('')
    return [
      tag('path', { class: `line ${seriesClass(index)}`, d: path }),
      ...points.flatMap(({ low, high, ...point }) =>
        low === undefined || high === undefined
          ? []
          : [line(`whisker ${seriesClass(index)}`, { x: point.x, y: y.at(low) }, { x: point.x, y: y.at(high) })],
      ),
      ...points.map(({ low, high, median, depth, ...point }) => {
        const interval = low === undefined || high === undefined ? '' : ` (${speedText(low)}–${speedText(high)})`
        return mark(index, point, `${name}, ${depth}: ${speedText(median)}${interval}`)
      }),
    ]
  })
  const hidden = some.length - series.length
  return figure(
    words.plots.depth,
    BOTTOM + 42,
    [...frame, ...drawn],
    [legend(series.map(({ name }) => name)), hidden > 0 ? undrawn(words.plots.more(hidden)) : undefined],
  )
}

function isDecoded(row: ResultRow): boolean {
  return row.test.startsWith('tg') && row.derived !== undefined
}
