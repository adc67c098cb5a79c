import { describe, expect, test } from 'vitest'
import { completeResult, completeRow, rowContext } from './complete-result.ts'
import { cellsOf, rankRows, unrankedReasons } from './ranking.ts'
import { readResult } from './read-result.ts'
import type { ResultDraft, ResultRow, RowDraft, RowFlag, RowSample } from './result-types.ts'
import {
  decodeSample,
  measurement,
  prefillSample,
  repeat,
  sampleDraft,
  sampleRows,
} from './test-support/sample-draft.ts'

const agreement = { reference: 'made up', positions: 100, agreeing: 100 }

function decoded(
  samples: readonly RowSample[],
  changes: Partial<Extract<RowDraft, { status: 'measured' }>> = {},
): RowDraft {
  return {
    engine: 'sampan',
    model: 'Pocket',
    test: 'tg128',
    depth: 0,
    status: 'measured',
    samples,
    agreement,
    ...changes,
  }
}

function completed(row: RowDraft, changes: Partial<ResultDraft> = {}): ResultRow {
  return completeRow(row, rowContext(sampleDraft(changes), row))
}

function flagsOf(row: RowDraft, changes: Partial<ResultDraft> = {}): readonly RowFlag[] {
  return completed(row, changes).derived?.flags ?? []
}

/** 2 ms a token, to the last digit. */
const even: RowSample = {
  startedMs: 0,
  ms: 300,
  tokenTimes: Array.from({ length: 129 }, (_, token) => 44 + 2 * token),
  promptTokens: 1,
}
const evenSamples = repeat(10, (index) => ({ ...even, startedMs: 1_000 * index }))

describe('the numbers of a row', () => {
  test('tg: from the first token to the last, the prompt outside', () => {
    const { derived } = completed(decoded(evenSamples))
    expect(derived?.tokensPerSecond).toEqual({ median: 500, mad: 0, low: 500, high: 500 })
    expect(derived?.ttftMs.median).toBe(44)
    expect(derived?.itlMs).toEqual({ p50: 2, p95: 2, p99: 2, max: 2 })
    expect(derived?.spread).toBe(0)
    expect(derived?.drift).toBe(0)
    expect(derived?.flags).toEqual([])
    expect(derived?.unranked).toEqual([])
  })

  test('pp: what was computed of the prompt, until the first token', () => {
    const sample: RowSample = { startedMs: 0, ms: 100, tokenTimes: [100], promptTokens: 2_560, reused: 2_000 }
    const row = decoded(
      repeat(6, () => sample),
      { test: 'pp512', depth: 2_048 },
    )
    const { derived } = completed(row)
    expect(derived?.tokensPerSecond.median).toBeCloseTo(5_600, 9)
    expect(derived).not.toHaveProperty('itlMs')
    const { reused: _, ...silent } = sample
    const unsure = completed(
      decoded(
        repeat(6, () => silent),
        { test: 'pp512', depth: 2_048 },
      ),
    )
    expect(unsure.derived?.tokensPerSecond.median).toBeCloseTo(5_120, 9)
    expect(unsure.derived?.flags).toContain('not-reused')
  })

  test('counters and the host’s share are per token', () => {
    const counters = { dispatches: 1_290, submits: 129, bindGroups: 0, readbacks: 129, readbackBytes: 516 }
    const samples = evenSamples.map((sample, index) => (index === 9 ? { ...sample, counters, gpuMs: 171 } : sample))
    const { derived } = completed(decoded(samples))
    expect(derived?.countersPerToken).toEqual({
      dispatches: 10,
      submits: 1,
      bindGroups: 0,
      readbacks: 1,
      readbackBytes: 4,
    })
    expect(derived?.hostMsPerToken).toBeCloseTo(1, 12)
  })

  test('five samples have no interval and no rank', () => {
    const { derived } = completed(decoded(evenSamples.slice(0, 5)))
    expect(derived?.tokensPerSecond).toEqual({ median: 500, mad: 0 })
    expect(derived?.unranked).toEqual(['no-interval'])
  })

  test.each<[string, Partial<RowSample>]>([
    ['all tokens at once', { tokenTimes: new Array<number>(129).fill(300) }],
    ['a token short', { tokenTimes: even.tokenTimes.slice(1) }],
    ['times out of order', { tokenTimes: even.tokenTimes.toReversed() }],
  ])('%s: the row has failed, and says why', (_, change) => {
    const row = completed(decoded([...evenSamples, { ...even, ...change }]))
    expect(row.status).toBe('failed')
    expect(row).not.toHaveProperty('derived')
    expect(completed({ ...decoded([{ ...even, ...change }]), status: 'aborted', reason: 'Ended.' }).status).toBe(
      'failed',
    )
  })

  test('a prompt of another length is another test', () => {
    expect(
      completed(
        decoded(
          repeat(6, (index) => prefillSample(index, 500, 10)),
          { test: 'pp512' },
        ),
      ).status,
    ).toBe('failed')
  })

  test('what an engine says in several lines is one', () => {
    const row = completed({ ...decoded([]), status: 'failed', reason: 'Lost:\n\tdevice\u001b[31m' })
    expect(row).toMatchObject({ reason: 'Lost: device [31m' })
    expect(completed({ ...decoded([]), status: 'failed', reason: ' ' })).toMatchObject({
      reason: 'No reason was given.',
    })
  })
})

