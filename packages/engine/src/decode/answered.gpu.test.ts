import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import type { Engine, GenerateOptions } from '../engine-types.ts'
import { loadEngine } from '../load-engine.ts'

const [entry] = (await goldenCases(readGoldenData)).filter(({ name }) => name === 'q8_0-qwen2')
if (!entry) throw new Error('no golden case q8_0-qwen2')
const prompt = entry.reference.tokens.slice(0, 20)

let engine: Engine
beforeAll(async () => {
  engine = await loadEngine(await entry.open(), { bits: 'source' })
}, 120_000)
afterAll(() => engine.dispose())

async function answer(options: Partial<GenerateOptions>, input: readonly number[] = prompt): Promise<number[]> {
  const tokens: number[] = []
  for await (const token of engine.generate(input, { maxTokens: 20, ...options })) tokens.push(token)
  return tokens
}

describe('an answer that goes on after tokens it already has', () => {
  const sampled = { temperature: 1.4, topK: 30, topP: 0.95 }
  const choices: [string, Partial<GenerateOptions>][] = [
    ['greedy', {}],
    ['sampled', { ...sampled, seed: 11 }],
    ['with frequency and presence', { ...sampled, seed: 12, frequencyPenalty: 1.1, presencePenalty: 0.7 }],
    [
      'with all penalties and biases',
      {
        ...{ temperature: 1, seed: 13, frequencyPenalty: 0.6, repetitionPenalty: 1.3 },
        logitBias: [
          [3, 2],
          [9, -4],
        ],
      },
    ],
  ]
  it.each(choices)('%s, from the cache and from nothing', async (_, options) => {
    const whole = await answer(options)
    for (const [answered, cachePrompt] of [
      [1, true],
      [8, false],
      [19, true],
    ] as const) {
      const begun = [...prompt, ...whole.slice(0, answered)]
      const rest = await answer({ ...options, answered, cachePrompt, maxTokens: 20 - answered }, begun)
      expect(rest).toEqual(whole.slice(answered))
    }
  })

  it('is not that of a prompt which ends so', async () => {
    const options = { ...sampled, seed: 12, frequencyPenalty: 1.1, presencePenalty: 0.7 }
    const whole = await answer(options)
    const begun = [...prompt, ...whole.slice(0, 8)]
    expect(await answer({ ...options, maxTokens: 12 }, begun)).not.toEqual(whole.slice(8))
  })

  it('ends after as many tokens as are asked for, and at a stop token', async () => {
    const whole = await answer({})
    const begun = [...prompt, ...whole.slice(0, 8)]
    expect(await answer({ answered: 8, maxTokens: 3 }, begun)).toEqual(whole.slice(8, 11))
    const stop = whole[13] ?? 0
    const end = whole.indexOf(stop, 8) + 1
    expect(await answer({ answered: 8, stopTokens: [stop] }, begun)).toEqual(whole.slice(8, end))
    // Its limit and the tokens before it together pass 32 bits.
    const after: number[] = []
    for await (const token of engine.generate(begun, { answered: 8, maxTokens: 0xffffffff })) {
      after.push(token)
      if (after.length === 2) break
    }
    expect(after).toEqual(whole.slice(8, 10))
  })

  it('leaves nothing to the next answer', async () => {
    const options = { ...sampled, seed: 12, frequencyPenalty: 1.1 }
    const whole = await answer(options)
    await answer({ ...options, answered: 4 }, [...prompt, ...whole.slice(0, 4)])
    expect(await answer(options)).toEqual(whole)
  })
})

it('refuses what is no number of the prompt’s tokens, and priorities it does not know', async () => {
  const before = engine.counters().submits
  for (const answered of [-1, 1.5, prompt.length, Number.NaN])
    await expect(answer({ answered })).rejects.toMatchObject({
      code: 'option-invalid',
      details: { option: 'answered' },
    })
  const strange = { priority: 'low' as 'normal' }
  await expect(answer(strange)).rejects.toMatchObject({ code: 'option-invalid' })
  expect(engine.counters().submits).toBe(before)
})
