import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AdapterCase, adapterCases } from '../../../../test/golden/adapters.ts'
import { chooseRoute, hardwareRoute, type Route } from '../decode/route.ts'
import type { Gpu } from '../device/gpu.ts'
import type { Engine, LoadEngineOptions } from '../engine-types.ts'
import { bytesSource } from '../formats/bytes-source.ts'
import type { LoraAdapter } from '../formats/lora/lora-adapter.ts'
import { failure } from '../formats/testing.ts'
import { loadEngineOn } from '../load-engine.ts'
import { planGpuBytes } from '../plan/plan-gpu-bytes.ts'
import { outlineLora } from './outline-lora.ts'

const cases = await adapterCases()
const caseOf = (name: string): AdapterCase => {
  const found = cases.find((entry) => entry.name === name)
  if (!found) throw new Error(`no golden adapter ${name}`)
  return found
}
// Of two layers, all of its seven matrices changed, and one more adapter for three of them.
const whole = caseOf('every-matrix')
const both = caseOf('two-together')
const { vocabulary } = whole
const [every, some] = await both.open()
if (!every || !some) throw new Error('two adapters make no pair')
/** Longer than what is kept of a conversation at the least. */
const prompt = Array.from({ length: 80 }, (_, index) => (index * 7 + 3) % vocabulary)

const engines: Engine[] = []
async function load(options: LoadEngineOptions = {}, route: (gpu: Gpu) => Route = chooseRoute): Promise<Engine> {
  const all = { bits: 'source', embeddingBits: 'source', keyValueType: 'f32', ...options } as const
  const engine = await loadEngineOn(route, await whole.base.open(), all)
  engines.push(engine)
  return engine
}
afterEach(async () => {
  for (const engine of engines.splice(0)) {
    await engine.dispose()
    expect(engine.ledger().total).toBe(0)
  }
})

async function logitsOf(engine: Engine, tokens: readonly number[] = whole.tokens): Promise<Float32Array> {
  const out = new Float32Array(tokens.length * vocabulary)
  await engine.score(tokens, { from: 0, onLogits: (position, row) => out.set(row, position * vocabulary) })
  return out
}

interface Answer {
  readonly tokens: readonly number[]
  readonly cached: number
}

async function answer(engine: Engine, text: readonly number[]): Promise<Answer> {
  const tokens: number[] = []
  let cached = -1
  const onCached = (count: number): void => {
    cached = count
  }
  for await (const token of engine.generate(text, { maxTokens: 4, onCached })) tokens.push(token)
  return { tokens, cached }
}

/** Dispatches of one decode step: what a second token costs more than a first. */
async function stepCost(engine: Engine): Promise<number> {
  const counts: number[] = []
  // All of the prompt but its last token is cached, so that both run the same beside.
  await answer(engine, prompt)
  for (const maxTokens of [1, 2]) {
    const before = engine.counters().dispatches
    const tokens: number[] = []
    for await (const token of engine.generate(prompt, { maxTokens })) tokens.push(token)
    counts.push(engine.counters().dispatches - before)
  }
  return (counts[1] ?? 0) - (counts[0] ?? 0)
}

