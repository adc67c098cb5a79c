import { describe, expect, it } from 'vitest'
import { BenchError } from '../errors.ts'
import { type CellPlan, type CellProgress, measureCell } from './measure-cell.ts'
import { randomTokens } from './random-tokens.ts'
import { type SimulatedEngine, SimulatedHost } from './simulated-engine.ts'

const model = { name: 'made up', source: 'none' }
const steady: SimulatedEngine = { prefillMs: 2, decodeMs: (depth) => 10 + depth / 100, vocabularySize: 1000 }
const plan: CellPlan = {
  test: { kind: 'decode', tokens: 8 },
  depth: 0,
  sides: [
    { engine: 'sampan', model },
    { engine: 'wllama', model },
  ],
  seed: 1,
  leastSamples: 4,
  mostSamples: 20,
  leastMs: 0,
}
const never = new AbortController().signal

function hostOf(sampan: Partial<SimulatedEngine> = {}, wllama: Partial<SimulatedEngine> = {}): SimulatedHost {
  return new SimulatedHost([
    ['sampan', { ...steady, ...sampan }],
    ['wllama', { ...steady, ...wllama }],
  ])
}

describe('a cell', () => {
  it('opens its engines, warms up, takes turns whose order is turned round, and closes', async () => {
    const host = hostOf()
    const outcomes = await measureCell(host, plan, never)
    expect(outcomes.map(({ status, samples }) => [status, samples.length])).toEqual([
      ['measured', 4],
      ['measured', 4],
    ])
    const order = host.runs.map(({ engine }) => (engine === 'sampan' ? 'A' : 'B')).join('')
    expect(order).toBe('AB ABBAABBA'.replace(' ', ''))
    expect([host.opened, host.closed]).toEqual([2, 2])
    const starts = outcomes.flatMap(({ warmUp, samples }) => [
      warmUp?.startedAt ?? -1,
      ...samples.map((one) => one.startedAt),
    ])
    expect(new Set(starts).size).toBe(10)
    expect(outcomes[0]).toMatchObject({ memory: { total: 1 } })
    expect(outcomes[0]?.samples.map(({ counters }) => counters?.dispatches)).toEqual([9, 9, 9, 9])
  })

  it('gives both engines the same tokens, and each repetition of a prefill others', async () => {
    const host = hostOf()
    await measureCell(host, { ...plan, test: { kind: 'prefill', tokens: 16 } }, never)
    const of = (engine: string): readonly string[] =>
      host.runs.filter((run) => run.engine === engine).map(({ prompt }) => prompt.join())
    expect(of('sampan')).toEqual(of('wllama'))
    expect(new Set(of('sampan')).size).toBe(5)
  })

  it('times the prefill behind its depth alone', async () => {
    const host = hostOf()
    const test = { kind: 'prefill', tokens: 16 } as const
    const [outcome] = await measureCell(host, { ...plan, test, depth: 100, sides: plan.sides.slice(0, 1) }, never)
    expect(outcome?.samples.map(({ reused, tokenTimes }) => [reused, tokenTimes])).toEqual(
      Array.from({ length: 4 }, () => [100, [16 * 2 + 10 + 1.16]]),
    )
  })

  it('takes samples for as long as it is told, but no more than it may', async () => {
    const count = async (more: Partial<CellPlan>): Promise<number | undefined> =>
      (await measureCell(hostOf(), { ...plan, ...more }, never))[0]?.samples.length
    // A sample takes 92.36 ms.
    expect(await count({ leastMs: 1000 })).toBe(11)
    expect(await count({ leastMs: 1e9 })).toBe(20)
    expect(await count({ leastMs: 100 })).toBe(4)
  })

  it('goes on with the others when one fails, and keeps what it had', async () => {
    const fault = (run: number): undefined => {
      if (run === 3) throw new Error('The GPU is lost.')
    }
    const host = hostOf({ fault })
    const [failed, other] = await measureCell(host, plan, never)
    expect(failed).toMatchObject({ status: 'failed', reason: 'The GPU is lost.', samples: [{}, {}] })
    expect(other).toMatchObject({ status: 'measured' })
    expect(other?.samples).toHaveLength(4)
    expect(host.closed).toBe(2)
  })

  it.each([
    ['gives fewer tokens', { tokenTimes: [1, 2], promptTokens: 1 }],
    ['reads other tokens', { tokenTimes: Array.from({ length: 9 }, () => 1), promptTokens: 2 }],
    ['tells times that go back', { tokenTimes: [9, 8, 7, 6, 5, 4, 3, 2, 1], promptTokens: 1 }],
    ['tells no times', { tokenTimes: Array.from({ length: 9 }, () => Number.NaN), promptTokens: 1 }],
  ])('fails where an engine %s', async (_, sample) => {
    const [outcome] = await measureCell(hostOf({ fault: () => sample }), plan, never)
    expect(outcome).toMatchObject({ status: 'failed', samples: [] })
  })

  it('is not available where the engine cannot do it, with the reason', async () => {
    const reasonOf = async (engine: Partial<SimulatedEngine>, more: Partial<CellPlan> = {}): Promise<unknown> => {
      const [outcome] = await measureCell(hostOf(engine), { ...plan, ...more }, never)
      return outcome?.status === 'not-available' ? outcome.reason : outcome?.status
    }
    const cannot = { reuse: 'It forgets.' }
    const prefill = { kind: 'prefill', tokens: 8 } as const
    expect(await reasonOf({ cannot }, { test: prefill, depth: 64 })).toBe('It forgets.')
    expect(await reasonOf({ cannot }, { test: prefill })).toBe('measured')
    expect(await reasonOf({ cannot: { 'ignore-end': 'It stops.' } })).toBe('It stops.')
    expect(
      await reasonOf({
        fault: () => {
          throw new BenchError('not-available', 'No GPU.')
        },
      }),
    ).toBe('No GPU.')
    const { vocabularySize: _, ...unsized } = steady
    const [outcome] = await measureCell(new SimulatedHost([['sampan', unsized]]), plan, never)
    expect(outcome).toMatchObject({ status: 'not-available', reason: expect.stringContaining('vocabulary') })
  })

  it('ends at once when it is aborted, with what there is', async () => {
    const controller = new AbortController()
    const fault = (run: number): undefined => {
      if (run === 2) controller.abort()
    }
    const host = hostOf({ fault })
    const outcomes = await measureCell(host, plan, controller.signal)
    expect(outcomes.map(({ status }) => status)).toEqual(['aborted', 'aborted'])
    expect(host.runs.length).toBeLessThan(8)
    expect(host.closed).toBe(2)
  })

  it('tells how far it is', async () => {
    const seen: CellProgress[] = []
    await measureCell(hostOf(), plan, never, (progress) => seen.push(progress))
    const fractions = seen.map(({ fraction }) => fraction)
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other))
    expect(fractions.at(-1)).toBe(1)
  })
})

describe('random tokens', () => {
  it('are the same for the same seed, spread over what is text', () => {
    const tokens = randomTokens(3, 20_000, 150_000)
    expect(tokens).toEqual(randomTokens(3, 20_000, 150_000))
    expect(tokens.slice(0, 100)).toEqual(randomTokens(3, 100, 150_000))
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...tokens)).toBeLessThan(135_000)
    expect(new Set(tokens).size).toBeGreaterThan(18_000)
    expect(randomTokens(4, 10, 150_000)).not.toEqual(tokens.slice(0, 10))
    expect(Math.max(...randomTokens(1, 1000, 300))).toBeLessThan(270)
  })
})
