import { engineOf } from '../result/engine-of.ts'
import { cellsOf, rankRows, unrankedReasons } from '../result/ranking.ts'
import type { BenchResult, ResultEngine, ResultRow } from '../result/result-types.ts'
import { type Markup, tag } from './html-markup.ts'
import { type ReportWords, rowNotes } from './html-words.ts'
import { milliseconds } from './plots/latency.ts'
import { deviceText, engineText, percentText, speedText, testText } from './words.ts'

/** What tables need of a result. */
export type TabledResult = Pick<BenchResult, 'rows' | 'engines' | 'machine'>

/** A table for each model: each test's ranked rows first, the fastest on top. On narrow screens a row is a card. */
export function rowTables(result: TabledResult, words: ReportWords): Markup {
  const models = [...new Set(result.rows.map(({ model }) => model))]
  if (models.length === 0) return tag('p', { class: 'hint' }, [words.noRows])
  return tag(
    'div',
    {},
    models.map((model) => modelTable(result, model, words)),
  )
}

function modelTable(result: TabledResult, model: string, words: ReportWords): Markup {
  const cells = cellsOf(result.rows.filter((row) => row.model === model))
  const names = [
    ...[words.test, words.rank, words.engine, words.weights, words.speed],
    ...[words.firstToken, words.betweenTokens, words.roofline, words.agreement, words.notes],
  ]
  const head = names.map((name, index) =>
    tag('th', { scope: 'col', role: 'columnheader', class: columnClass(index) }, [name]),
  )
  const body = cells.flatMap((cell) =>
    rankRows(cell).map((row, place) =>
      tableRow(result, row, unrankedReasons(row).length === 0 ? place + 1 : undefined, names, words),
    ),
  )
  // Roles are said again: a table that is shown as cards is no table for some screen readers.
  const table = tag('table', { class: 'cards', role: 'table' }, [
    tag('caption', {}, [words.rowsOf(model)]),
    tag('thead', { role: 'rowgroup' }, [tag('tr', { role: 'row' }, head)]),
    tag('tbody', { role: 'rowgroup' }, body),
  ])
  return tag('div', { class: 'wide', role: 'region', 'aria-label': words.rowsOf(model), tabindex: 0 }, [table])
}

const NUMBERS: readonly number[] = [1, 4, 5, 6, 7, 8]

function columnClass(index: number): string | undefined {
  return NUMBERS.includes(index) ? 'number' : undefined
}

function tableRow(
  result: TabledResult,
  row: ResultRow,
  rank: number | undefined,
  names: readonly string[],
  words: ReportWords,
): Markup {
  const notes = rowNotes(row, words)
  const isBarred = unrankedReasons(row).length > 0
  const list = notes.map((note, index) => tag('li', { class: index === 0 && isBarred ? 'why' : undefined }, [note]))
  const derived = row.derived
  const values: readonly (readonly [string, readonly (Markup | string)[]])[] = [
    ['', [testText(row)]],
    ['number rank', [rank === undefined ? '–' : String(rank)]],
    ['text', engineOn(result, row, words)],
    ['text', weightsOf(result, row, words)],
    ['number speed', speedOf(row, words)],
    ['number', derived ? [`${milliseconds(derived.ttftMs.median)} ms`] : []],
    ['number', betweenOf(row, words)],
    ['number', derived?.roofline ? [percentText(derived.roofline.share)] : []],
    ['number', derived?.agreement === undefined ? [] : [percentText(derived.agreement, 1)]],
    ['notes', notes.length > 0 ? [tag('ul', {}, list)] : []],
  ]
  const cells = values.map(([className, content], index) => {
    // Shown where columns have no heads; its head names it to those who do not see it.
    const name = tag('span', { class: 'name', 'aria-hidden': 'true' }, [names[index] ?? ''])
    const value = tag('span', { class: 'value' }, content)
    const wrapped = tag('div', { class: 'value' }, content)
    const given = { class: [className, content.length === 0 ? 'empty' : ''].filter(Boolean).join(' ') || undefined }
    return index === 0
      ? tag('th', { ...given, scope: 'row', role: 'rowheader' }, [name, value])
      : tag('td', { ...given, role: 'cell' }, [name, className === 'notes' ? wrapped : value])
  })
  return tag('tr', { role: 'row', class: isBarred ? 'unranked' : undefined }, cells)
}

function engineOn(result: TabledResult, row: ResultRow, words: ReportWords): readonly Markup[] {
  const engine = engineOf(result, row)
  const name = tag('bdi', {}, [engineText(row)])
  return engine ? [name, tag('small', {}, [tag('bdi', {}, [deviceOf(engine, result, words)])])] : [name]
}

function deviceOf(engine: ResultEngine, { machine }: TabledResult, words: ReportWords): string {
  const { device, threads } = engine.identity
  switch (device) {
    case 'gpu':
      return deviceText(engine, machine.declaredGpu)
    case 'cpu':
      return threads === undefined ? words.cpu : `${words.cpu}, ${words.threads(threads)}`
    case 'server':
      return words.server
    default:
      return device satisfies never
  }
}

function speedOf({ derived, status }: ResultRow, words: ReportWords): readonly (Markup | string)[] {
  if (!derived) return [status === 'not-available' ? words.notAvailable : '–']
  const { median, low, high } = derived.tokensPerSecond
  const interval = low === undefined || high === undefined ? words.noInterval : `${speedText(low)}–${speedText(high)}`
  return [speedText(median), tag('small', {}, [interval])]
}

function betweenOf({ derived, frames }: ResultRow, words: ReportWords): readonly (Markup | string)[] {
  const times = derived?.itlMs
  const between = times && [times.p50, times.p95, times.p99].map(milliseconds).join(' / ')
  return [
    ...(between === undefined ? [] : [`${between} ms`]),
    ...(frames ? [tag('small', {}, [`${words.frames} ${milliseconds(frames.p95Ms)} ms`])] : []),
  ]
}

function weightsOf(result: TabledResult, row: ResultRow, words: ReportWords): readonly (Markup | string)[] {
  const model = engineOf(result, row)?.identity.model
  const bits = model?.bitsPerWeight
  const parts = [
    model?.quantization,
    model?.weightBytes === undefined ? undefined : sizeText(model.weightBytes),
    bits === undefined ? undefined : words.bitsPerWeight(bits.toFixed(2)),
  ].filter((part) => part !== undefined)
  return parts.length > 0 ? [parts.join(', ')] : []
}

const MEGA = 1e6
const GIGA = 1e9

export function sizeText(bytes: number): string {
  return bytes >= GIGA ? `${(bytes / GIGA).toFixed(2)} GB` : `${(bytes / MEGA).toFixed(bytes < 10 * MEGA ? 2 : 0)} MB`
}
