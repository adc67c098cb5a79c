import type { ChosenToken, TokenConstraint, TokenGenerateOptions } from '@sampan/core/backend'
import { describe, expect, it } from 'vitest'
import { LEAST_LOGPROB } from '../least-logprob.ts'
import type { Candidate } from './draw-token.ts'
import { randomPoint } from './philox.ts'
import { type LogitRuntime, TokenChooser } from './token-chooser.ts'

const VOCABULARY = 400

/** Tells of fixed logits what llama.cpp tells of its own: chances in float32, best first, and which of two is larger. */
class FixedLogits implements LogitRuntime {
  readonly vocabularySize: number
  readonly reads: number[] = []
  readonly #logits: readonly number[]

  constructor(logits: readonly number[]) {
    this.#logits = logits
    this.vocabularySize = logits.length
  }

  async best(): Promise<number> {
    this.reads.push(0)
    return this.#sorted()[0] ?? -1
  }

  async candidates(count: number): Promise<readonly Candidate[]> {
    this.reads.push(count)
    const chances = this.#logits.map((logit) => Math.fround(Math.exp(logit)))
    const sum = chances.reduce((mass, chance) => Math.fround(mass + chance), 0)
    const sorted = this.#sorted().slice(0, count)
    return sorted.map((token) => ({ token, p: Math.fround((chances[token] ?? 0) / sum) }))
  }

  async exceeds(token: number, bound: number): Promise<boolean> {
    return Math.fround((this.#logits[token] ?? 0) + 512 - bound) > 512
  }

  async endProbes(): Promise<void> {}

  #sorted(): number[] {
    return this.#logits.map((_, token) => token).sort((a, b) => (this.#logits[b] ?? 0) - (this.#logits[a] ?? 0))
  }
}

/** Numbers that look random, always the same. */
function numbers(seed: number): () => number {
  let step = 0
  return () => randomPoint(seed, step++)
}

function options(some: Partial<TokenGenerateOptions> = {}): TokenGenerateOptions {
  const { signal } = new AbortController()
  return { maxTokens: 9, stopTokens: [], temperature: 0, topK: 0, topP: 1, minP: 0, seed: 1, signal, ...some }
}

function only(...tokens: readonly number[]): TokenConstraint {
  const mask = new Uint32Array(Math.ceil(VOCABULARY / 32))
  for (const token of tokens) mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31))
  return { allowed: () => mask, free: () => 0, accept: () => {} }
}

async function choose(
  logits: readonly number[],
  some: Partial<TokenGenerateOptions>,
  { prompt = [0], count = 1 }: { readonly prompt?: readonly number[]; readonly count?: number } = {},
): Promise<{
  readonly tokens: readonly number[]
  readonly told: readonly ChosenToken[]
  readonly reads: readonly number[]
}> {
  const runtime = new FixedLogits(logits)
  const told: ChosenToken[] = []
  const top = some.logprobs?.top
  const logprobs = top !== undefined && { logprobs: { top, take: (chosen: ChosenToken) => void told.push(chosen) } }
  const all = options({ ...some, ...logprobs })
  const chooser = new TokenChooser(runtime, prompt, all)
  const tokens: number[] = []
  while (tokens.length < count) tokens.push(await chooser.next(all.signal))
  return { tokens, told, reads: runtime.reads }
}

