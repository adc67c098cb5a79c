import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import type { ChosenToken, Engine, GenerateOptions, LoadEngineOptions } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import { loadEngine } from '../load-engine.ts'

// Of more than one layer, so that none can take another's rows.
const [entry] = (await goldenCases(readGoldenData)).filter(({ name }) => name === 'qwen2-tied')
if (!entry) throw new Error('no golden case qwen2-tied')
const checkpoint = await entry.open()
const { config } = checkpoint
const { vocabulary } = entry.reference
const contextLength = 512
/** Of a log probability, by running the same tokens in other batches. A context that is wrong in one row makes more. */
const mostNoise = 0.01

const load = (options: LoadEngineOptions = {}): Promise<Engine> =>
  loadEngine({ ...checkpoint, config: { ...config, contextLength } }, { bits: 'source', ...options })

/** Keys and values of a token in float16, as real GPUs have them. */
const tokenBytes = 2 * config.layerCount * config.keyValueHeadCount * config.headSize * 2

/** A generator of whole numbers below `bound` (mulberry32). */
function randomOf(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

function text(seed: number, count: number): number[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, () => random(vocabulary))
}

interface Answer {
  readonly tokens: readonly number[]
  readonly chances: readonly ChosenToken[]
  readonly cached: number
  readonly dispatches: number
  readonly buffers: number
}

async function ask(engine: Engine, prompt: readonly number[], options: Partial<GenerateOptions> = {}): Promise<Answer> {
  const before = engine.counters()
  const tokens: number[] = []
  const chances: ChosenToken[] = []
  const logprobs = { top: 20, take: (chosen: ChosenToken) => chances.push(chosen) }
  let cached = -1
  const onCached = (count: number): void => {
    cached = count
  }
  for await (const token of engine.generate(prompt, { maxTokens: 4, onCached, logprobs, ...options }))
    tokens.push(token)
  const after = engine.counters()
  return {
    tokens,
    chances,
    cached,
    dispatches: after.dispatches - before.dispatches,
    buffers: after.buffers - before.buffers,
  }
}

/** Keeps nothing. */
let cold: Engine
/** Has room for all that the tests leave there, each having texts of its own. */
let engine: Engine
/** Has room for so many tokens beside its context, which is full. */
const tightTokens = 500
let tight: Engine
let tightBytes: number
beforeAll(async () => {
  cold = await load({ prefixCacheBytes: 0, keyValueType: 'f16' })
  engine = await load({ prefixCacheBytes: 8192 * tokenBytes, keyValueType: 'f16' })
  tight = await load({ prefixCacheBytes: tightTokens * tokenBytes, keyValueType: 'f16' })
  await ask(tight, text(1, contextLength), { maxTokens: 1 })
  tightBytes = tight.ledger().keyValue + tightTokens * tokenBytes
}, 120_000)
afterAll(async () => {
  const all = [cold, engine, tight]
  await Promise.all(all.map((one) => one.dispose()))
  expect(all.map((one) => one.ledger().total)).toEqual([0, 0, 0])
})

/** An answer is what it would be if nothing had been run before: its tokens, and the chances of all that were likely. */
async function expectCold({ tokens, chances }: Answer, prompt: readonly number[], message?: string): Promise<void> {
  const alone = await ask(cold, prompt, { maxTokens: tokens.length, cachePrompt: false })
  expect(tokens, message).toEqual(alone.tokens)
  for (const [step, { top }] of alone.chances.entries()) {
    const told = new Map(chances[step]?.top.map(({ token, logprob }) => [token, logprob]))
    // Less likely tokens may change places with those that are not told.
    for (const { token, logprob } of top.slice(0, 10))
      expect(Math.abs((told.get(token) ?? Number.NaN) - logprob), message).toBeLessThan(mostNoise)
  }
}

