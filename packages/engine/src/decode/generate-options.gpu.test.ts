import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import type { ChosenToken, CounterSnapshot, Engine, GenerateOptions, TokenConstraint } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import { adjustedLogits, maskOf } from '../kernels/sample/logit-adjuster.reference.ts'
import type { LogitEdits } from '../kernels/sample/logit-edits.ts'
import { greedyToken } from '../kernels/sample/sample.reference.ts'
import { rankedTokens } from '../kernels/sample/token-ranker.reference.ts'
import { loadEngine } from '../load-engine.ts'

const [entry] = (await goldenCases(readGoldenData)).filter(({ name }) => name === 'q8_0-qwen2')
if (!entry) throw new Error('no golden case q8_0-qwen2')
const { vocabulary } = entry.reference
const prompt = entry.reference.tokens.slice(0, 20)
const ignore = (): void => {}

const codeOf = (error: unknown): string => (EngineError.isInstance(error) ? error.code : String(error))

let engine: Engine
beforeAll(async () => {
  engine = await loadEngine(await entry.open(), { bits: 'source' })
}, 120_000)
afterAll(() => engine.dispose())

async function answer(options: Partial<GenerateOptions> = {}, input: readonly number[] = prompt): Promise<number[]> {
  const tokens: number[] = []
  for await (const token of engine.generate(input, { maxTokens: 12, ...options })) tokens.push(token)
  return tokens
}

/** The logits from which each token of an answer was chosen, as scoring computes them. */
async function logitsOf(tokens: readonly number[]): Promise<Float32Array[]> {
  const rows: Float32Array[] = []
  const whole = [...prompt, ...tokens.slice(0, -1)]
  await engine.score(whole, { from: prompt.length - 1, onLogits: (_, row) => rows.push(Float32Array.from(row)) })
  return rows
}

/** Allows what `allowed` says of the tokens so far, which it may say as many tokens ahead as `free` tells. */
function constraintOf(
  allowed: (tokens: readonly number[]) => readonly number[] | undefined,
  free: (tokens: readonly number[]) => number = () => 0,
): TokenConstraint & { readonly tokens: number[] } {
  const tokens: number[] = []
  return {
    tokens,
    allowed: () => {
      const some = allowed(tokens)
      return some && maskOf(some, vocabulary)
    },
    free: () => free(tokens),
    accept: (token) => {
      tokens.push(token)
    },
  }
}

describe('penalties and biases', () => {
  const choices: [string, LogitEdits][] = [
    ['frequency', { frequencyPenalty: 1.5 }],
    ['presence', { presencePenalty: 2 }],
    ['repetition', { repetitionPenalty: 1.7 }],
    [
      'all with biases',
      { frequencyPenalty: 0.4, presencePenalty: -0.3, repetitionPenalty: 1.2, logitBias: [[3, 1.5]] },
    ],
  ]
  it.each(choices)('%s: every token is the best after them', async (_, edits) => {
    const tokens = await answer(edits)
    for (const [step, logits] of (await logitsOf(tokens)).entries()) {
      const adjusted = adjustedLogits(logits, edits, prompt, tokens.slice(0, step))
      const chosen = adjusted[tokens[step] ?? -1] ?? Number.NEGATIVE_INFINITY
      expect((adjusted[greedyToken(adjusted)] ?? 0) - chosen).toBeLessThan(1e-3)
    }
    expect(await answer(edits)).toEqual(tokens)
  })

  it('change the answer, and leave nothing to the next', async () => {
    const plain = await answer()
    const banned = await answer({ logitBias: [...new Set(plain)].map((token) => [token, -100] as const) })
    expect(banned.filter((token) => plain.includes(token))).toEqual([])
    const forced = await answer({ logitBias: [[33, 100]], temperature: 1, seed: 1 })
    expect(new Set(forced)).toEqual(new Set([33]))
    expect(await answer()).toEqual(plain)
  })

  it('leave a seed its tokens when they are off', async () => {
    const sampled = { temperature: 1.4, topK: 30, topP: 0.9, seed: 5 }
    const none = { frequencyPenalty: 0, presencePenalty: 0, repetitionPenalty: 1, logitBias: [] }
    expect(await answer({ ...sampled, ...none, logitBias: [[3, 0]] })).toEqual(await answer(sampled))
  })
})