describe('adapters of an engine', () => {
  it('take what the plan of the load says', async () => {
    const adapter = await navigator.gpu.requestAdapter()
    if (!adapter) throw new Error('no adapter')
    const traits = { limits: adapter.limits, features: [...adapter.features], software: true }
    const options = { bits: 'source', embeddingBits: 'source', keyValueType: 'f32' } as const
    const plan = planGpuBytes(await whole.base.open(), { ...options, outlines: [every, some].map(outlineLora) }, traits)
    const engine = await load({ adapters: [{ adapter: every }, { adapter: some }] })
    const { weights, activations, keyValue, total } = engine.ledger()
    expect(plan.afterLoad).toMatchObject({ weights, activations, keyValue })
    expect(Math.abs(plan.afterLoad.total - total) / total).toBeLessThan(0.02)
  })

  it('cost nothing while none are used, and leave the base as it was to the bit', async () => {
    const plain = await load()
    const expected = await logitsOf(plain)
    const cost = await stepCost(plain)
    const engine = await load()
    const { weights, activations } = engine.ledger()
    await engine.useAdapters([{ adapter: every }])
    expect(await logitsOf(engine)).not.toEqual(expected)
    await engine.useAdapters([{ adapter: every, scale: 0 }])
    expect(await logitsOf(engine)).toEqual(expected)
    await engine.useAdapters([])
    expect(await logitsOf(engine)).toEqual(expected)
    expect(await stepCost(engine)).toBe(cost)
    await engine.unloadAdapter(every)
    expect(engine.ledger()).toMatchObject({ weights, activations })
    // What came before one that does not fit is not left there.
    const stranger = { ...some, name: 'stranger', architecture: 'gpt2' }
    await failure(engine.useAdapters([{ adapter: every }, { adapter: stranger }]))
    expect(engine.ledger()).toMatchObject({ weights, activations })
  })

  it('are two dispatches for each group of matrices that they change, with the kernels of any device', async () => {
    const hardware = (gpu: Gpu): Route => hardwareRoute({ subgroups: gpu.subgroups, halfFloats: false })
    for (const route of [chooseRoute, hardware]) {
      const engine = await load({}, route)
      const plain = await stepCost(engine)
      await engine.useAdapters([{ adapter: every }])
      // Four groups in two layers, and silu as a dispatch of its own.
      expect(await stepCost(engine)).toBe(plain + 2 * (4 * 2 + 1))
      await engine.useAdapters([{ adapter: some }])
      expect(await stepCost(engine)).toBe(plain + 2 * (3 * 2 + 1))
      await engine.useAdapters([{ adapter: some }, { adapter: every, scale: -0.5 }])
      expect(await stepCost(engine)).toBe(plain + 2 * (7 * 2 + 1))
    }
  })

  it('are switched without uploading anything again', async () => {
    const engine = await load({ adapters: [{ adapter: every }] })
    await engine.loadAdapter(some)
    for (const list of [[{ adapter: some }], [], [{ adapter: every }]]) await engine.useAdapters(list)
    const { buffers, bufferWrites, submits } = engine.counters()
    const { total } = engine.ledger()
    for (const list of [[{ adapter: some }], [{ adapter: every }], [], [{ adapter: every }]])
      await engine.useAdapters(list)
    expect(engine.counters()).toMatchObject({ buffers, bufferWrites, submits })
    expect(engine.ledger().total).toBe(total)
    // Of ever new scales no more is held than of a few; the one in use is among those.
    const held: number[] = []
    for (let count = 1; count <= 12; count += 1) {
      await engine.useAdapters([{ adapter: every, scale: 1 + count / 16 }])
      held.push(engine.ledger().total)
    }
    expect(new Set(held.slice(6)).size).toBe(1)
    await engine.useAdapters([{ adapter: every }])
    const error = largestDifference(await logitsOf(engine), whole.logits)
    expect(error).toBeLessThan(3 * whole.float32Error + 1e-5)
  })

  it('take part in what is cached: no prompt is gone on with that other adapters have read', async () => {
    const fresh = await load({ adapters: [{ adapter: every }], prefixCacheBytes: 0 })
    const adapted = await answer(fresh, prompt)
    const engine = await load()
    const plain = await answer(engine, prompt)
    expect(plain.tokens).not.toEqual(adapted.tokens)
    await engine.useAdapters([{ adapter: every }])
    const first = await answer(engine, prompt)
    expect(first).toMatchObject({ cached: 0, tokens: adapted.tokens })
    await engine.useAdapters([{ adapter: every, scale: 0.5 }])
    expect((await answer(engine, prompt)).cached).toBe(0)
    // Each finds its own again, from the copies that were made when it gave way.
    await engine.useAdapters([])
    expect(await answer(engine, prompt)).toMatchObject({ cached: prompt.length - 1, tokens: plain.tokens })
    await engine.useAdapters([{ adapter: every }])
    expect(await answer(engine, prompt)).toMatchObject({ cached: prompt.length - 1, tokens: adapted.tokens })
    // To and fro with nothing in between costs nothing.
    await engine.useAdapters([])
    await engine.useAdapters([{ adapter: every }])
    expect((await answer(engine, prompt)).cached).toBe(prompt.length - 1)
  })

  it('have nothing in common with each other when no copies are kept', async () => {
    const engine = await load({ prefixCacheBytes: 0 })
    const plain = await answer(engine, prompt)
    await engine.useAdapters([{ adapter: every }])
    expect((await answer(engine, prompt)).cached).toBe(0)
    await engine.useAdapters([])
    expect(await answer(engine, prompt)).toMatchObject({ cached: 0, tokens: plain.tokens })
  })
})

