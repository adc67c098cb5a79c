import { type Markup, tag } from '../html-markup.ts'
import type { ReportWords } from '../html-words.ts'
import { percentText } from '../words.ts'
import { figure, label, line, n, RIGHT, seriesClass, undrawn } from './figure.ts'
import { type NamedRow, shortened } from './latency.ts'
import { PLOTTED } from './limits.ts'
import { linearScale } from './scale.ts'

const LINE = 34
const START = 12
/** Beyond it bars are cut: what is far above all that is possible is no matter of degree. */
const MOST_SHARE = 2

/** The share of the measured bandwidth or matrix product that each row used; undefined where none is known. */
export function rooflinePlot(all: readonly NamedRow[], words: ReportWords): Markup | undefined {
  const some = all.flatMap((entry) =>
    entry.row.derived?.roofline ? [{ ...entry, roofline: entry.row.derived.roofline }] : [],
  )
  const rows = some.slice(0, PLOTTED.bars)
  if (rows.length === 0) return undefined
  const most = Math.min(MOST_SHARE, Math.max(1, ...rows.map(({ roofline }) => roofline.share)))
  const scale = linearScale(0, most, START, RIGHT - 14)
  const bottom = 8 + rows.length * LINE
  const frame = scale.ticks.flatMap((tick) => [
    line(tick === 1 ? 'limit' : 'grid', { x: scale.at(tick), y: 4 }, { x: scale.at(tick), y: bottom }),
    label(percentText(tick), { x: scale.at(tick), y: bottom + 15 }),
  ])
  const drawn = rows.flatMap(({ name, series, roofline }, index) => {
    const y = 8 + index * LINE
    const width = scale.at(Math.min(roofline.share, MOST_SHARE)) - START
    const says = `${percentText(roofline.share, 1)} ${words.plots.shareOf[roofline.of]}`
    return [
      label(`${shortened(name, 30)}: ${says}`, { x: START, y: y + 14 }, 'bar', 'start'),
      tag(
        'rect',
        { class: `share ${seriesClass(series)}`, x: START, y: y + 19, width: n(Math.max(1, width)), height: 8 },
        [tag('title', {}, [`${name}: ${says}`])],
      ),
    ]
  })
  const hidden = some.length - rows.length
  return figure(
    words.plots.share,
    bottom + 24,
    [...frame, ...drawn],
    [hidden > 0 ? undrawn(words.plots.more(hidden)) : undefined],
  )
}
