import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gpu } from '../../device/gpu.ts'
import type { ChosenToken } from '../../engine-types.ts'
import { readWords, testGpu } from '../testing.ts'
import { type SamplerStart, samplerState } from './sample.ts'
import { randomLogits, runSteps, samplerOf, usualStart } from './testing.ts'
import { rankedTokens } from './token-ranker.reference.ts'
import { chosenToken, TokenRanker } from './token-ranker.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await testGpu()
})
afterAll(() => gpu.destroy())

async function rankedByGpu(
  logits: Float32Array<ArrayBuffer>,
  top: number,
  start: Partial<SamplerStart> = {},
): Promise<ChosenToken> {
  const { sampler, buffer } = await samplerOf(gpu, logits)
  const ranker = new TokenRanker(gpu, sampler, buffer, logits.length)
  const sampling = await sampler.begin({ ...usualStart, ...start, logprobs: { top } })
  const { before, after } = await ranker.steps()
  runSteps(gpu, [before, ...sampling, after])
  const state = await readWords(gpu, sampler.state)
  const chosen = chosenToken(state[samplerState.token] ?? 0, await readWords(gpu, ranker.result), top)
  sampler.dispose()
  ranker.dispose()
  gpu.ledger.release(buffer)
  return chosen
}

function expectLike(got: ChosenToken, wanted: ChosenToken): void {
  expect(got.top.map(({ token }) => token)).toEqual(wanted.top.map(({ token }) => token))
  const chances = (chosen: ChosenToken): number[] => [chosen.logprob, ...chosen.top.map(({ logprob }) => logprob)]
  for (const [index, logprob] of chances(wanted).entries())
    expect(Math.abs((chances(got)[index] ?? Number.NaN) - logprob)).toBeLessThan(1e-4)
}

describe.each([1, 7, 97, 2049, 151_936])('of %i tokens', (vocabulary) => {
  it.each([0, 1, 5, 20])('the likeliest %i', async (top) => {
    for (const deviation of [0.1, 3, 30]) {
      const logits = randomLogits(vocabulary, vocabulary + top, deviation)
      const got = await rankedByGpu(logits, top, { temperature: 3 })
      expect(got.top).toHaveLength(Math.min(top, vocabulary))
      expectLike(got, rankedTokens(logits, got.token, top))
    }
  })
})

it('orders equals by their ids, across chunks too', async () => {
  const logits = new Float32Array(5000).fill(-1)
  for (const token of [4999, 3000, 70, 6, 2047, 2048]) logits[token] = 2
  logits[900] = 3
  const got = await rankedByGpu(logits, 9)
  expect(got.top.map(({ token }) => token)).toEqual([900, 6, 70, 2047, 2048, 3000, 4999, 0, 1])
  expectLike(got, rankedTokens(logits, 900, 9))
  // A zero is a zero, whatever its sign.
  const zeros = Float32Array.from([-1, 0, -0, 0])
  expect((await rankedByGpu(zeros, 4)).top.map(({ token }) => token)).toEqual([1, 2, 3, 0])
})

it('is about what can be chosen: NaN and −∞ are not among the likeliest', async () => {
  const logits = new Float32Array(3000).fill(Number.NaN)
  logits.fill(Number.NEGATIVE_INFINITY, 100, 200)
  logits.set([-3, 5, -1], 2500)
  const got = await rankedByGpu(logits, 20)
  expectLike(got, rankedTokens(logits, 2501, 20))
  expect(got.top).toHaveLength(3)
})

it('stays right and finite where logits are as far apart as float32 allows', async () => {
  const far = await rankedByGpu(Float32Array.from([3.4e38, -3.4e38, 0]), 3)
  expect(far.top.map(({ token }) => token)).toEqual([0, 2, 1])
  expect(far.top.every(({ logprob }) => Number.isFinite(logprob))).toBe(true)
  expect(far.logprob).toBe(0)
  const sure = await rankedByGpu(Float32Array.from([500, 100, -200.5]), 3)
  expect(sure.top.map(({ logprob }) => logprob)).toEqual([0, -400, -700.5])
})

it('tells of the last token too, and is the same each time', async () => {
  const logits = randomLogits(9000, 4)
  const one = await rankedByGpu(logits, 20, { maxTokens: 1, temperature: 1 })
  expectLike(one, rankedTokens(logits, one.token, 20))
  expect(await rankedByGpu(logits, 20, { maxTokens: 1, temperature: 1 })).toEqual(one)
})