describe('what goes wrong with adapters', () => {
  let other: LoraAdapter
  beforeAll(async () => {
    const [adapter] = await caseOf('patterns').open()
    if (!adapter) throw new Error('no adapter of another model')
    other = adapter
  })

  it('is told by name when one does not fit, before a weight is read, and leaves what was in use', async () => {
    const checkpoint = await whole.base.open()
    const tensors = [...checkpoint.tensors].map(([name, tensor]) => {
      const source = { ...tensor.source, read: () => Promise.reject(new Error('a weight was read')) }
      return [name, { ...tensor, source }] as const
    })
    const unread = { ...checkpoint, tensors: new Map(tensors) }
    const error = await failure(loadEngineOn(chooseRoute, unread, { adapters: [{ adapter: other }] }))
    expect(error).toMatchObject({ code: 'adapter-mismatch', details: { expected: [112, 48] } })
    expect(error.message).toMatch(/layers\.0\.self_attn\.q_proj\.weight.*golden\/qwen3-untied/)

    const engine = await load({ adapters: [{ adapter: every }] })
    expect((await failure(engine.useAdapters([{ adapter: other }]))).code).toBe('adapter-mismatch')
    expect(largestDifference(await logitsOf(engine), whole.logits)).toBeLessThan(3 * whole.float32Error + 1e-5)
  })

  it('is told for numbers that are none, and frees what was uploaded', async () => {
    const engine = await load()
    const { total } = engine.ledger()
    const nothing = bytesSource(new Uint8Array(1 << 20).fill(0xff), 'damaged')
    const targets = [...every.targets].map(([name, target]) => {
      const damaged = { ...target, b: { ...target.b, source: nothing } }
      return [name, damaged] as const
    })
    const error = await failure(engine.loadAdapter({ ...every, targets: new Map(targets) }))
    expect(error).toMatchObject({ code: 'tensor-values-invalid' })
    expect(engine.ledger().total).toBe(total)
    expect((await answer(engine, prompt)).tokens).toHaveLength(4)
  })

  it('is told when the GPU has no room for one, and is no end of the engine', async () => {
    const device = await (await navigator.gpu.requestAdapter())?.requestDevice()
    if (!device) throw new Error('no device')
    let refused: 'out-of-memory' | 'validation' | undefined
    const createBuffer = device.createBuffer.bind(device)
    const popErrorScope = device.popErrorScope.bind(device)
    // More than a device may give is a mistake of the caller's, to it: what is said of the scope around it is made want of memory here.
    device.createBuffer = (descriptor) =>
      createBuffer(refused && descriptor.label?.includes('lora') ? { ...descriptor, size: 2 ** 45 } : descriptor)
    device.popErrorScope = async () => {
      const error = await popErrorScope()
      return refused === 'out-of-memory' ? { message: 'no room' } : error
    }
    const engine = await load({ device, adapters: [{ adapter: some }] })
    const { total } = engine.ledger()
    const before = await answer(engine, prompt)
    for (const [how, code] of [
      ['out-of-memory', 'device-out-of-memory'],
      ['validation', 'device-validation-failed'],
    ] as const) {
      refused = how
      const error = await failure(engine.useAdapters([{ adapter: every }]))
      expect(error).toMatchObject({ code, details: { adapter: every.name } })
      refused = undefined
      expect((await answer(engine, prompt)).tokens).toEqual(before.tokens)
    }
    expect(engine.ledger().weights).toBeLessThan(total)
    await engine.useAdapters([{ adapter: every }])
    expect(largestDifference(await logitsOf(engine), whole.logits)).toBeLessThan(3 * whole.float32Error + 1e-5)
  })

  it('is told for what makes no sense', async () => {
    const engine = await load({ adapters: [{ adapter: every }] })
    const expectInvalid = async (work: Promise<void>): Promise<void> =>
      expect((await failure(work)).code).toBe('option-invalid')
    await expectInvalid(engine.useAdapters([{ adapter: some }, { adapter: some }]))
    await expectInvalid(engine.useAdapters([{ adapter: some, scale: Number.NaN }]))
    for (const scale of [1e39, 1e38, -1e6, '2', null])
      await expectInvalid(engine.useAdapters([Object({ adapter: some, scale })]))
    for (const list of ['"adapters"', '[null]', '[{}]', '[{ "adapter": "some" }]', '7', 'null'])
      await expectInvalid(engine.useAdapters(JSON.parse(list)))
    await expectInvalid(engine.unloadAdapter(every))
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(engine.loadAdapter(some, stop.signal)).rejects.toThrow('enough')
    await engine.unloadAdapter(some)
    await engine.dispose()
    expect((await failure(engine.useAdapters([]))).code).toBe('engine-disposed')
  })
})

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0)
}
