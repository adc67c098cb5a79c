/// <reference types="vite/client" />
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answering, openAnswering } from './answering.ts'
import { type EvaluationCase, type Language, parseCases } from './evaluation-case.ts'
import { type Outcome, resultRows } from './results.ts'
import { scoreAnswer } from './score.ts'

const languages: readonly Language[] = ['en', 'zh']

/** The shortest conversation of every task, languages in turn: the command's path in seconds instead of minutes. */
function shortest(cases: readonly EvaluationCase[]): readonly EvaluationCase[] {
  const length = (entry: EvaluationCase): number => JSON.stringify([entry.messages, entry.tools, entry.reply]).length
  return [...new Set(cases.map(({ task }) => task))].flatMap((task, index) =>
    cases
      .filter((entry) => entry.task === task && entry.lang === languages[index % languages.length])
      .sort((a, b) => length(a) - length(b))
      .slice(0, 1),
  )
}

// A page runs the very engine that Dawn runs here, and e2e tests run Pocket in one.
describe.skipIf('document' in globalThis)("Pocket's evaluation (in Node only: the command runs there)", () => {
  let answering: Answering | undefined
  let outcomes: readonly Outcome[] = []

  beforeAll(async () => {
    const { readFile } = await import('node:fs/promises')
    const folder = new URL('../../../packages/pocket/', import.meta.url)
    answering = await openAnswering(new Uint8Array(await readFile(new URL('pocket.gguf', folder))), 'pocket.gguf')
    const made: Outcome[] = []
    for (const entry of shortest(
      parseCases(await readFile(new URL('evaluation/held-out.jsonl', folder), 'utf8'), 'held-out'),
    )) {
      const answer = await answering.answer(entry)
      made.push({ entry, answer, score: scoreAnswer(entry, answer) })
    }
    outcomes = made
  }, 300_000)
  afterAll(() => answering?.dispose())

  it('answers every task, from prompts that the template made', () => {
    expect(outcomes.length).toBeGreaterThanOrEqual(15)
    for (const { answer } of outcomes) {
      expect(answer.promptTokens).toBeGreaterThan(5)
      expect(answer.tokens).toBeGreaterThan(0)
      expect(answer.text).not.toContain('<|im_')
    }
    expect(resultRows(outcomes)).toHaveLength(outcomes.length)
  })

  it('is at home in the format: most replies end by themselves', () => {
    expect(outcomes.filter(({ answer }) => answer.ended).length).toBeGreaterThan(outcomes.length / 2)
  })

  it('gives the same reply again', async () => {
    const [first] = outcomes
    const again = first && (await answering?.answer(first.entry))
    expect(again?.text).toBe(first?.answer.text)
    expect(again?.tokens).toBe(first?.answer.tokens)
  })
})
