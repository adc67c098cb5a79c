import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gpu } from '../../device/gpu.ts'
import { readFloats, readWords, testGpu } from '../testing.ts'
import { adjustedLogits, maskOf } from './logit-adjuster.reference.ts'
import { LogitAdjuster } from './logit-adjuster.ts'
import type { LogitEdits } from './logit-edits.ts'
import { greedyToken, keptTokens } from './sample.reference.ts'
import { checkSampled, type Sampler, type SamplerStart, type SamplerStep, samplerState } from './sample.ts'
import { randomLogits, runSteps, samplerOf, usualStart } from './testing.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await testGpu()
})
afterAll(() => gpu.destroy())

interface Bench {
  readonly sampler: Sampler
  readonly adjuster: LogitAdjuster
  readonly steps: readonly SamplerStep[]
  readonly end: () => void
}

async function benchOf(
  logits: Float32Array<ArrayBuffer>,
  edits: LogitEdits,
  { prompt = [], mask, start = {} }: { prompt?: number[]; mask?: Uint32Array; start?: Partial<SamplerStart> },
): Promise<Bench> {
  const { sampler, buffer } = await samplerOf(gpu, logits)
  const adjuster = new LogitAdjuster(gpu, sampler, buffer, logits.length)
  const whole = { ...usualStart, ...start }
  await sampler.begin(whole)
  const edited = Object.keys(edits).length > 0
  if (edited) adjuster.writeEdits(edits, prompt)
  if (mask) adjuster.writeMask(mask)
  const steps = [
    await adjuster.step({ edits: edited, mask: mask !== undefined }),
    ...(await sampler.steps(whole, adjuster.logits)),
  ]
  const end = (): void => {
    sampler.dispose()
    adjuster.dispose()
    gpu.ledger.release(buffer)
  }
  return { sampler, adjuster, steps, end }
}

const tokenOf = async (sampler: Sampler): Promise<number> =>
  (await readWords(gpu, sampler.state))[samplerState.token] ?? -1

