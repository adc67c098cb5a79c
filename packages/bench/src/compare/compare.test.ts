import { describe, expect, test } from 'vitest'
import { completeResult } from '../result/complete-result.ts'
import type { BenchResult, ResultDraft, RowDraft, RowSample } from '../result/result-types.ts'
import { sampleDraft } from '../result/test-support/sample-draft.ts'
import { noises, randomSource, turns } from '../statistics/test-support/noise.ts'
import { compareResults } from './compare-results.ts'
import { comparisonText } from './comparison-text.ts'
import { discoveries } from './false-discovery.ts'

const TOKENS = 8
const agreement = { reference: 'made up', positions: 100, agreeing: 100 }

function samplesOf(seconds: readonly number[]): RowSample[] {
  return seconds.map((duration, index) => ({
    startedMs: 4_000 * index,
    ms: 40 + 1_000 * duration,
    tokenTimes: Array.from({ length: TOKENS + 1 }, (_, token) => 40 + (1_000 * duration * token) / TOKENS),
    promptTokens: 1,
  }))
}

function row(samples: readonly RowSample[], depth = 0, build?: string): RowDraft {
  const named = build === undefined ? {} : { build }
  return {
    engine: 'sampan',
    ...named,
    model: 'Pocket',
    test: `tg${TOKENS}`,
    depth,
    status: 'measured',
    samples,
    agreement,
  }
}

/** Runs of as many rows, apart from each other; the second takes `slower` times as long in its first row. */
function twoRuns(seed: number, rows: number, slower = 1, pairs = 10): [BenchResult, BenchResult] {
  const random = randomSource(seed)
  const { roofline: _, ...draft } = sampleDraft({ comparisons: [] })
  const both = Array.from({ length: rows }, (_, index) => turns(noises.normal, pairs, random, index === 0 ? slower : 1))
  const make = (runId: string, side: 'base' | 'other'): BenchResult =>
    completeResult({ ...draft, runId, rows: both.map((seconds, index) => row(samplesOf(seconds[side]), index)) })
  return [make('run-1', 'base'), make('run-2', 'other')]
}

/** One run of two builds in turns. */
function builds(seed: number, rows: number, slower = 1, changes: Partial<ResultDraft> = {}): BenchResult {
  const random = randomSource(seed)
  const { roofline: _, ...draft } = sampleDraft()
  const cells = Array.from({ length: rows }, (_, index) => {
    const { base, other } = turns(noises['slow drift shared by both'], 10, random, index === 0 ? slower : 1)
    return [row(samplesOf(base), index, 'main'), row(samplesOf(other), index, 'branch')]
  })
  const pairs = Array.from({ length: 10 }, (_, index): [number, number] => [index, index])
  const comparisons = cells.map((_, index) => ({ base: 2 * index, other: 2 * index + 1, pairs }))
  return completeResult({ ...draft, rows: cells.flat(), comparisons, ...changes })
}

describe('two builds that took turns', () => {
  test('a slow-down of a fifth is found and fails', () => {
    const run = builds(1, 3, 1.2)
    const compared = compareResults(run, run)
    expect(compared.rows.map(({ verdict, worse, paired }) => [verdict, worse, paired])).toEqual([
      ['slower', true, true],
      ['no-difference-shown', false, true],
      ['no-difference-shown', false, true],
    ])
    expect(compared.exitCode).toBe(1)
    expect(compared.rows[0]?.ratio?.median).toBeCloseTo(1 / 1.2, 1)
    expect(compared.rows[0]?.ratio).toEqual(run.comparisons[0]?.ratio)
  })

  test('a gain fails nothing', () => {
    const run = builds(1, 1, 0.8)
    expect(compareResults(run, run)).toMatchObject({ exitCode: 0, rows: [{ verdict: 'faster' }] })
  })

  test('a loss within the threshold is shown and fails nothing', () => {
    const run = builds(1, 1, 1.2)
    expect(compareResults(run, run, { threshold: 0.3 })).toMatchObject({
      exitCode: 0,
      rows: [{ verdict: 'slower', worse: false }],
    })
  })

  test('equal builds pass in 19 of 20 runs of a dozen rows; a loss of a tenth in one of six rows is found in four of five', () => {
    const failures = (rows: number, slower: number, runs: number) =>
      Array.from({ length: runs }, (_, seed) => builds(seed, rows, slower)).filter(
        (run) => compareResults(run, run).exitCode === 1,
      ).length / runs
    expect(failures(12, 1, 100)).toBeLessThanOrEqual(0.05)
    expect(failures(6, 1.1, 100)).toBeGreaterThanOrEqual(0.8)
  }, 60_000)

  test('a run without builds says so', () => {
    const run = completeResult(sampleDraft())
    expect(compareResults(run, run)).toMatchObject({ exitCode: 2, incomparable: expect.stringContaining('two builds') })
  })
})

