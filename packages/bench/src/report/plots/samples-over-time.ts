import type { ResultRow } from '../../result/result-types.ts'
import { sampleRate } from '../../result/sample-rate.ts'
import type { Markup } from '../html-markup.ts'
import type { ReportWords } from '../html-words.ts'
import { speedText, testText } from '../words.ts'
import { figure, LEFT, label, legend, line, mark, RIGHT, seriesClass, undrawn } from './figure.ts'
import { PLOTTED } from './limits.ts'
import { linearScale, tickText } from './scale.ts'
import { modelCount, seriesName } from './series-name.ts'

const TOP = 12
const BOTTOM = 140

/** Every sample of the rows of one cell where it stood in the run, with each row's median; undefined where there is none. */
export function samplesOverTime(cell: readonly ResultRow[], words: ReportWords): Markup | undefined {
  const [first] = cell
  const rows = cell.filter(({ derived }) => derived !== undefined).slice(0, PLOTTED.series)
  if (!first || rows.length === 0) return undefined
  const models = modelCount(rows)
  const series = rows.map((row) => ({
    name: seriesName(row, models),
    median: row.derived?.tokensPerSecond.median ?? 0,
    points: row.samples
      .slice(0, PLOTTED.samples)
      .map((sample) => ({ seconds: sample.startedMs / 1000, rate: sampleRate(row, sample) })),
  }))
  const points = series.flatMap(({ points }) => points)
  const [rates, seconds] = [points.map(({ rate }) => rate), points.map(({ seconds }) => seconds)]
  const y = linearScale(0.98 * Math.min(...rates), 1.02 * Math.max(...rates), BOTTOM, TOP)
  const x = linearScale(Math.min(...seconds), Math.max(...seconds), LEFT + 6, RIGHT - 10)
  const frame = [
    ...y.ticks.flatMap((tick) => [
      line('grid', { x: LEFT, y: y.at(tick) }, { x: RIGHT, y: y.at(tick) }),
      label(tickText(tick), { x: LEFT - 6, y: y.at(tick) + 4 }, 'tick', 'end'),
    ]),
    ...x.ticks.map((tick) => label(tickText(tick), { x: x.at(tick), y: BOTTOM + 16 })),
    label(words.plots.samplesAxis, { x: (LEFT + RIGHT) / 2, y: BOTTOM + 34 }, 'axis'),
  ]
  const drawn = series.flatMap(({ name, median, points }, index) => [
    line(`median ${seriesClass(index)}`, { x: LEFT, y: y.at(median) }, { x: RIGHT, y: y.at(median) }),
    ...points.map(({ seconds, rate }) =>
      mark(index, { x: x.at(seconds), y: y.at(rate) }, `${name}, ${seconds.toFixed(1)} s: ${speedText(rate)}`),
    ),
  ])
  const left = cell.reduce((sum, { samples }) => sum + samples.length, 0) - points.length
  const what = `${testText(first)}, ${first.model}`
  return figure(
    words.plots.samples(what),
    BOTTOM + 42,
    [...frame, ...drawn],
    [legend(series.map(({ name }) => name)), left > 0 ? undrawn(words.plots.more(left)) : undefined],
  )
}
