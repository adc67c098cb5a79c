import { describe, expect, it } from 'vitest'
import { rankRows } from '../result/ranking.ts'
import { readResult, writeResult } from '../result/read-result.ts'
import type { BenchResult } from '../result/result-types.ts'
import type { Reference } from './check-agreement.ts'
import { runSuite, type SuiteProgress, type SuiteRun } from './run-suite.ts'
import { type SimulatedEngine, SimulatedHost } from './simulated-engine.ts'
import { customSuite, suite, suiteNames, testsOf } from './suites.ts'

const model = { name: 'made up', source: 'none' }
const steady: SimulatedEngine = { prefillMs: 2, decodeMs: (depth) => 10 + depth / 100, vocabularySize: 1000 }
const never = new AbortController().signal

/** Each token is the last one's successor. */
const reference: Reference = {
  name: 'counting',
  cases: [{ name: 'up', ids: [5, 6, 7], greedy: Array.from({ length: 50 }, (_, index) => 8 + index) }],
}

const run: SuiteRun = {
  suite: customSuite(
    [
      { test: { kind: 'prefill', tokens: 16 }, depth: 0 },
      { test: { kind: 'decode', tokens: 8 }, depth: 64 },
    ],
    { samples: 10, ms: 0 },
  ),
  sides: [
    { engine: 'sampan', model },
    { engine: 'wllama', model },
  ],
  references: new Map([[model.name, reference]]),
  mostSamples: 20,
  facts: {
    runId: 'test',
    harness: { version: '0' },
    machine: { runtime: { kind: 'simulation', name: 'clock' } },
    conditions: { timerResolutionMs: 0.001 },
  },
}

async function result(
  sampan: Partial<SimulatedEngine> = {},
  wllama: Partial<SimulatedEngine> = {},
  more: Partial<SuiteRun> = {},
): Promise<BenchResult> {
  const host = new SimulatedHost([
    ['sampan', { ...steady, ...sampan }],
    ['wllama', { ...steady, ...wllama }],
  ])
  const made = await runSuite(host, { ...run, ...more }, never)
  // Whatever was made can be written and read again.
  expect(readResult(writeResult(made))).toEqual(made)
  expect(host.closed).toBe(host.opened)
  return made
}