describe('two runs apart', () => {
  test('a slow-down of a fifth', () => {
    const [base, other] = twoRuns(3, 2, 1.2)
    const compared = compareResults(base, other)
    expect(compared.rows.map(({ verdict }) => verdict)).toEqual(['slower', 'no-difference-shown'])
    expect(compared.exitCode).toBe(1)
    expect(comparisonText(compared)).toMatch(/sampan +Pocket +tg8 +−1\d\.\d % +−\d+\.\d % … −\d+\.\d % +slower ✗/)
    expect(comparisonText(compared)).toContain('measured apart')
    expect(comparisonText(compared)).toMatch(/1 of 2 rows is worse.*\n$/)
    expect(compareResults(other, base)).toMatchObject({ exitCode: 0, rows: [{ verdict: 'faster' }, {}] })
  })

  test('three samples on both sides say nothing', () => {
    const [base, other] = twoRuns(3, 1, 2, 3)
    const compared = compareResults(base, other)
    expect(compared).toMatchObject({ exitCode: 2, rows: [{ verdict: 'cannot-tell', worse: false }] })
    expect(comparisonText(compared)).toMatch(/Nothing can be said\. No row could be judged\.\n$/)
  })

  test('models are matched by the hash of their files, whatever they are called', () => {
    const [base, other] = twoRuns(3, 1, 1.2)
    const renamed = completeResult({
      ...other,
      engines: other.engines.map((engine) => ({ ...engine, model: 'Dinghy' })),
      rows: other.rows.flatMap((each) => (each.status === 'measured' ? [{ ...each, model: 'Dinghy' }] : [])),
    })
    expect(compareResults(base, renamed).rows).toHaveLength(1)
    const changed = completeResult({
      ...other,
      engines: other.engines.map((engine) => ({
        ...engine,
        identity: { ...engine.identity, model: { ...engine.identity.model, hash: 'sha256:bb' } },
      })),
      rows: other.rows.flatMap((each) => (each.status === 'measured' ? [each] : [])),
    })
    expect(compareResults(base, changed)).toMatchObject({
      exitCode: 2,
      rows: [],
      notes: [expect.stringContaining('Only the base'), expect.stringContaining('Only the other')],
    })
  })

  test.each<[string, (result: BenchResult) => BenchResult]>([
    [
      'GPUs',
      ({ machine, ...rest }) => ({
        ...rest,
        machine: {
          ...machine,
          adapter: {
            ...sampleDraft().engines[0]?.identity.adapter,
            vendor: 'amd',
            architecture: 'rdna',
            description: '',
            software: false,
            features: [],
          },
        },
      }),
    ],
    [
      'browsers',
      ({ machine, ...rest }) => ({ ...rest, machine: { ...machine, runtime: { kind: 'browser', name: 'Firefox' } } }),
    ],
    ['seeds', ({ suite, ...rest }) => ({ ...rest, suite: { ...suite, seed: 99 } })],
  ])('other %s: nothing can be said', (what, change) => {
    const [base, other] = twoRuns(3, 1, 1.2)
    const compared = compareResults(base, change(other))
    expect(compared).toMatchObject({
      exitCode: 2,
      rows: [{ verdict: 'cannot-tell' }],
      incomparable: expect.stringContaining(`The ${what} differ`),
    })
  })

  test('another version of the browser is said, and forbids nothing', () => {
    const [base, other] = twoRuns(3, 1, 1.2)
    const runtime = { ...other.machine.runtime, version: '200' }
    const compared = compareResults(base, { ...other, machine: { ...other.machine, runtime } })
    expect(compared.exitCode).toBe(1)
    expect(compared.notes).toEqual(['The versions of the browser differ: unknown and “200”.'])
  })
})

test('a GPU that only one of the two names forbids nothing', () => {
  const [base, other] = twoRuns(3, 1, 1.2)
  const { declaredGpu: _, ...machine } = other.machine
  const compared = compareResults(base, { ...other, machine })
  expect(compared).toMatchObject({
    exitCode: 1,
    notes: ['The GPUs declared by the user differ: “Card 9000” and unknown.'],
  })
})

describe('what speed does not make good', () => {
  const [base, other] = twoRuns(3, 1, 0.5)
  const [measured] = other.rows
  if (measured?.status !== 'measured') throw new Error('It is measured.')
  const { derived: _, ...seen } = measured

  test('wrong answers', () => {
    const wrong = completeResult({ ...other, rows: [{ ...seen, agreement: { ...agreement, agreeing: 10 } }] })
    const compared = compareResults(base, wrong)
    expect(compared).toMatchObject({ exitCode: 1, rows: [{ verdict: 'cannot-tell', worse: true }] })
    expect(comparisonText(compared)).toContain('no longer gives the reference’s answers')
    expect(compareResults(wrong, base).rows).toMatchObject([{ verdict: 'cannot-tell', worse: false }])
  })

  test('a row that fails now', () => {
    const broken = completeResult({
      ...other,
      rows: [{ ...seen, status: 'failed', reason: 'Device lost.', samples: [] }],
    })
    expect(compareResults(base, broken)).toMatchObject({
      exitCode: 1,
      rows: [{ reason: 'The other failed: Device lost.' }],
    })
    expect(compareResults(broken, base)).toMatchObject({ exitCode: 2 })
  })

  test('a page that was hidden', () => {
    const hidden = completeResult({
      ...other,
      rows: [{ ...seen, samples: seen.samples.map((sample) => ({ ...sample, hidden: true })) }],
    })
    expect(compareResults(base, hidden)).toMatchObject({
      exitCode: 2,
      rows: [{ verdict: 'cannot-tell', worse: false }],
    })
  })
})

test('findings among many', () => {
  expect(discoveries([0.02, undefined, 0.5], 0.025)).toEqual([false, false, false])
  expect(discoveries([0.02, undefined], 0.025)).toEqual([true, false])
  expect(discoveries([0.01, 0.02, 0.024, 0.9], 0.04)).toEqual([true, true, true, false])
  expect(discoveries([], 0.025)).toEqual([])
})