describe('conversations that take turns', () => {
  it('pay for their new tokens only, and say what they would say alone', async () => {
    const system = text(101, 150)
    const first = [...system, ...text(102, 60)]
    const other = [...system, ...text(103, 130)]
    const begun = await ask(engine, first)
    // The last token that was given out has not been run.
    const second = [...first, ...begun.tokens, ...text(104, 9)]
    const alone = await ask(engine, second)
    expect([alone.cached, alone.buffers]).toEqual([first.length + 3, 0])
    const aside = await ask(engine, other)
    expect(aside.cached).toBe(system.length)

    const third = [...second, ...alone.tokens, ...text(105, 9)]
    const back = await ask(engine, third)
    expect(back.cached).toBe(second.length + 3)
    expect(back.dispatches).toBe(alone.dispatches)
    const otherOn = [...other, ...aside.tokens, ...text(106, 9)]
    const otherBack = await ask(engine, otherOn)
    expect([otherBack.cached, otherBack.dispatches]).toEqual([other.length + 3, alone.dispatches])

    await expectCold(begun, first)
    await expectCold(alone, second)
    await expectCold(aside, other)
    await expectCold(back, third)
    await expectCold(otherBack, otherOn)
  })

  it('keep what they share once, and a whole page of it not before it is overwritten', async () => {
    const system = text(201, 130)
    await ask(engine, [...system, ...text(202, 40)])
    const held = engine.ledger().keyValue
    await ask(engine, [...system, ...text(203, 40)])
    const kept = 2 + 40 + 3
    expect(engine.ledger().keyValue - held).toBe(kept * tokenBytes)
    await ask(engine, text(204, 40))
    expect(engine.ledger().keyValue - held).toBe((2 * kept + 128) * tokenBytes)
    expect((await ask(engine, [...system, ...text(202, 40)])).cached).toBe(169)
    expect((await ask(engine, [...system, ...text(203, 40)])).cached).toBe(169)
  })

  it('are not kept for a few tokens, nor for the repetition of an answer', async () => {
    const prompt = text(301, 100)
    await ask(engine, prompt)
    const { keyValue } = engine.ledger()
    const again = await ask(engine, prompt)
    expect([again.cached, again.buffers]).toEqual([99, 0])
    await ask(engine, [...prompt.slice(0, 80), 1, 2, 3])
    expect(engine.ledger().keyValue).toBe(keyValue)
    await ask(engine, prompt.slice(0, 60))
    await ask(engine, text(302, 31))
    expect(engine.ledger().keyValue - keyValue).toBe(63 * tokenBytes)
    await ask(engine, text(303, 28))
    await ask(engine, text(304, 31))
    expect((await ask(engine, text(303, 28))).cached).toBe(0)
  })

  it('leave what others need when only little is overwritten', async () => {
    const shared = text(401, 128)
    const [one, two] = [
      [...shared, ...text(402, 60)],
      [...shared, ...text(403, 5)],
    ]
    await ask(engine, one)
    await ask(engine, two)
    // Of the second no more than a few tokens are given up, among them the end of a page that the first goes on from.
    await ask(engine, [...shared.slice(0, 120), 1, 2, 3])
    const back = await ask(engine, [...one, 5])
    expect(back.cached).toBe(one.length)
    await expectCold(back, [...one, 5])
  })

  it('share the cache with scoring', async () => {
    const [one, two] = [text(501, 140), text(502, 140)]
    const score = async (on: Engine, tokens: readonly number[]): Promise<{ start: number; row: number[] }> => {
      let start = -1
      let row: number[] = []
      const before = on.counters().dispatches
      await on.score(tokens, {
        from: tokens.length - 1,
        onLogits: (_, logits) => {
          row = [...logits]
        },
      })
      start = on.counters().dispatches - before
      return { start, row }
    }
    await score(engine, one)
    const again = await score(engine, one)
    await score(engine, two)
    const back = await score(engine, one)
    expect(back).toEqual(again)
    expect((await ask(engine, [...two, 1])).cached).toBe(140)
  })

  it('are left where they are by a request that takes nothing from the cache', async () => {
    const [one, two] = [text(601, 140), text(602, 60)]
    await ask(engine, one)
    const fresh = await ask(engine, two, { cachePrompt: false })
    const repeated = await ask(engine, two, { cachePrompt: false })
    expect([fresh.cached, repeated.cached]).toEqual([0, 0])
    expect(repeated.tokens).toEqual(fresh.tokens)
    expect((await ask(engine, [...one, 1])).cached).toBe(140)
    expect((await ask(engine, one, { cachePrompt: false })).cached).toBe(0)
    expect((await ask(engine, [...two, 1])).cached).toBe(60)
  })
})