describe('a run', () => {
  it('measures what is so', async () => {
    const { rows, comparisons, aborted } = await result()
    expect(rows.map(({ engine, test, depth, status }) => [engine, test, depth, status])).toEqual([
      ['sampan', 'pp16', 0, 'measured'],
      ['wllama', 'pp16', 0, 'measured'],
      ['sampan', 'tg8', 64, 'measured'],
      ['wllama', 'tg8', 64, 'measured'],
    ])
    // 16 tokens of 2 ms, and the first of the answer.
    expect(rows[0]).toMatchObject({ derived: { tokensPerSecond: { median: 16_000 / (16 * 2 + 10.16) } } })
    const decode = Array.from({ length: 8 }, (_, at) => steady.decodeMs(65 + at)).reduce((sum, ms) => sum + ms)
    const { derived } = rows[2] ?? {}
    expect(derived?.tokensPerSecond.median).toBeCloseTo(8000 / decode, 9)
    expect(derived).toMatchObject({ agreement: 1, unranked: [], countersPerToken: { dispatches: 1 } })
    expect(comparisons.map(({ base, other, ratio }) => [base, other, ratio?.median])).toEqual([
      [0, 1, 1],
      [2, 3, 1],
    ])
    expect(aborted).toBe(false)
  })

  it('finds what is ten percent slower', async () => {
    const { comparisons } = await result({}, { decodeMs: (depth) => 1.1 * steady.decodeMs(depth) })
    expect(comparisons[1]?.ratio?.median).toBeCloseTo(1 / 1.1, 9)
  })

  it('shows an engine whose answers are wrong, and does not rank it', async () => {
    const next = (prefix: readonly number[]): number => (prefix.length % 10 === 0 ? 0 : (prefix.at(-1) ?? 0) + 1)
    const made = await result({ next, prefillMs: 0.1 })
    expect(made.rows[0]).toMatchObject({ status: 'measured', derived: { agreement: 0.9, unranked: ['disagrees'] } })
    const ranked = rankRows(made.rows.filter(({ test }) => test === 'pp16')).filter(
      ({ derived }) => derived?.unranked.length === 0,
    )
    expect(ranked.map(({ engine }) => engine)).toEqual(['wllama'])
  })

  it('takes a near tie of the reference for no disagreement', async () => {
    const top = Array.from({ length: 50 }, (_, index): [number, number][] => [
      [8 + index, 3],
      [9 + index, index === 6 ? 2.96 : 1],
    ])
    const [first] = reference.cases
    if (!first) throw new Error('no case')
    const references = new Map([[model.name, { name: 'ties', cases: [{ ...first, top }] }]])
    const next = (prefix: readonly number[]): number => (prefix.length === 9 ? 0 : (prefix.at(-1) ?? 0) + 1)
    const { rows } = await result({ next }, {}, { references })
    expect(rows[0]).toMatchObject({ agreement: { positions: 49, agreeing: 49 } })
    expect(rows[1]).toMatchObject({ agreement: { positions: 50, agreeing: 50 } })
  })

  it('does not rank what has no reference, or cannot be compared with it', async () => {
    const unchecked = await result({}, {}, { references: new Map() })
    expect(unchecked.rows[0]).toMatchObject({ derived: { unranked: ['unchecked'] } })
    const reasons: string[] = []
    const onUnchecked = (_: unknown, reason: string): void => void reasons.push(reason)
    const mute = await result({ cannot: { 'next-tokens': 'It tells none.' } }, {}, { onUnchecked })
    expect(mute.rows[0]).toMatchObject({ derived: { unranked: ['unchecked'] } })
    const next = (): number => {
      throw new Error('It is lost.')
    }
    await result({}, { next }, { onUnchecked })
    expect(reasons).toEqual(['It tells none.', 'It is lost.'])
  })

  it('goes on when an engine dies, and says which row it cost', async () => {
    const fault = (count: number): undefined => {
      if (count === 5) throw new Error('The GPU is lost.\nAll of it.')
    }
    const { rows } = await result({ fault })
    expect(rows.map(({ status }) => status)).toEqual(['failed', 'measured', 'failed', 'measured'])
    expect(rows[0]).toMatchObject({ reason: 'The GPU is lost. All of it.', samples: { length: 4 } })
  })

  it('has rows for engines that are not there', async () => {
    const made = await result({}, {}, { sides: [...run.sides, { engine: 'web-llm', model }] })
    expect(made.rows.filter(({ engine }) => engine === 'web-llm')).toMatchObject([
      { status: 'failed', reason: 'There is no web-llm here.' },
      { status: 'failed' },
    ])
  })

  it('does not compare engines of different models', async () => {
    const other = { ...model, name: 'another' }
    const sides = [
      { engine: 'sampan', model },
      { engine: 'wllama', model: other },
    ] as const
    const { comparisons } = await result({}, {}, { sides })
    expect(comparisons).toEqual([])
  })

  it('can be ended, and tells how far it is', async () => {
    const controller = new AbortController()
    const seen: SuiteProgress[] = []
    const host = new SimulatedHost([
      ['sampan', steady],
      ['wllama', steady],
    ])
    const made = await runSuite(host, run, controller.signal, (progress) => {
      seen.push(progress)
      if (progress.fraction > 0.7) controller.abort()
    })
    expect(made.aborted).toBe(true)
    expect(made.rows.map(({ status }) => status)).toContain('aborted')
    expect(made.rows).toHaveLength(4)
    expect(readResult(writeResult(made))).toEqual(made)
    const fractions = seen.map(({ fraction }) => fraction)
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other))
    expect(seen.at(-1)?.secondsLeft).toBeGreaterThanOrEqual(0)
  })
})

describe('the suites', () => {
  it.each(suiteNames)('%s has tests that can be read', (name) => {
    const made = suite(name)
    expect(testsOf(made)).toHaveLength(made.tests.length)
    expect(made.minimum.samples).toBeGreaterThanOrEqual(10)
  })
})
