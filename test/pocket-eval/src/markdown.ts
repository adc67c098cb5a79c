import type { Language, Source } from './evaluation-case.ts'
import type { Share } from './plain-json.ts'
import { type ResultRow, total } from './results.ts'
import { type Metric, metricNames } from './score.ts'

const says: Readonly<Record<Metric, string>> = {
  exact: 'whole reply exact',
  intent: 'right reply',
  copied: 'names and numbers copied',
  json: 'valid JSON',
  fields: 'fields exact',
  whole: 'all fields exact',
  tool: 'right tools, or none',
  arguments: 'calls with exact arguments',
  fallback: 'says that it needs a larger model',
  falseFallback: 'says so wrongly (lower is better)',
  ended: 'ends by itself',
}

const taskNames: Readonly<Record<string, string>> = {
  chat: 'small talk',
  'follow-up': 'follow-up',
  facts: 'facts in the prompt',
  sums: 'sums',
  'sums-thinking': 'sums, thinking',
  beyond: 'outside of what it can do',
  receipt: 'receipt → JSON',
  'receipt-question': 'question about a receipt',
  form: 'form → JSON',
  classify: 'label',
  'tool-one': 'one tool call',
  'tool-several': 'several tool calls',
  'tool-none': 'no tool fits',
  'tool-answer': "a tool's answer used",
  suggest: 'reply suggestions',
  'key-points': 'key points',
  translate: 'phrases',
  advert: 'advert',
  mixed: 'long chat',
}

/** Shown once over all tasks instead of in every one. */
const acrossTasks: readonly Metric[] = ['falseFallback', 'ended']

interface Aim {
  readonly says: string
  readonly aim: string
  readonly metric: Metric
  readonly matches: (row: ResultRow) => boolean
}

const json = ({ task }: ResultRow): boolean => task === 'receipt' || task === 'form'
const tools = ({ task }: ResultRow): boolean => task.startsWith('tool-')
const heldOut = ({ source }: ResultRow): boolean => source === 'held-out'
const byHand = ({ source }: ResultRow): boolean => source === 'by-hand'

const aims: readonly Aim[] = [
  {
    says: 'valid JSON, nothing constrained',
    aim: '≥ 95 %',
    metric: 'json',
    matches: (row) => heldOut(row) && json(row),
  },
  {
    says: 'fields of receipts exact',
    aim: '≥ 90 %',
    metric: 'fields',
    matches: (row) => heldOut(row) && row.task === 'receipt',
  },
  { says: 'right tool', aim: '≥ 95 %', metric: 'tool', matches: (row) => heldOut(row) && tools(row) },
  {
    says: 'says that it needs a larger model, where it does',
    aim: '≥ 90 %',
    metric: 'fallback',
    matches: ({ source }) => source === 'outside',
  },
  {
    says: 'says so wrongly: held-out tasks',
    aim: '≤ 3 %',
    metric: 'falseFallback',
    matches: heldOut,
  },
  {
    says: 'says so wrongly: small talk written by hand',
    aim: '≤ 3 %',
    metric: 'falseFallback',
    matches: ({ source }) => source === 'inside',
  },
  {
    says: 'says so wrongly: tasks written by hand',
    aim: '≤ 3 %',
    metric: 'falseFallback',
    matches: byHand,
  },
  { says: 'ends by itself', aim: '', metric: 'ended', matches: (row) => heldOut(row) || byHand(row) },
]

/** `93.3 % (28/30)`; a dash where nothing was counted. */
export function formatShare({ right, of }: Share): string {
  return of === 0 ? '–' : `${((100 * right) / of).toFixed(1)} % (${right}/${of})`
}

/** The two tables of the card: the aims, then every task. */
export function markdownTables(rows: readonly ResultRow[]): string {
  return `${aimTable(rows)}\n\n${taskTable(rows)}`
}

function aimTable(rows: readonly ResultRow[]): string {
  const of = ({ metric, matches }: Aim, lang: Language): string =>
    formatShare(total(rows, metric, (row) => row.lang === lang && matches(row)))
  return table(
    ['', 'aim', 'English', 'Chinese'],
    aims.map((aim) => [aim.says, aim.aim, of(aim, 'en'), of(aim, 'zh')]),
  )
}

function taskTable(rows: readonly ResultRow[]): string {
  const tasks = [...new Set(rows.map(({ task }) => task))]
  const columns: readonly (readonly [Source, Language])[] = [
    ['held-out', 'en'],
    ['held-out', 'zh'],
    ['by-hand', 'en'],
    ['by-hand', 'zh'],
  ]
  const body = tasks
    .filter((task) => task !== 'outside' && task !== 'inside')
    .flatMap((task) => {
      const own = rows.filter((row) => row.task === task)
      const metrics = metricNames.filter(
        (metric) => !acrossTasks.includes(metric) && own.some((row) => row.metrics[metric]),
      )
      return metrics.map((metric, index) => [
        index === 0 ? (taskNames[task] ?? task) : '',
        says[metric],
        ...columns.map(([source, lang]) =>
          formatShare(total(own, metric, (row) => row.source === source && row.lang === lang)),
        ),
      ])
    })
  return table(['task', '', 'held-out, English', 'held-out, Chinese', 'by hand, English', 'by hand, Chinese'], body)
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}
