import { cellsOf } from '../result/ranking.ts'
import type { BenchResult, ResultRow } from '../result/result-types.ts'
import { type Markup, tag } from './html-markup.ts'
import type { ReportWords } from './html-words.ts'
import { type DepthSeries, decodeByDepth } from './plots/decode-by-depth.ts'
import { undrawn } from './plots/figure.ts'
import { latencyPlot, type NamedRow } from './plots/latency.ts'
import { PLOTTED } from './plots/limits.ts'
import { rooflinePlot } from './plots/roofline-plot.ts'
import { samplesOverTime } from './plots/samples-over-time.ts'
import { modelCount, seriesName } from './plots/series-name.ts'
import { testText } from './words.ts'

/** Rows and what a picture calls the run that they are of; '' where there is one only. */
export interface PlottedRun {
  readonly name: string
  readonly rows: readonly ResultRow[]
}

/** The pictures of one run, or of several in one frame: decoding by depth, times between tokens, the roofline. */
export function overviewPlots(runs: readonly PlottedRun[], words: ReportWords): Markup | undefined {
  const rows = runs.flatMap(({ rows }) => rows)
  const models = modelCount(rows)
  const called = (run: PlottedRun, row: ResultRow) => [seriesName(row, models), run.name].filter(Boolean).join(' · ')
  const series = new Map<string, ResultRow[]>()
  const named: NamedRow[] = []
  const engines: string[] = []
  for (const run of runs)
    for (const row of run.rows) {
      const engine = called(run, row)
      if (!engines.includes(engine)) engines.push(engine)
      named.push({ name: `${testText(row)} · ${engine}`, series: engines.indexOf(engine), row })
      if (row.test.startsWith('tg')) {
        const key = `${engine} · ${row.test}`
        series.set(key, [...(series.get(key) ?? []), row])
      }
    }
  const tests = new Set(rows.filter(({ test }) => test.startsWith('tg')).map(({ test }) => test)).size
  const depthSeries = [...series].map(
    ([key, rows]): DepthSeries => ({ name: tests > 1 ? key : key.replace(/ · tg\d+$/, ''), rows }),
  )
  const plots = [decodeByDepth(depthSeries, words), latencyPlot(named, words), rooflinePlot(named, words)]
  const drawn = plots.filter((plot) => plot !== undefined)
  return drawn.length === 0 ? undefined : tag('div', { class: 'plots' }, drawn)
}

/** Every sample of every cell where it stood in the run. */
export function samplePlots({ rows }: Pick<BenchResult, 'rows'>, words: ReportWords): Markup | undefined {
  const cells = cellsOf(rows).filter((cell) => cell.some(({ derived }) => derived !== undefined))
  const drawn = cells.slice(0, PLOTTED.cells).flatMap((cell) => samplesOverTime(cell, words) ?? [])
  if (drawn.length === 0) return undefined
  const left = cells.length - PLOTTED.cells
  return tag('div', { class: 'plots' }, [...drawn, left > 0 ? undrawn(words.plots.more(left)) : undefined])
}
