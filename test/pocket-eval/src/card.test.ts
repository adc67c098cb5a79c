/// <reference types="node" />
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type Card, parseCard, resultsIn, resultsOf, withResults } from './card.ts'
import { evaluationFolder, readCases, sha256 } from './node.ts'
import { resultRows, total } from './results.ts'

const committed = (name: string) => readFile(new URL(`../${name}`, evaluationFolder))
const card = parseCard(String(await committed('card.json')))

describe("Pocket's card", () => {
  it('is about the committed weights: else run npm run pocket:eval -- --write-card', async () => {
    const file = await committed('pocket.gguf')
    expect(card.model).toEqual({ sha256: sha256(file), bytes: file.length })
  })

  it('is about the committed questions: else run npm run pocket:eval -- --write-card', async () => {
    expect(card.casesSha256).toBe((await readCases()).sha256)
  })

  it('shows in the README what card.json holds', async () => {
    expect(resultsIn(String(await committed('README.md')))).toBe(resultsOf(card))
  })
})

describe('the committed cases', async () => {
  const { cases } = await readCases()
  const of = (source: string, lang: string) => cases.filter((entry) => entry.source === source && entry.lang === lang)

  it('are enough in both languages', () => {
    for (const lang of ['en', 'zh']) {
      expect(of('outside', lang).length).toBeGreaterThanOrEqual(200)
      expect(of('inside', lang).length).toBeGreaterThanOrEqual(60)
      expect(of('by-hand', lang).length).toBeGreaterThanOrEqual(80)
      expect(new Set(of('held-out', lang).map(({ task }) => task)).size).toBeGreaterThanOrEqual(15)
    }
  })

  it('are each there once', () => {
    expect(new Set(cases.map(({ source, id }) => `${source} ${id}`)).size).toBe(cases.length)
    const asked = cases.map(({ messages, tools, thinking }) => JSON.stringify([messages, tools, thinking]))
    expect(new Set(asked).size).toBe(asked.length)
  })
})

describe('tables', () => {
  const row = { source: 'held-out', task: 'form', lang: 'en', cases: 2 } as const
  const made: Card = {
    model: { sha256: 'abc', bytes: 6_908_480 },
    casesSha256: 'def',
    adapter: 'none',
    seconds: 90,
    results: [{ ...row, metrics: { json: { right: 1, of: 2 }, falseFallback: { right: 0, of: 2 } } }],
  }

  it('say how many of how many, and a dash for nothing', () => {
    const text = resultsOf(made)
    expect(text).toContain('| valid JSON, nothing constrained | ≥ 95 % | 50.0 % (1/2) | – |')
    expect(text).toContain('| form → JSON | valid JSON | 50.0 % (1/2) | – | – | – |')
    expect(text).toContain('SHA-256 `abc`')
  })

  it('stand between the marks of a README, whatever stood there', () => {
    const readme = `a\n<!-- results: written by npm run pocket:eval -- --write-card -->old<!-- /results -->\nz\n`
    const once = withResults(readme, made)
    expect(resultsIn(once)).toBe(resultsOf(made))
    expect(withResults(once, made)).toBe(once)
    expect(once.startsWith('a\n') && once.endsWith('\nz\n')).toBe(true)
    expect(() => withResults('no marks', made)).toThrow('lacks the lines')
  })

  it('sum up over cases and rows', () => {
    const answer = { text: '', beyond: false, ended: true, promptTokens: 1, tokens: 1, milliseconds: 1 }
    const entry = {
      id: 'a',
      source: 'held-out',
      task: 'form',
      lang: 'en',
      messages: [],
      thinking: false,
      expected: { kind: 'inside' },
      copied: [],
      outside: false,
    } as const
    const rows = resultRows([
      { entry, answer, score: { fields: { right: 3, of: 4 } } },
      { entry, answer, score: { fields: { right: 0, of: 2 }, json: { right: 0, of: 1 } } },
      { entry: { ...entry, lang: 'zh' }, answer, score: {} },
    ])
    expect(rows).toMatchObject([
      { lang: 'en', cases: 2, metrics: { fields: { right: 3, of: 6 }, json: { right: 0, of: 1 } } },
      { lang: 'zh', cases: 1, metrics: {} },
    ])
    expect(total(rows, 'fields', () => true)).toEqual({ right: 3, of: 6 })
    expect(total(rows, 'tool', () => true)).toEqual({ right: 0, of: 0 })
  })
})

it('refuses a card that is none', () => {
  expect(() => parseCard('{}')).toThrow('no card')
  expect(() => parseCard('{"results": []}')).toThrow('no card')
})