describe('the roofline', () => {
  const workingSet = 6_000_000 + 4_096 * (1 + 64.5)

  test('decoding moves weights and cache, against the bandwidth of such a working set', () => {
    const { derived } = completed(decoded(evenSamples))
    expect(derived?.roofline).toMatchObject({ of: 'copy', ceiling: 50, workingSetBytes: workingSet })
    expect(derived?.roofline?.share).toBeCloseTo((workingSet * 500) / 50e9, 12)
  })

  test('prefill multiplies, against the fastest product', () => {
    const row = decoded(
      repeat(6, () => ({ ...even, tokenTimes: [100], promptTokens: 512 })),
      { test: 'pp512' },
    )
    expect(completed(row).derived?.roofline?.share).toBeCloseTo((2 * 4_200_000 * 5_120) / 700e9, 12)
  })

  test.each([
    [0.99, 'measured', false],
    [1.1, 'measured', true],
    [1.25, 'refused', true],
  ])('a share of %f: %s', (share, status, flagged) => {
    const { roofline } = sampleDraft()
    if (!roofline) throw new Error('The sample has a roofline.')
    const gigabytes = (workingSet * 500) / 1e9 / share
    const copy = [{ bytes: 6_000_000, gigabytesPerSecond: measurement(gigabytes) }]
    const row = completed(decoded(evenSamples), { roofline: { ...roofline, copy } })
    expect(row.status).toBe(status)
    expect(row.derived?.flags.includes('over-roofline')).toBe(flagged)
    expect(unrankedReasons(row)).toEqual(status === 'refused' ? ['not-measured'] : [])
  })

  test('of processors and servers there is none, nor without a probe', () => {
    expect(completed(decoded(evenSamples, { engine: 'wllama' })).derived).not.toHaveProperty('roofline')
    const { roofline: _, ...unprobed } = sampleDraft()
    const row = decoded(evenSamples)
    expect(completeRow(row, rowContext(unprobed, row)).derived).not.toHaveProperty('roofline')
  })
})