describe('a constraint', () => {
  it('is obeyed at every token, and hears of each before it is asked again', async () => {
    const constraint = constraintOf((tokens) => [tokens.length, tokens.length + 20, 40])
    for (const options of [{}, { temperature: 1.5, topP: 0.9, seed: 3 }]) {
      constraint.tokens.length = 0
      const tokens = await answer({ ...options, constraint })
      expect(tokens).toEqual(constraint.tokens)
      for (const [at, token] of tokens.entries()) expect([at, at + 20, 40]).toContain(token)
    }
  })

  it('that allows anything leaves a seed its tokens, by mask or without', async () => {
    const sampled = { temperature: 1.4, topK: 30, topP: 0.9, seed: 5 }
    const plain = await answer(sampled)
    const everything = Array.from({ length: vocabulary }, (_, token) => token)
    expect(await answer({ ...sampled, constraint: constraintOf(() => everything) })).toEqual(plain)
    expect(await answer({ ...sampled, constraint: constraintOf(() => undefined) })).toEqual(plain)
    const free = constraintOf(
      () => [],
      () => Number.POSITIVE_INFINITY,
    )
    expect(await answer({ ...sampled, constraint: free })).toEqual(plain)
    expect(free.tokens).toEqual(plain)
  })

  it('takes hold where its freedom ends, with penalties as without', async () => {
    for (const edits of [{}, { frequencyPenalty: 1.2 }]) {
      const plain = await answer(edits)
      const constraint = constraintOf(
        (tokens) => (tokens.length === 9 ? undefined : [41]),
        (tokens) => Math.max(0, 5 - tokens.length),
      )
      const tokens = await answer({ ...edits, constraint })
      expect(tokens.slice(0, 5)).toEqual(plain.slice(0, 5))
      expect([...tokens.slice(5, 9), ...tokens.slice(10)]).toEqual([41, 41, 41, 41, 41, 41])
    }
  })

  it('ends the answer with an error when it allows nothing, or fails itself', async () => {
    const empty = constraintOf((tokens) => (tokens.length < 3 ? undefined : []))
    expect(await answer({ constraint: empty }).catch(codeOf)).toBe('option-invalid')
    expect(empty.tokens).toHaveLength(3)
    const reason = new Error('no grammar')
    const failing = constraintOf(() => {
      throw reason
    })
    await expect(answer({ constraint: failing })).rejects.toBe(reason)
    expect(await answer({ maxTokens: 3 })).toHaveLength(3)
  })

  it('is asked nothing after a stop token', async () => {
    const constraint = constraintOf((tokens) => {
      if (tokens.includes(7)) throw new Error('asked after the end')
      return [tokens.length < 2 ? 3 : 7]
    })
    expect(await answer({ constraint, stopTokens: [7] })).toEqual([3, 3, 7])
  })
})

describe('logprobs', () => {
  it('are of the model’s own logits, told before each token is given', async () => {
    const told: ChosenToken[] = []
    const options = { temperature: 2, seed: 9, frequencyPenalty: 1, logitBias: [[2, 3] as const] }
    const logprobs = { top: 5, take: (chosen: ChosenToken) => void told.push(chosen) }
    const constraint = constraintOf((tokens) => (tokens.length % 3 === 0 ? [1, 2, 3] : undefined))
    const tokens: number[] = []
    for await (const token of engine.generate(prompt, { maxTokens: 10, ...options, logprobs, constraint })) {
      tokens.push(token)
      expect(told).toHaveLength(tokens.length)
    }
    expect(told.map(({ token }) => token)).toEqual(tokens)
    for (const [step, logits] of (await logitsOf(tokens)).entries()) {
      const wanted = rankedTokens(logits, tokens[step] ?? -1, vocabulary)
      const got = told[step]
      // Decoding and scoring add in other orders, so that the two differ by more than the kernels do.
      expect(Math.abs((got?.logprob ?? 0) - wanted.logprob)).toBeLessThan(1e-3)
      expect(got?.top).toHaveLength(5)
      for (const [rank, { logprob }] of (got?.top ?? []).entries())
        expect(Math.abs(logprob - (wanted.top[rank]?.logprob ?? 0))).toBeLessThan(1e-3)
    }
    expect(
      await answer({
        ...options,
        maxTokens: 10,
        constraint: constraintOf((all) => (all.length % 3 === 0 ? [1, 2, 3] : undefined)),
      }),
    ).toEqual(tokens)
  })

  it('come for as many tokens as were given when a stop token ends the answer', async () => {
    const plain = await answer()
    const stop = plain[4] ?? 0
    const told: number[] = []
    const take = ({ token, top }: ChosenToken): void => {
      expect(top).toEqual([])
      told.push(token)
    }
    expect(await answer({ stopTokens: [stop], logprobs: { top: 0, take } })).toEqual(told)
    expect(told).toEqual(plain.slice(0, plain.indexOf(stop) + 1))
  })
})

it('says what was in the cache, and takes nothing from it when told so', async () => {
  const found: number[] = []
  const onCached = (tokens: number): void => void found.push(tokens)
  await answer({ onCached }, [40, ...prompt])
  const first = await answer({ onCached })
  await answer({ onCached })
  const again = await answer({ onCached, cachePrompt: false })
  await answer({ onCached, maxTokens: 1 }, [...prompt, ...first])
  expect(found).toEqual([0, 0, prompt.length - 1, 0, prompt.length + first.length - 1])
  expect(again).toEqual(first)
})

