/// <reference types="node" />
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type EvaluationCase, parseCases, questionCases } from './evaluation-case.ts'

export { parseCard, withResults } from './card.ts'
export { chooseCases, type Selection } from './choose-cases.ts'
export { formatShare, markdownTables } from './markdown.ts'
export { resultRows } from './results.ts'
export { scoreAnswer } from './score.ts'

/** Where the committed cases lie; a `Card` names the SHA-256 of all of it. */
export const evaluationFolder = new URL('../../../packages/pocket/evaluation/', import.meta.url)

const files = [
  { name: 'held-out.jsonl', read: (text: string) => parseCases(text, 'held-out') },
  { name: 'by-hand.jsonl', read: (text: string) => parseCases(text, 'by-hand') },
  { name: 'outside.en.txt', read: (text: string) => questionCases(text, 'outside', 'en') },
  { name: 'outside.zh.txt', read: (text: string) => questionCases(text, 'outside', 'zh') },
  { name: 'inside.en.txt', read: (text: string) => questionCases(text, 'inside', 'en') },
  { name: 'inside.zh.txt', read: (text: string) => questionCases(text, 'inside', 'zh') },
]

export async function readCases(): Promise<{ readonly cases: readonly EvaluationCase[]; readonly sha256: string }> {
  const texts = await Promise.all(files.map(({ name }) => readFile(new URL(name, evaluationFolder), 'utf8')))
  const cases = files.flatMap(({ read }, index) => read(texts[index] ?? ''))
  return { cases, sha256: sha256(texts.join('\0')) }
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