describe('flags', () => {
  const { machine, conditions, engines } = sampleDraft()
  const slowing = evenSamples.map((sample, index) => ({
    ...sample,
    tokenTimes: sample.tokenTimes.map((time) => time * (1 + index / 50)),
  }))
  const first = slowing.map((sample, index) =>
    index === 0 ? { ...even, tokenTimes: even.tokenTimes.map((time) => 3 * time) } : sample,
  )
  const soft = engines.map((engine) =>
    engine.identity.adapter
      ? { ...engine, identity: { ...engine.identity, adapter: { ...engine.identity.adapter, software: true } } }
      : engine,
  )

  test.each<[RowFlag, RowDraft, Partial<ResultDraft>]>([
    ['drift', decoded(slowing), {}],
    ['spread', decoded(first), {}],
    ['first-outlier', decoded(first), {}],
    ['few-samples', decoded(evenSamples.slice(1)), {}],
    ['hidden', decoded([{ ...even, hidden: true }, ...evenSamples]), {}],
    ['software-adapter', decoded(evenSamples), { engines: soft }],
    ['developer-features', decoded(evenSamples), { conditions: { ...conditions, developerFeatures: true } }],
    ['coarse-timer', decoded(evenSamples), { conditions: { ...conditions, timerResolutionMs: 3 } }],
    ['disagrees', decoded(evenSamples, { agreement: { ...agreement, agreeing: 97 } }), {}],
    [
      'engine-clock-disagrees',
      decoded(evenSamples.map((sample) => ({ ...sample, engineTimes: sample.tokenTimes.map((time) => time / 1.2) }))),
      {},
    ],
  ])('%s', (flag, row, changes) => {
    expect(flagsOf(row, changes)).toContain(flag)
    expect(flagsOf(decoded(evenSamples))).not.toContain(flag)
  })

  test('unchecked, and so not ranked', () => {
    const { agreement: _, ...unchecked } = decoded(evenSamples)
    expect(flagsOf(unchecked)).toEqual(['unchecked'])
    expect(unrankedReasons(completed(unchecked))).toEqual(['unchecked'])
  })

  test('0.98 of the answers is enough', () => {
    expect(flagsOf(decoded(evenSamples, { agreement: { ...agreement, agreeing: 98 } }))).toEqual([])
  })

  test('a software GPU and developer features mean nothing to a processor', () => {
    const changes = { engines: soft, machine, conditions: { ...conditions, developerFeatures: true } }
    expect(flagsOf(decoded(evenSamples, { engine: 'wllama' }), changes)).toEqual([])
  })

  test('an engine’s clock that stands still tells nothing', () => {
    const still = evenSamples.map((sample) => ({ ...sample, engineTimes: sample.tokenTimes.map(() => 0) }))
    expect(flagsOf(decoded(still))).toEqual([])
  })
})

test('the fastest row whose answers are right leads', () => {
  const { rows } = completeResult(sampleDraft())
  const [cell, second] = cellsOf(rows).map(rankRows)
  expect(cell?.map(({ engine }) => engine)).toEqual(['sampan', 'wllama'])
  expect(cell?.map(unrankedReasons)).toEqual([[], ['disagrees']])
  expect(second?.at(-1)?.status).toBe('not-available')
  const fast = completed(
    decoded(
      repeat(10, (index) => decodeSample(index, 128, 0.5)),
      { agreement: { ...agreement, agreeing: 1 } },
    ),
  )
  const slow = completed(decoded(repeat(10, (index) => decodeSample(index, 128, 5))))
  expect(rankRows([fast, slow])).toEqual([slow, fast])
})

test('what a browser or an engine says of itself is cut to what a file takes', () => {
  const { machine, engines } = sampleDraft()
  const long = 'x\n'.repeat(5_000)
  const result = completeResult(
    sampleDraft({
      machine: { ...machine, userAgent: long },
      engines: engines.map((engine) => ({ ...engine, source: `data:${long}` })),
    }),
  )
  expect(() => readResult(result)).not.toThrow()
  expect(result.machine.userAgent).toHaveLength(1_000)
})

test('runs of one configuration share its name, others do not', () => {
  const { configuration } = completeResult(sampleDraft())
  const draft = sampleDraft()
  expect(
    completeResult(sampleDraft({ runId: 'run-2', rows: sampleRows.slice(0, 1), comparisons: [] })).configuration,
  ).toBe(configuration)
  for (const changes of [
    { suite: { ...draft.suite, seed: 2 } },
    { machine: { ...draft.machine, declaredGpu: 'Another' } },
    { engines: draft.engines.slice(0, 1) },
  ])
    expect(completeResult(sampleDraft(changes)).configuration).not.toBe(configuration)
})