describe('the cost of ten tokens', () => {
  const names = [
    'dispatches',
    'submits',
    'bindGroups',
    'buffers',
    'bufferWrites',
    'pipelines',
    'readbacks',
    'readbackBytes',
  ] as const satisfies readonly (keyof CounterSnapshot)[]
  type Cost = Partial<Record<(typeof names)[number], number>>

  /** Of ten tokens more, once a first answer has made what it needs. */
  async function costOf(options: () => Partial<GenerateOptions>): Promise<Cost> {
    const spent = async (maxTokens: number): Promise<CounterSnapshot[]> => {
      // In how many submits a prompt is fed depends on how fast they are: counted from its end.
      let before = engine.counters()
      const onPrefill = (done: number, total: number): void => {
        if (done === total) before = engine.counters()
      }
      await answer({ ...options(), maxTokens, onPrefill })
      return [before, engine.counters()]
    }
    await spent(2)
    const [short, long] = [await spent(4), await spent(14)]
    const total = ([before, after]: CounterSnapshot[], name: keyof CounterSnapshot): number =>
      (after?.[name] ?? 0) - (before?.[name] ?? 0)
    return Object.fromEntries(names.map((name) => [name, total(long, name) - total(short, name)]))
  }

  const modes: [string, () => Partial<GenerateOptions>, Cost][] = [
    ['options that are off', () => ({ presencePenalty: 0, repetitionPenalty: 1, logitBias: [[3, 0]] }), {}],
    ['penalties', () => ({ frequencyPenalty: 0.5, repetitionPenalty: 1.1 }), { dispatches: 10 }],
    ['biases', () => ({ logitBias: [[1, 2]] }), { dispatches: 10 }],
    ['logprobs', () => ({ logprobs: { top: 20, take: ignore } }), { dispatches: 20, readbackBytes: 10 * 176 }],
    ['a mask', () => ({ constraint: constraintOf(() => [3, 4]) }), { dispatches: 10, bufferWrites: 10 }],
    ['a constraint that allows any', () => ({ constraint: constraintOf(() => undefined) }), {}],
    [
      'all',
      () => ({ presencePenalty: 1, logprobs: { top: 1, take: ignore }, constraint: constraintOf(() => [3, 4]) }),
      { dispatches: 30, bufferWrites: 10, readbackBytes: 10 * 176 },
    ],
  ]
  it.each(modes)('with %s', async (_, options, more) => {
    const plain = await costOf(() => ({}))
    expect(plain).toMatchObject({ submits: 10, readbacks: 10, readbackBytes: 320 })
    expect(plain).toMatchObject({ bindGroups: 0, buffers: 0, bufferWrites: 0, pipelines: 0 })
    const cost = await costOf(options)
    const difference = names.map((name) => [name, (cost[name] ?? 0) - (plain[name] ?? 0)])
    expect(difference).toEqual(names.map((name) => [name, more[name] ?? 0]))
  })
})

it('makes what options need when they are first used, and frees it all', async () => {
  const other = await loadEngine(await entry.open(), { bits: 'source' })
  const run = async (options: Partial<GenerateOptions>): Promise<number> => {
    const before = other.counters().buffers
    for await (const token of other.generate(prompt, { maxTokens: 2, ...options }))
      expect(token).toBeLessThan(vocabulary)
    return other.counters().buffers - before
  }
  const loaded = other.ledger().total
  expect(await run({})).toBe(0)
  expect(other.ledger().total).toBe(loaded)
  const [edits, mask] = [{ presencePenalty: 1 }, { constraint: constraintOf(() => [1]) }]
  expect([await run(edits), await run(edits)]).toEqual([2, 0])
  expect([await run(mask), await run({ ...edits, ...mask })]).toEqual([1, 0])
  const logprobs = { top: 3, take: ignore }
  expect([await run({ logprobs }), await run({ logprobs })]).toEqual([2 + 17, 0])
  expect(other.ledger().total).toBeGreaterThan(loaded)
  await other.dispose()
  expect(other.ledger().total).toBe(0)
})

it('refuses options out of range before any work, naming them', async () => {
  const before = engine.counters().submits
  const wrong: [string, Partial<GenerateOptions>][] = [
    ['frequencyPenalty', { frequencyPenalty: 2.1 }],
    ['frequencyPenalty', { frequencyPenalty: Number.NaN }],
    ['presencePenalty', { presencePenalty: -2.1 }],
    ['repetitionPenalty', { repetitionPenalty: 0 }],
    ['repetitionPenalty', { repetitionPenalty: 10.5 }],
    ['logitBias', { logitBias: [[1, 101]] }],
    ['logitBias', { logitBias: [[1, Number.NaN]] }],
    ['logitBias', { logitBias: [[vocabulary, 1]] }],
    ['logitBias', { logitBias: [[-1, 1]] }],
    ['logitBias', { logitBias: [[1.5, 1]] }],
    ['logprobs.top', { logprobs: { top: 21, take: ignore } }],
    ['logprobs.top', { logprobs: { top: 1.5, take: ignore } }],
  ]
  for (const [option, options] of wrong)
    await expect(answer(options)).rejects.toMatchObject({
      code: 'option-invalid',
      message: expect.stringContaining(option),
    })
  expect(engine.counters().submits).toBe(before)
})