describe('the byte budget', () => {
  it('is kept, the conversation that was longest not used going first', async () => {
    const conversations = [11, 12, 13, 14].map((seed) => text(seed, 237))
    for (const conversation of conversations) {
      await ask(tight, conversation)
      expect(tight.ledger().keyValue).toBeLessThanOrEqual(tightBytes)
    }
    // 240 tokens each, two of them beside the last.
    expect(tight.ledger().keyValue).toBe(tightBytes - 20 * tokenBytes)
    const [one, two, three, four] = conversations
    if (!one || !two || !three || !four) throw new Error('four conversations')
    // Though the oldest of the two, it is not given up for the one that makes room for it.
    expect((await ask(tight, [...two, 1])).cached).toBe(237)
    expect((await ask(tight, [...four, 1])).cached).toBe(237)
    expect((await ask(tight, [...one, 1])).cached).toBe(0)
    expect(tight.ledger().keyValue).toBeLessThanOrEqual(tightBytes)
    // Of one that is longer than that it holds the beginning.
    const long = text(15, 505)
    await ask(tight, long)
    await ask(tight, text(16, 40))
    expect((await ask(tight, long)).cached).toBe(384)
  })

  it('may be nothing', async () => {
    const { keyValue } = cold.ledger()
    await ask(cold, text(1, 140))
    expect((await ask(cold, text(2, 140))).buffers).toBe(0)
    expect((await ask(cold, text(1, 140))).cached).toBe(0)
    expect(cold.ledger().keyValue).toBe(keyValue)
  })

  it.each([-1, 1.5, Number.NaN])('is not %d', async (prefixCacheBytes) => {
    const code = await load({ prefixCacheBytes }).then(
      () => 'no error',
      (error: unknown) => EngineError.isInstance(error) && error.code,
    )
    expect(code).toBe('option-invalid')
  })
})

describe('what goes wrong', () => {
  it('in prefill leaves both conversations right', async () => {
    const [one, two] = [text(701, 140), text(702, 300)]
    await ask(engine, one)
    const abort = new AbortController()
    const reason = new Error('enough')
    const onPrefill = (done: number): void => {
      if (done > 0) abort.abort(reason)
    }
    await expect(ask(engine, two, { signal: abort.signal, onPrefill })).rejects.toBe(reason)
    const back = await ask(engine, [...one, 1])
    expect(back.cached).toBe(140)
    await expectCold(back, [...one, 1])
    const again = await ask(engine, two)
    // What had been run of it before the abort.
    expect(again.cached).toBeGreaterThan(0)
    await expectCold(again, two)
  })

  it('with the memory costs the copies and nothing else', async () => {
    const adapter = await navigator.gpu.requestAdapter()
    const device = await adapter?.requestDevice()
    if (!device) throw new Error('no device')
    const create = device.createBuffer.bind(device)
    let refuses = false
    // A device that has no memory left answers as this one does to a buffer that is of no use: with an error and a dead buffer.
    device.createBuffer = (descriptor) =>
      create(refuses && descriptor.label === 'prefix page' ? { ...descriptor, usage: 0 } : descriptor)
    const refused = await load({ device, keyValueType: 'f16' })
    const shared = text(1, 130)
    const [one, two] = [
      [...shared, ...text(2, 60)],
      [...shared, ...text(3, 60)],
    ]
    await ask(refused, one)
    const { keyValue } = refused.ledger()
    refuses = true
    await expectCold(await ask(refused, two), two)
    const other = text(4, 140)
    await expectCold(await ask(refused, other), other)
    const back = await ask(refused, one)
    expect(back.cached).toBe(0)
    await expectCold(back, one)
    expect(refused.ledger().keyValue).toBe(keyValue)
    await refused.dispose()
    expect(refused.ledger().total).toBe(0)
  })
})

describe('random conversations', () => {
  const steps = 'process' in globalThis && process.env['SAMPAN_SOAK'] ? 2000 : 30

  it('say what they would say alone', async () => {
    const random = randomOf(11)
    const beginnings = [text(17, 130), text(18, 40), []]
    const conversations: number[][] = []
    for (let step = 0; step < steps; step += 1) {
      const fresh = conversations.length < 3 || random(6) === 0
      const chosen = fresh ? [...(beginnings[random(3)] ?? [])] : (conversations[random(conversations.length)] ?? [])
      // Going on, rewound, or forked.
      const prompt = [
        ...(random(4) === 0 ? chosen.slice(0, random(chosen.length + 1)) : chosen),
        ...text(random(1_000_000), 1 + random(90)),
      ]
      if (prompt.length > contextLength - 8) continue
      const cachePrompt = random(8) > 0
      const answer = await ask(tight, prompt, { cachePrompt, maxTokens: 1 + random(5) })
      await expectCold(answer, prompt, `step ${step}`)
      conversations.push([...prompt, ...answer.tokens])
      if (conversations.length > 6) conversations.splice(random(7), 1)
      expect(tight.ledger().keyValue).toBeLessThanOrEqual(tightBytes)
    }
  })
})