/** The whole meaning over the whole vocabulary, step after step, with nothing left out for speed. */
function reference(
  logits: readonly number[],
  some: TokenGenerateOptions,
  prompt: readonly number[],
  answer: readonly number[],
): number {
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0, logitBias = [], seed = 0 } = some
  const mask = some.constraint?.allowed()
  const changed = logits.map((logit, token) => {
    let value = logit
    if (prompt.includes(token) || answer.includes(token))
      value = value > 0 ? value / repetitionPenalty : value * repetitionPenalty
    const times = answer.filter((other) => other === token).length
    value -= times * frequencyPenalty + (times > 0 ? presencePenalty : 0)
    for (const [other, bias] of logitBias) if (other === token) value += bias
    return mask && !((mask[token >> 5] ?? 0) & (1 << (token & 31))) ? Number.NEGATIVE_INFINITY : value
  })
  const ranked = changed.map((value, token) => ({ value, token })).sort((a, b) => b.value - a.value)
  const best = ranked[0]?.value ?? 0
  if (some.temperature === 0) return ranked[0]?.token ?? -1
  let kept = ranked.map(({ value, token }) => ({ token, chance: Math.exp((value - best) / some.temperature) }))
  if (some.topK > 0) kept = kept.slice(0, some.topK)
  const mass = kept.reduce((sum, { chance }) => sum + chance, 0)
  let reached = 0
  if (some.topP < 1)
    kept = kept.filter(({ chance }) => {
      const within = reached < some.topP * mass
      reached += chance
      return within
    })
  kept = kept.filter(({ chance }) => chance >= some.minP && chance > 0).sort((a, b) => a.token - b.token)
  const point = randomPoint(seed, answer.length) * kept.reduce((sum, { chance }) => sum + chance, 0)
  let passed = 0
  for (const { token, chance } of kept) {
    passed += chance
    if (point < passed) return token
  }
  return -1
}

