import { markdownTables } from './markdown.ts'
import { isRecord } from './plain-json.ts'
import type { ResultRow } from './results.ts'

/** What `packages/pocket/card.json` holds. */
export interface Card {
  /** Of the file that was measured. */
  readonly model: { readonly sha256: string; readonly bytes: number }
  /** Of the committed cases and questions, so that figures and questions belong together. */
  readonly casesSha256: string
  readonly adapter: string
  readonly seconds: number
  readonly results: readonly ResultRow[]
}

const opening = '<!-- results: written by npm run pocket:eval -- --write-card -->'
const closing = '<!-- /results -->'

/** @throws TypeError where it is no card */
export function parseCard(text: string): Card {
  const value: unknown = JSON.parse(text)
  if (!isCard(value)) throw new TypeError('card.json is no card: write it with npm run pocket:eval -- --write-card')
  return value
}

function isCard(value: unknown): value is Card {
  if (!isRecord(value) || !isRecord(value['model']) || !Array.isArray(value['results'])) return false
  const { model, casesSha256, adapter, seconds, results } = value
  const texts = [model['sha256'], casesSha256, adapter].every((entry) => typeof entry === 'string')
  const numbers = [model['bytes'], seconds].every((entry) => typeof entry === 'number')
  return texts && numbers && results.every((row) => isRecord(row) && isRecord(row['metrics']))
}

/** What stands between the marks of the README. */
export function resultsOf({ model, adapter, seconds, results }: Card): string {
  const figures = `\`pocket.gguf\` ${model.bytes.toLocaleString('en')} bytes, SHA-256 \`${model.sha256}\``
  return `${markdownTables(results)}\n\n${figures}; ${adapter}, ${Math.round(seconds / 60)} minutes.`
}

/** @throws TypeError where the README has no marks */
export function withResults(readme: string, card: Card): string {
  const [start, end] = marks(readme)
  return `${readme.slice(0, start)}\n\n${resultsOf(card)}\n\n${readme.slice(end)}`
}

export function resultsIn(readme: string): string {
  const [start, end] = marks(readme)
  return readme.slice(start, end).trim()
}

function marks(readme: string): readonly [start: number, end: number] {
  const [start, end] = [readme.indexOf(opening), readme.indexOf(closing)]
  if (start < 0 || end < start) throw new TypeError(`the README lacks the lines ${opening} and ${closing}`)
  return [start + opening.length, end]
}
