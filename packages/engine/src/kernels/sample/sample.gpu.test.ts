import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gpu } from '../../device/gpu.ts'
import { EngineError } from '../../errors.ts'
import { readWords, testGpu } from '../testing.ts'
import { drawnToken, greedyToken, keptTokens, philox, type SamplingOptions } from './sample.reference.ts'
import { checkSampled, Sampler, type SamplerStart, type SamplerStep, samplerState, scratchLimits } from './sample.ts'
import { randomLogits, runSteps, samplerOf as samplerWith, usualStart } from './testing.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await testGpu()
})
afterAll(() => gpu.destroy())

const usual = usualStart
const samplerOf = (logits: Float32Array<ArrayBuffer>): ReturnType<typeof samplerWith> => samplerWith(gpu, logits)
const advance = (steps: readonly SamplerStep[], times = 1): void => runSteps(gpu, steps, times)
const stateOf = (sampler: Sampler): Promise<Uint32Array> => readWords(gpu, sampler.state)

async function tokensOf(sampler: Sampler, start: SamplerStart, count: number): Promise<number[]> {
  const steps = await sampler.begin(start)
  const log = gpu.storage('activations', 'tokens', count)
  for (let i = 0; i < count; i++) {
    advance(steps)
    const encoder = gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(sampler.state, 4 * samplerState.token, log, 4 * i, 4)
    gpu.submit(encoder, 0)
  }
  const tokens = [...(await readWords(gpu, log)).subarray(0, count)]
  gpu.ledger.release(log)
  return tokens
}

/** The set that the limits left by the GPU keep. */
async function keptByGpu(sampler: Sampler, logits: Float32Array, start: SamplerStart): Promise<number[]> {
  advance(await sampler.begin(start))
  const [limit = 0, keyLimit = 0, best = 0] = (await readWords(gpu, sampler.scratch)).subarray(scratchLimits)
  const bits = new Uint32Array(1)
  const float = new Float32Array(bits.buffer)
  const orderOf = (logit: number): number => {
    float[0] = logit
    const word = bits[0] ?? 0
    return word >>> 31 === 1 ? word : word ^ 0x7fffffff
  }
  const top = logits[greedyToken(logits)] ?? 0
  expect(best).toBe(orderOf(top))
  const scale = Math.fround(2 / (start.temperature ?? 1))
  const least = Math.fround(-Math.log(start.minP ?? 0))
  return [...logits.keys()].filter((token) => {
    const logit = logits[token] ?? 0
    const distance = Math.fround(Math.fround(top * 0.5 - logit * 0.5) * scale)
    return orderOf(logit) <= limit && distance * 2 ** 22 < keyLimit + 1 && distance <= least && distance < 32
  })
}