describe('TokenChooser', () => {
  it.each(Array.from({ length: 120 }, (_, seed) => seed))(
    'chooses as the whole vocabulary would have it, %i',
    async (seed) => {
      const random = numbers(seed)
      const pick = <T>(...values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0]
      const spread = pick(3, 8, 20)
      const shift = pick(-20, 0, 15)
      const logits = Array.from({ length: VOCABULARY }, () => shift + spread * (random() + random() + random() - 1.5))
      const token = (): number => Math.floor(random() * VOCABULARY)
      const prompt = Array.from({ length: pick(1, 5, 60) }, token)
      const some = options({
        temperature: pick(0, 0.5, 1, 1.5),
        topK: pick(0, 0, 1, 5, 40),
        topP: pick(1, 1, 0.9, 0.4),
        minP: pick(0, 0, 0.05, 0.5),
        seed,
        repetitionPenalty: pick(1, 1, 1.3, 0.8),
        frequencyPenalty: pick(0, 0.7, -0.4),
        presencePenalty: pick(0, 1.1, -0.6),
        logitBias: pick(
          [],
          [[token(), 7]],
          [
            [token(), -100],
            [token(), -3],
          ],
        ),
        ...(pick(true, false) && { constraint: only(token(), token(), token(), token()) }),
      })
      const { tokens } = await choose(logits, some, { prompt, count: 12 })
      expect(tokens).toEqual(tokens.map((_, at) => reference(logits, some, prompt, tokens.slice(0, at))))
    },
  )

  it.each([0, 1])('goes on with an answer where it was, at temperature %d', async (temperature) => {
    const random = numbers(5)
    const logits = Array.from({ length: VOCABULARY }, () => 6 * random())
    // So that what was said is likelier to be said again, up to a point.
    const penalties = { repetitionPenalty: 1.05, frequencyPenalty: 0.4, presencePenalty: -1.2 }
    const some = { temperature, seed: 3, logitBias: [[7, 2] as const], ...penalties }
    const prompt = [1, 2, 3]
    const { tokens } = await choose(logits, some, { prompt, count: 12 })
    for (const answered of [1, 5, 11]) {
      const begun = [...prompt, ...tokens.slice(0, answered)]
      const rest = await choose(logits, { ...some, answered }, { prompt: begun, count: 12 - answered })
      expect(rest.tokens).toEqual(tokens.slice(answered))
    }
    const begun = [...prompt, ...tokens.slice(0, 5)]
    expect((await choose(logits, some, { prompt: begun, count: 7 })).tokens).not.toEqual(tokens.slice(5))
  })

  const falling = Array.from({ length: VOCABULARY }, (_, token) => 5 - token / 10)

  it('reads few candidates where few will do', async () => {
    expect((await choose(falling, {}, { count: 3 })).reads).toEqual([1, 0, 0])
    expect((await choose(falling, { temperature: 1, topK: 20 }, { count: 2 })).reads).toEqual([28, 28])
    expect((await choose(falling, { logprobs: { top: 5, take: () => {} } }, { count: 2 })).reads).toEqual([13, 13])
    expect((await choose(falling, { constraint: only(3, 300) })).reads).toEqual([64])
    expect((await choose(falling, { constraint: only(300) })).reads).toEqual([64, VOCABULARY])
    // One token is touched after the first.
    expect((await choose(falling, { frequencyPenalty: 2 }, { count: 3 })).reads).toEqual([1, 2, 3])
  })

  it('finds tokens that are raised from far below', async () => {
    const flat = Array.from({ length: VOCABULARY }, () => 3).with(0, 5)
    const below = flat.map((logit) => logit - 10)
    const prompt = [399]
    expect((await choose(flat, { repetitionPenalty: 0.5 }, { prompt })).tokens).toEqual([399])
    expect((await choose(below, { repetitionPenalty: 0.5 }, { prompt })).tokens).toEqual([399])
    expect((await choose(flat, { logitBias: [[399, 3]] })).tokens).toEqual([399])
    expect((await choose(flat, { repetitionPenalty: 2 }, { prompt: [0] })).tokens).not.toEqual([0])
  })

  it('tells chances by the raw logits, whatever is done to them', async () => {
    const constraint = only(2, 399)
    const { told } = await choose([2, 2, 1, ...Array.from({ length: VOCABULARY - 3 }, () => -1e9)], {
      ...{ constraint, logitBias: [[2, 50]], temperature: 1.5, frequencyPenalty: 1, repetitionPenalty: 1.5 },
      logprobs: { top: 4, take: () => {} },
    })
    const sum = 2 * Math.exp(2) + Math.exp(1)
    const [two, one] = [2 - Math.log(sum), 1 - Math.log(sum)]
    expect(told).toHaveLength(1)
    expect(told[0]?.token).toBe(2)
    expect(told[0]?.logprob).toBeCloseTo(one, 5)
    expect(told[0]?.top.map(({ token }) => token)).toEqual([0, 1, 2, 3])
    expect(told[0]?.top.map(({ logprob }) => logprob)).toEqual([
      ...[two, two, one].map((logprob) => expect.closeTo(logprob, 5)),
      LEAST_LOGPROB,
    ])
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
  })

  it('orders equal chances by id, also those that lie beyond the first read', async () => {
    const { told, reads } = await choose(
      Array.from({ length: VOCABULARY }, () => 1)
        .with(250, 2)
        .with(1, 0),
      {
        logprobs: { top: 3, take: () => {} },
      },
    )
    expect(told[0]?.top.map(({ token }) => token)).toEqual([250, 0, 2])
    expect(reads).toEqual([11, VOCABULARY])
  })

  it('takes the likeliest of allowed tokens whose chances are too small to be told', async () => {
    const logits = Array.from({ length: VOCABULARY }, () => -300)
      .with(0, 40)
      .with(7, -200)
      .with(9, -150)
    for (const seed of [0, 1, 2, 3, 4]) {
      const { tokens, told } = await choose(logits, {
        ...{ temperature: seed === 0 ? 0 : 1, seed, constraint: only(7, 9, 11) },
        logprobs: { top: 0, take: () => {} },
      })
      expect(tokens).toEqual([9])
      expect(told).toEqual([{ token: 9, logprob: LEAST_LOGPROB, top: [] }])
    }
  })

  it('refuses a constraint that allows nothing', async () => {
    for (const constraint of [only(), { ...only(), allowed: () => new Uint32Array(0) }])
      await expect(choose(falling, { constraint })).rejects.toMatchObject({ code: 'option-invalid' })
  })

  it('asks the constraint before each token, and tells it each', async () => {
    const asked: (number | 'asked')[] = []
    const constraint: TokenConstraint = {
      allowed: () => {
        asked.push('asked')
        return asked.length > 1 ? undefined : only(5).allowed()
      },
      free: () => 0,
      accept: (token) => void asked.push(token),
    }
    expect((await choose(falling, { constraint }, { count: 3 })).tokens).toEqual([5, 0, 0])
    expect(asked).toEqual(['asked', 5, 'asked', 0, 'asked', 0])
  })

  it('refuses chances that are no numbers', async () => {
    const broken = Array.from({ length: VOCABULARY }, () => Number.NaN)
    for (const some of [{}, { temperature: 1 }, { repetitionPenalty: 1.1 }])
      await expect(choose(broken, some)).rejects.toMatchObject({ code: 'logits-invalid' })
  })
})