function expectClose(got: Float32Array, wanted: Float32Array): void {
  for (const [token, value] of wanted.entries()) {
    const adjusted = got[token] ?? 0
    if (!Object.is(adjusted, value))
      expect(Math.abs(adjusted - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
  }
}

describe('penalties and biases', () => {
  const everything: LogitEdits = {
    frequencyPenalty: 0.7,
    presencePenalty: -1.1,
    repetitionPenalty: 1.3,
    logitBias: [
      [0, 2.5],
      [3, -4],
      [3, 1],
    ],
  }
  const choices: [string, LogitEdits][] = [
    ['frequency', { frequencyPenalty: 1.9 }],
    ['presence', { presencePenalty: 2 }],
    ['repetition', { repetitionPenalty: 1.8 }],
    ['a reward for repeating', { repetitionPenalty: 0.5, frequencyPenalty: -0.1 }],
    ['all', everything],
  ]
  describe.each([7, 97, 2049])('of %i tokens', (vocabulary) => {
    it.each(choices)('%s: each step is penalised for all before it', async (_, edits) => {
      const logits = randomLogits(vocabulary, vocabulary, 1)
      const prompt = [5, 1, 1, vocabulary - 1]
      const { sampler, adjuster, steps, end } = await benchOf(logits, edits, { prompt })
      const answer: number[] = []
      for (let step = 0; step < 6; step += 1) {
        const wanted = adjustedLogits(logits, edits, prompt, answer)
        runSteps(gpu, steps)
        expectClose((await readFloats(gpu, adjuster.logits)).subarray(0, vocabulary), wanted)
        const token = await tokenOf(sampler)
        expect(token).toBe(greedyToken(wanted))
        answer.push(token)
      }
      // Without waiting in between the GPU counts the same.
      const again = await benchOf(logits, edits, { prompt })
      runSteps(gpu, again.steps, 6)
      expect(await tokenOf(again.sampler)).toBe(answer[5])
      end()
      again.end()
    })
  })

  it('does not touch the model’s logits, nor the bits of what has no penalty', async () => {
    const logits = Float32Array.from([1, -0, 1e-42, Number.NaN, Number.NEGATIVE_INFINITY, 3, Number.POSITIVE_INFINITY])
    const { sampler, buffer } = await samplerOf(gpu, logits)
    const adjuster = new LogitAdjuster(gpu, sampler, buffer, logits.length)
    await sampler.begin(usualStart)
    adjuster.writeEdits({ logitBias: [[5, -100]], frequencyPenalty: 2 }, [])
    runSteps(gpu, [await adjuster.step({ edits: true, mask: false })])
    const bits = new Uint32Array(logits.buffer)
    expect([...(await readWords(gpu, buffer)).subarray(0, 7)]).toEqual([...bits])
    const adjusted = await readWords(gpu, adjuster.logits)
    expect([...adjusted.subarray(0, 7)]).toEqual([...bits.map((word, token) => (token === 5 ? 0xc2c20000 : word))])
    sampler.dispose()
    adjuster.dispose()
  })

  it('a bias of ±100 forbids and forces, but revives neither NaN nor −∞', async () => {
    const logits = randomLogits(300, 8)
    logits[17] = Number.NaN
    logits[18] = Number.NEGATIVE_INFINITY
    const best = greedyToken(logits)
    const forbidden = await benchOf(logits, { logitBias: [[best, -100]] }, {})
    runSteps(gpu, forbidden.steps, 3)
    const others = Float32Array.from(logits)
    others[best] = -1000
    expect(await tokenOf(forbidden.sampler)).toBe(greedyToken(others))
    forbidden.end()
    const bias = [
      [17, 100],
      [18, 100],
      [299, 100],
    ] as const
    const forced = await benchOf(logits, { logitBias: bias }, { start: { temperature: 1, topP: 0.9 } })
    runSteps(gpu, forced.steps, 5)
    expect(await tokenOf(forced.sampler)).toBe(299)
    forced.end()
  })

  it('keeps every logit that was finite finite, at the ends of float32 and of the options', async () => {
    const logits = Float32Array.from([3.4e38, -3.4e38, Number.POSITIVE_INFINITY, 1e-40, -1e-40])
    const all = [0, 1, 2, 3, 4]
    for (const repetitionPenalty of [1e-9, 10]) {
      const edits = { repetitionPenalty, frequencyPenalty: -2, logitBias: all.map((token) => [token, -100] as const) }
      const { adjuster, steps, end } = await benchOf(logits, edits, { prompt: all })
      runSteps(gpu, steps, 3)
      const adjusted = (await readFloats(gpu, adjuster.logits)).subarray(0, 5)
      expect([...adjusted].every(Number.isFinite)).toBe(true)
      expect(greedyToken(adjusted)).toBe(0)
      end()
    }
  })
})

describe('a mask', () => {
  it.each([1, 7, 32, 33, 4099])('of %i tokens leaves only what it allows', async (vocabulary) => {
    const logits = randomLogits(vocabulary, vocabulary)
    const allowed = [...logits.keys()].filter((token) => token % 5 === 0)
    const mask = maskOf(allowed, vocabulary)
    const bench = await benchOf(logits, {}, { mask })
    runSteps(gpu, bench.steps)
    const wanted = adjustedLogits(logits, {}, [], [], mask)
    expect((await readFloats(gpu, bench.adjuster.logits)).subarray(0, vocabulary)).toEqual(wanted)
    expect(await tokenOf(bench.sampler)).toBe(greedyToken(wanted))
    bench.end()
  })

  it('of all but one gives that one whatever the sampling', async () => {
    const logits = randomLogits(2500, 3)
    const worst = logits.indexOf(Math.min(...logits))
    const mask = maskOf([worst], 2500)
    for (const start of [{}, { temperature: 2 }, { temperature: 1, topK: 5, topP: 0.3, minP: 0.5 }]) {
      const { sampler, steps, end } = await benchOf(logits, { frequencyPenalty: 2 }, { mask, start })
      runSteps(gpu, steps, 4)
      expect([...(await readWords(gpu, sampler.state))]).toEqual([15, 1, worst, 4, 0, 0, 0, 0])
      end()
    }
  })

  it('comes before the warpers: top-k and top-p are of what it leaves', async () => {
    const logits = randomLogits(97, 12)
    const order = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0))
    const mask = maskOf(order.slice(10), 97)
    const start = { temperature: 1.5, topK: 4 }
    const kept = keptTokens(adjustedLogits(logits, {}, [], [], mask), start)
    expect([...kept.keys()]).toEqual(order.slice(10, 14))
    const { sampler, steps, end } = await benchOf(logits, {}, { mask, start })
    const seen = new Set<number>()
    for (let i = 0; i < 25; i += 1) {
      runSteps(gpu, steps)
      seen.add(await tokenOf(sampler))
    }
    expect(seen).toEqual(new Set(order.slice(10, 14)))
    end()
  })

  it('fails where NaN is all that it leaves, and never takes NaN otherwise', async () => {
    const logits = new Float32Array(70).fill(Number.NaN)
    logits.set([-7, 4], 40)
    const some = await benchOf(logits, { logitBias: [[3, 100]] }, { mask: maskOf([3, 40, 69], 70) })
    runSteps(gpu, some.steps)
    expect(await tokenOf(some.sampler)).toBe(40)
    some.end()
    const none = await benchOf(logits, {}, { mask: maskOf([3, 69], 70) })
    runSteps(gpu, none.steps)
    const state = await readWords(gpu, none.sampler.state)
    expect(() => checkSampled(state)).toThrow(/no usable logits/)
    none.end()
  })

  it('takes masks that are shorter or longer than the vocabulary, and none that allow nothing', async () => {
    const { sampler, adjuster, steps, end } = await benchOf(randomLogits(70, 1), {}, { mask: Uint32Array.of(1 << 9) })
    runSteps(gpu, steps)
    expect(await tokenOf(sampler)).toBe(9)
    adjuster.writeMask(Uint32Array.of(0, 0, 1 << 5, 0xffffffff))
    runSteps(gpu, steps)
    expect(await tokenOf(sampler)).toBe(69)
    for (const mask of [
      new Uint32Array(3),
      new Uint32Array(),
      Uint32Array.of(0, 0, 1 << 6),
      Uint32Array.of(0, 0, 0, 1),
    ])
      expect(() => adjuster.writeMask(mask)).toThrow(expect.objectContaining({ code: 'option-invalid' }))
    end()
  })
})

it('keeps the tokens of a seed when it changes nothing', async () => {
  const logits = randomLogits(2100, 5, 1)
  const start = { ...usualStart, temperature: 1.2, topK: 50, topP: 0.95 }
  const { sampler, buffer } = await samplerOf(gpu, logits)
  const plain = await sampler.begin(start)
  const tokens: number[] = []
  for (let i = 0; i < 5; i += 1) {
    runSteps(gpu, plain)
    tokens.push(await tokenOf(sampler))
  }
  gpu.ledger.release(buffer)
  const all = new Uint32Array(66).fill(0xffffffff)
  const edits = { frequencyPenalty: 0, repetitionPenalty: 1, logitBias: [[3, 0]] as const }
  const { sampler: other, steps, end } = await benchOf(logits, edits, { mask: all, start, prompt: [1, 2] })
  for (const token of tokens) {
    runSteps(gpu, steps)
    expect(await tokenOf(other)).toBe(token)
  }
  end()
})
