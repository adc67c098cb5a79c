import { afterAll, beforeAll, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import type { CounterSnapshot, Engine, GenerateOptions } from '../engine-types.ts'
import { maskOf } from '../kernels/sample/logit-adjuster.reference.ts'
import { loadEngineOn } from '../load-engine.ts'
import { softwareRoute } from './route.ts'

const [entry] = (await goldenCases(readGoldenData)).filter(({ name }) => name === 'q8_0-qwen2')
if (!entry) throw new Error('no golden case q8_0-qwen2')
const { vocabulary } = entry.reference
const prompt = entry.reference.tokens.slice(0, 30)

const wide = { aim: 1e6, longest: Number.POSITIVE_INFINITY }
/** As of hardware that is far too slow: whatever is measured passes them. */
const tight = { aim: 0.001, longest: -1 }
const limits = { ...wide, divides: true }

let engine: Engine
beforeAll(async () => {
  engine = await loadEngineOn((gpu) => ({ ...softwareRoute(gpu), submits: limits }), await entry.open(), {
    bits: 'source',
  })
}, 120_000)
afterAll(() => engine.dispose())

async function answer(options: Partial<GenerateOptions> = {}): Promise<number[]> {
  const tokens: number[] = []
  const all = { maxTokens: 16, cachePrompt: false, ...options }
  for await (const token of engine.generate(prompt, all)) tokens.push(token)
  return tokens
}

const evenTokens = maskOf(
  Array.from({ length: vocabulary / 2 }, (_, i) => 2 * i),
  vocabulary,
)
const constraint = { allowed: () => evenTokens, free: () => 0, accept: () => {} }

it('gives the same tokens however its steps and batches are divided, and in the background', async () => {
  const choices: Partial<GenerateOptions>[] = [
    {},
    { temperature: 1.3, seed: 3, frequencyPenalty: 0.5 },
    { temperature: 1.3, seed: 4, constraint },
  ]
  for (const options of choices) {
    Object.assign(limits, wide)
    const plain = await answer(options)
    expect(plain).toHaveLength(16)
    expect(await answer({ ...options, priority: 'background' })).toEqual(plain)
    Object.assign(limits, tight)
    expect(await answer(options)).toEqual(plain)
    expect(await answer({ ...options, priority: 'background' })).toEqual(plain)
  }
})

it('divides a decode step into submits of the same dispatches, with nothing else made', async () => {
  const tokens = 24
  const cost = async (priority: 'normal' | 'background'): Promise<(name: keyof CounterSnapshot) => number> => {
    let before = engine.counters()
    const onPrefill = (): void => {
      before = engine.counters()
    }
    await answer({ priority, maxTokens: tokens, onPrefill })
    const after = engine.counters()
    return (name) => after[name] - before[name]
  }
  for (const priority of ['normal', 'background'] as const) {
    Object.assign(limits, wide)
    // And one that hands the last row of the prompt on.
    expect((await cost(priority))('submits')).toBe(tokens + 1)
    Object.assign(limits, tight)
    // How long a step takes is known from answers before, of which it takes some where the device answers by a clock (Deno).
    for (let warm = 0; warm < 40 && (await cost(priority))('submits') <= 3 * tokens; warm += 1);
    const divided = await cost(priority)
    expect(divided('submits')).toBeGreaterThan(3 * tokens)
    expect(divided('submits')).toBeLessThanOrEqual(divided('dispatches') + 1)
    for (const name of ['bindGroups', 'buffers', 'pipelines'] as const) expect(divided(name)).toBe(0)
    Object.assign(limits, wide)
    expect((await cost(priority))('submits')).toBe(tokens + 1)
  }
})

it('scores the same in small batches', async () => {
  const rows = async (): Promise<Float32Array[]> => {
    const all: Float32Array[] = []
    await engine.score(prompt, { from: 3, onLogits: (_, row) => void all.push(Float32Array.from(row)) })
    return all
  }
  Object.assign(limits, wide)
  const whole = await rows()
  Object.assign(limits, tight)
  expect(await rows()).toEqual(whole)
})

it('stops at once when it is aborted in the background', async () => {
  const reason = new Error('enough')
  const abort = new AbortController()
  const tokens: number[] = []
  const options = { maxTokens: 1000, priority: 'background', signal: abort.signal } as const
  const reading = (async () => {
    for await (const token of engine.generate(prompt, options)) {
      tokens.push(token)
      if (tokens.length === 3) setTimeout(() => abort.abort(reason))
    }
  })()
  await expect(reading).rejects.toBe(reason)
  expect(tokens.length).toBeLessThan(20)
  expect(await answer()).toHaveLength(16)
})