describe('greedy', () => {
  it.each([1, 7, 96, 49_152, 151_936])('takes the best of %i, the lowest id of equals', async (vocabulary) => {
    const logits = randomLogits(vocabulary, vocabulary)
    const { sampler, buffer } = await samplerOf(logits)
    const steps = await sampler.begin(usual)
    expect(steps).toHaveLength(2)
    advance(steps)
    expect((await stateOf(sampler))[samplerState.token]).toBe(greedyToken(logits))
    logits[Math.floor(vocabulary / 2)] = 50
    logits[vocabulary - 1] = 50
    gpu.write(buffer, 0, logits)
    advance(steps)
    expect([...(await stateOf(sampler))]).toEqual([13, 1, Math.floor(vocabulary / 2), 2, 0, 0, 0, 0])
    sampler.dispose()
  })

  it.each([
    ['all negative', [-5, -1, -3], 1],
    ['a negative zero', [-0, -1], 0],
    ['NaN', [Number.NaN, -2, Number.NaN, -1], 3],
    ['infinities', [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 1],
  ] as const)('%s', async (_, values, token) => {
    const { sampler } = await samplerOf(Float32Array.from(values))
    for (const options of [{}, { temperature: 1, topK: 1 }, { temperature: 1e-7 }]) {
      advance(await sampler.begin({ ...usual, ...options }))
      expect((await stateOf(sampler))[samplerState.token]).toBe(token)
    }
    sampler.dispose()
  })

  it('fails for ever when nothing can be chosen', async () => {
    const nothing = new Float32Array(300).fill(Number.NaN)
    nothing[200] = Number.NEGATIVE_INFINITY
    const { sampler, buffer } = await samplerOf(nothing)
    for (const temperature of [0, 1]) {
      const steps = await sampler.begin({ ...usual, temperature, topK: temperature * 5, topP: 1 - temperature / 2 })
      advance(steps)
      gpu.write(buffer, 0, randomLogits(300, 1))
      advance(steps)
      const state = await stateOf(sampler)
      expect([...state]).toEqual([11, 1, 5, 0, 1, 1, 0, 0])
      expect(() => checkSampled(state)).toThrow(/no usable logits/)
      gpu.write(buffer, 0, nothing)
    }
    sampler.dispose()
  })
})

describe('the kept set', () => {
  const choices: [string, SamplingOptions, number][] = [
    ['plain', { temperature: 0.9 }, 3],
    ['top-k', { temperature: 1, topK: 40 }, 5],
    ['large top-k', { temperature: 1, topK: 5000 }, 5],
    ['top-p', { temperature: 1, topP: 0.9 }, 6],
    ['top-p, flat', { temperature: 5, topP: 0.97 }, 6],
    ['top-p of nearly nothing', { temperature: 1, topP: 1e-9 }, 6],
    ['top-p of most', { temperature: 0.7, topP: 0.99 }, 6],
    ['min-p', { temperature: 1.3, minP: 0.05 }, 3],
    ['all', { temperature: 0.7, topK: 20, topP: 0.8, minP: 0.01 }, 8],
  ]
  describe.each([7, 96, 49_152, 151_936])('of %i', (vocabulary) => {
    it.each(choices)('%s', async (_, options, dispatches) => {
      const logits = randomLogits(vocabulary, 3 * vocabulary)
      const { sampler } = await samplerOf(logits)
      const start = { ...usual, ...options }
      const wanted = keptTokens(logits, options)
      expect(await keptByGpu(sampler, logits, start)).toEqual([...wanted.keys()].sort((a, b) => a - b))
      if (vocabulary > 5000) expect(await sampler.begin(start)).toHaveLength(dispatches)
      const tokens = await tokensOf(sampler, start, 8)
      expect(tokens).toEqual(tokens.map((_, step) => drawnToken(wanted, start.seed, step)))
      sampler.dispose()
    })
  })

  it('top-p of nearly all is right to float32', async () => {
    const logits = randomLogits(49_152, 2)
    const { sampler } = await samplerOf(logits)
    const kept = await keptByGpu(sampler, logits, { ...usual, temperature: 0.7, topP: 0.9999 })
    const all = keptTokens(logits, { temperature: 0.7 })
    const total = [...all.values()].reduce((sum, chance) => sum + chance, 0)
    const mass = kept.reduce((sum, token) => sum + (all.get(token) ?? 0), 0)
    expect(Math.abs(mass / total - 0.9999)).toBeLessThan(1e-6)
    sampler.dispose()
  })

  it('two equals are drawn alike at any temperature, a negative zero being zero', async () => {
    const { sampler } = await samplerOf(Float32Array.from([-0, 0, -1]))
    const tokens = await tokensOf(sampler, { ...usual, temperature: 1e-6 }, 40)
    expect(new Set(tokens)).toEqual(new Set([0, 1]))
    sampler.dispose()
  })

  it('keeps ties at the k-th place, and all of equals', async () => {
    const logits = new Float32Array(5000).fill(-3)
    logits.set([2, 1, 1, 1], 4000)
    const { sampler, buffer } = await samplerOf(logits)
    expect(await keptByGpu(sampler, logits, { ...usual, temperature: 1, topK: 2 })).toEqual([4000, 4001, 4002, 4003])
    expect(await keptByGpu(sampler, logits, { ...usual, temperature: 0.5, topK: 3, topP: 0.5 })).toEqual([4000])
    logits.fill(-3)
    gpu.write(buffer, 0, logits)
    for (const options of [{ topK: 20 }, { topP: 0.3 }, { topK: 20, topP: 0.3, minP: 1 }])
      expect(await keptByGpu(sampler, logits, { ...usual, temperature: 1, ...options })).toHaveLength(5000)
    sampler.dispose()
  })

  it('is right where logits are as far apart as float32 allows', async () => {
    const logits = Float32Array.from([3.4e38, -3.4e38, 3.4e38, 0, 1e-40])
    const { sampler } = await samplerOf(logits)
    const options = { temperature: 100, topK: 4, topP: 0.999 }
    expect(await keptByGpu(sampler, logits, { ...usual, ...options })).toEqual([0, 2])
    sampler.dispose()
  })

  it('never holds NaN and −∞, even when more tokens are wanted than can be chosen', async () => {
    const logits = new Float32Array(100).fill(Number.NaN)
    logits[3] = Number.NEGATIVE_INFINITY
    logits.set([-1, -1.5], 40)
    const { sampler } = await samplerOf(logits)
    const start = { ...usual, temperature: 2 }
    for (const options of [{}, { topK: 50 }, { topK: 50, topP: 0.99 }, { topP: 0.99 }])
      expect(new Set(await tokensOf(sampler, { ...start, ...options }, 40))).toEqual(new Set([40, 41]))
    sampler.dispose()
  })
})

describe('the generation', () => {
  it('replays with the same seed, in another sampler too, and not with another', async () => {
    const logits = randomLogits(49_152, 1, 1)
    const start = { ...usual, temperature: 1, topP: 0.95 }
    const one = await samplerOf(logits)
    const two = await samplerOf(logits)
    const tokens = await tokensOf(one.sampler, start, 30)
    expect(await tokensOf(one.sampler, start, 30)).toEqual(tokens)
    expect(await tokensOf(two.sampler, start, 30)).toEqual(tokens)
    expect(await tokensOf(one.sampler, { ...start, seed: 8 }, 30)).not.toEqual(tokens)
    expect(new Set(tokens).size).toBeGreaterThan(20)
  })

  it('draws in proportion: χ² over 2,000 draws of 8 tokens', async () => {
    const chances = [0.3, 0.2, 0.15, 0.1, 0.1, 0.08, 0.05, 0.02]
    const { sampler } = await samplerOf(Float32Array.from(chances, (chance) => Math.log(chance)))
    const tokens = await tokensOf(sampler, { ...usual, maxTokens: 5000, temperature: 1 }, 2000)
    const squared = chances.reduce((sum, chance, token) => {
      const seen = tokens.filter((drawn) => drawn === token).length
      return sum + (seen - 2000 * chance) ** 2 / (2000 * chance)
    }, 0)
    // 99 % of χ² with 7 degrees of freedom; the seed is fixed, so this holds always or never.
    expect(squared).toBeLessThan(18.5)
  })

  it('stops after a stop token and after the last step, and is frozen then', async () => {
    const logits = randomLogits(96, 4)
    const best = greedyToken(logits)
    const { sampler } = await samplerOf(logits)
    const stops = Array.from({ length: 31 }, (_, i) => 200 + i)
    advance(await sampler.begin({ ...usual, stopTokens: [...stops, best] }), 3)
    expect([...(await stateOf(sampler))]).toEqual([12, 1, best, 1, 1, 0, 0, 0])
    advance(await sampler.begin({ ...usual, stopTokens: stops, maxTokens: 3 }), 5)
    expect([...(await stateOf(sampler))]).toEqual([14, 1, best, 3, 1, 0, 0, 0])
    for (const options of [{ topK: 5, topP: 0.9 }, { minP: 0.1 }]) {
      advance(await sampler.begin({ ...usual, temperature: 1, ...options, maxTokens: 2 }), 4)
      expect([...(await stateOf(sampler))].filter((_, word) => word !== samplerState.token)).toEqual([
        13, 1, 2, 1, 0, 0, 0,
      ])
    }
    sampler.dispose()
  })

  it('refuses options out of range, naming them, and vocabularies past its limit', async () => {
    const { sampler } = await samplerOf(randomLogits(7, 1))
    const wrong: [string, Partial<SamplerStart>][] = [
      ['temperature', { temperature: -1 }],
      ['temperature', { temperature: Number.NaN }],
      ['topK', { topK: 1.5 }],
      ['topP', { topP: 1.01 }],
      ['minP', { minP: -0.1 }],
      ['seed', { seed: 2 ** 32 }],
      ['maxTokens', { maxTokens: 0 }],
      ['stopTokens', { stopTokens: Array.from({ length: 33 }, (_, i) => i) }],
    ]
    for (const [option, values] of wrong) {
      await expect(sampler.begin({ ...usual, ...values })).rejects.toThrow(EngineError)
      await expect(sampler.begin({ ...usual, ...values })).rejects.toThrow(option)
    }
    await expect(Sampler.create(gpu, 524_289, sampler.state)).rejects.toThrow(/524288/)
  })

  it('allocates nothing once each mode has been used', async () => {
    const { sampler } = await samplerOf(randomLogits(96, 1))
    await sampler.begin({ ...usual, temperature: 1, topK: 3 })
    const before = gpu.counters()
    advance(await sampler.begin({ ...usual, temperature: 1, topK: 3 }))
    advance(await sampler.begin(usual))
    const after = gpu.counters()
    expect([after.buffers, after.bindGroups, after.pipelines]).toEqual([
      before.buffers,
      before.bindGroups,
      before.pipelines,
    ])
    expect(after.bufferWrites - before.bufferWrites).toBe(4)
    sampler.dispose()
  })
})

it('philox gives the published value for counter and key zero', () => {
  // Random123's known answers for philox2x32-10: counter (0, 0), key 0 → ff1dae59.
  expect(philox(0, 0)).toBe(0xff1dae59)
})
