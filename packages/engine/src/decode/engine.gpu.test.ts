import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenCases } from '../../../../test/golden/golden.ts'
import { readGoldenData } from '../../../../test/golden/golden-data.ts'
import type { CounterSnapshot, Engine } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import { loadEngine, loadEngineOn } from '../load-engine.ts'
import { hardwareRoute } from './route.ts'

const [entry] = (await goldenCases(readGoldenData)).filter(({ name }) => name === 'q8_0-qwen2')
if (!entry) throw new Error('no golden case q8_0-qwen2')
const { tokens } = entry.reference
const prompt = tokens.slice(0, 20)

const collect = async (tokens: AsyncIterable<number>): Promise<number[]> => {
  const all: number[] = []
  for await (const token of tokens) all.push(token)
  return all
}

const codeOf = (error: unknown): string => (EngineError.isInstance(error) ? error.code : String(error))

describe('engine', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await loadEngine(await entry.open(), { bits: 'source' })
  }, 120_000)
  afterAll(() => engine.dispose())

  const greedy = (maxTokens: number, input = prompt): Promise<number[]> =>
    collect(engine.generate(input, { maxTokens }))

  it('gives the same tokens from a cached prefix as from nothing', async () => {
    const first = await greedy(12)
    const other = await greedy(3, tokens.slice(5, 30))
    expect(await greedy(12)).toEqual(first)
    // A second turn: what was said before is in the cache, and the reply goes on as if it were not.
    const longer = [...prompt, ...first.slice(0, 6)]
    const before = engine.counters().dispatches
    const warm = await greedy(5, longer)
    const warmDispatches = engine.counters().dispatches - before
    await greedy(1, tokens.slice(5, 30))
    const between = engine.counters().dispatches
    expect(await greedy(5, longer)).toEqual(warm)
    expect(engine.counters().dispatches - between).toBeGreaterThanOrEqual(warmDispatches)
    expect(other).toHaveLength(3)
  })

  it('replays a seed exactly and samples differently with another', async () => {
    const sample = (seed: number): Promise<number[]> =>
      collect(engine.generate(prompt, { maxTokens: 24, temperature: 1.5, topK: 40, topP: 0.95, minP: 0.01, seed }))
    const first = await sample(7)
    expect(await sample(7)).toEqual(first)
    expect(await sample(8)).not.toEqual(first)
  })

  it('ends after a stop token, which comes last', async () => {
    const free = await greedy(12)
    const stop = free[4] ?? 0
    const stopped = await collect(engine.generate(prompt, { maxTokens: 12, stopTokens: [stop] }))
    expect(stopped).toEqual(free.slice(0, free.indexOf(stop) + 1))
  })

  it('stops when the loop is left, and goes on rightly afterwards', async () => {
    const free = await greedy(12)
    for await (const token of engine.generate(prompt, { maxTokens: 1000 })) {
      expect(token).toBe(free[0])
      break
    }
    expect(await greedy(12)).toEqual(free)
  })

  it('stops at an abort in prefill and in decode, with the signal’s reason', async () => {
    const reason = new Error('enough')
    const inPrefill = new AbortController()
    const prefilling = collect(
      engine.generate(tokens.slice(1, 50), {
        maxTokens: 5,
        signal: inPrefill.signal,
        onPrefill: () => inPrefill.abort(reason),
      }),
    )
    await expect(prefilling).rejects.toBe(reason)
    const inDecode = new AbortController()
    const decoding = (async () => {
      for await (const _ of engine.generate(prompt, { maxTokens: 1000, signal: inDecode.signal }))
        inDecode.abort(reason)
    })()
    await expect(decoding).rejects.toBe(reason)
    await expect(collect(engine.generate(prompt, { maxTokens: 1, signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    )
    expect(await greedy(3)).toHaveLength(3)
  })

  it('lets a second call wait for the first', async () => {
    const [alone] = [await greedy(8)]
    const both = await Promise.all([greedy(8), greedy(8)])
    expect(both).toEqual([alone, alone])
  })

  it('costs one submit, no new bind group, buffer or write a token', async () => {
    await greedy(2)
    type Counter = keyof CounterSnapshot
    // From the end of prefill on: into how many submits that is cut depends on how long they take.
    const cost = async (count: number): Promise<(name: Counter) => number> => {
      let before = engine.counters()
      const onPrefill = (): void => {
        before = engine.counters()
      }
      await collect(engine.generate(prompt, { maxTokens: count, onPrefill }))
      const after = engine.counters()
      return (name) => after[name] - before[name]
    }
    const [short, long] = [await cost(4), await cost(14)]
    expect(long('submits') - short('submits')).toBe(10)
    expect(long('readbacks') - short('readbacks')).toBe(10)
    expect(long('readbackBytes') - short('readbackBytes')).toBe(10 * 32)
    expect([long('bindGroups'), long('buffers'), long('pipelines')]).toEqual([0, 0, 0])
    expect(long('bufferWrites')).toBe(short('bufferWrites'))
  })

  it('refuses what it cannot do, before any work', async () => {
    const before = engine.counters().submits
    const failures = [
      greedy(1, []),
      greedy(1, [1, 2.5]),
      greedy(1, [1, engine.config.vocabularySize]),
      greedy(
        1,
        Array.from({ length: engine.contextLength + 1 }, () => 1),
      ),
      greedy(0),
      collect(engine.generate(prompt, { maxTokens: 1, temperature: Number.NaN })),
      collect(engine.generate(prompt, { maxTokens: 1, stopTokens: [-1] })),
      engine.score(prompt, { from: prompt.length, onLogits: () => {} }),
    ]
    const codes = await Promise.all(failures.map((failure) => failure.then(() => 'no error', codeOf)))
    expect(codes).toEqual([
      'option-invalid',
      'token-out-of-range',
      'token-out-of-range',
      'context-length-exceeded',
      'option-invalid',
      'option-invalid',
      'option-invalid',
      'option-invalid',
    ])
    expect(engine.counters().submits).toBe(before)
  })
})

describe('engine lifetime', () => {
  it('grows its cache past the first 256 positions without changing what it says', async () => {
    const checkpoint = await entry.open()
    const config = { ...checkpoint.config, contextLength: 1000 }
    const engine = await loadEngine({ ...checkpoint, config }, { bits: 'source', contextLength: 400 })
    const long = Array.from({ length: 250 }, (_, i) => (i * 7) % 48)
    const before = engine.ledger().keyValue
    const split = await collect(engine.generate(long, { maxTokens: 30 }))
    expect(engine.ledger().keyValue).toBeGreaterThan(before)
    expect(await collect(engine.generate(long, { maxTokens: 30 }))).toEqual(split)
    await collect(engine.generate([1], { maxTokens: 1 }))
    expect(await collect(engine.generate(long, { maxTokens: 30 }))).toEqual(split)
    // The context ends the reply: the last token is one that no longer has a place.
    expect(await collect(engine.generate(long, { maxTokens: 1000 }))).toHaveLength(400 - 250 + 1)
    await engine.dispose()
    expect(engine.ledger().total).toBe(0)
    await expect(collect(engine.generate(long, { maxTokens: 1 }))).rejects.toMatchObject({ code: 'engine-disposed' })
  })

  it('takes at most seven dispatches a layer on a real GPU', async () => {
    const engine = await loadEngineOn((gpu) => hardwareRoute(gpu), await entry.open(), { bits: 'source' })
    const cost = async (count: number): Promise<number> => {
      const before = engine.counters().dispatches
      await collect(engine.generate(prompt, { maxTokens: count }))
      return engine.counters().dispatches - before
    }
    await cost(2)
    const perToken = ((await cost(9)) - (await cost(5))) / 4
    // Embedding, head and two of greedy sampling besides.
    expect(perToken).toBe(7 * engine.config.layerCount + 4)
    await engine.dispose()
  })

  it('is disposed of at once while a reply waits to be read and another for its turn', async () => {
    const engine = await loadEngine(await entry.open(), { bits: 'source' })
    const reply = engine.generate(prompt, { maxTokens: 100 })
    await reply.next()
    const waiting = collect(engine.generate(prompt, { maxTokens: 1 })).then(() => 'no error', codeOf)
    await engine.dispose()
    expect(engine.ledger().total).toBe(0)
    expect(await waiting).toBe('engine-disposed')
    expect(await reply.next().then(() => 'no error', codeOf)).toBe('engine-disposed')
  })

  it('says when the device was lost in the middle of a reply', async () => {
    const adapter = await navigator.gpu.requestAdapter()
    const device = await adapter?.requestDevice()
    if (!device) throw new Error('no device')
    const engine = await loadEngine(await entry.open(), { bits: 'source', device })
    const reply = collect(engine.generate(prompt, { maxTokens: 1000 })).then(() => 'no error', codeOf)
    setTimeout(() => device.destroy(), 20)
    // Destroyed behind the engine's back: WebGPU's reason is `destroyed`, which `dispose` gives too.
    expect(await reply).toBe('device-lost')
    expect(await engine.lost).toMatchObject({ code: 'device-lost' })
  })

  it('holds the context that one buffer of the device holds, when that is less than the checkpoint’s', async () => {
    const checkpoint = await entry.open()
    const config = { ...checkpoint.config, contextLength: 100_000_000 }
    const engine = await loadEngine({ ...checkpoint, config }, { bits: 'source' })
    expect(engine.contextLength).toBeGreaterThan(10_000)
    expect(engine.contextLength).toBeLessThan(100_000_000)
    await engine.dispose()
  })

  it('refuses biases on some of q, k and v, and formats it does not know', async () => {
    const checkpoint = await entry.open()
    const tensors = new Map([...checkpoint.tensors].filter(([name]) => !name.endsWith('k_proj.bias')))
    const config = { ...checkpoint.config, architecture: 'llama' }
    const partial = loadEngine({ ...checkpoint, config, tensors }).then(() => 'no error', codeOf)
    expect(await partial).toBe('format-unsupported')
    const strange = loadEngine(checkpoint, { bits: 3 as 4 }).then(() => 'no error', codeOf)
    expect(await strange).toBe('option-invalid')
  })

  it('ends the stream of weights when a kernel cannot be made', async () => {
    const checkpoint = await entry.open()
    const tensors = [...checkpoint.tensors].map(([name, tensor]) => {
      const read: typeof tensor.source.read = async (...range) => {
        await new Promise((resolve) => setTimeout(resolve, 300))
        range[2]?.throwIfAborted()
        return tensor.source.read(...range)
      }
      return [name, { ...tensor, source: { ...tensor.source, read } }] as const
    })
    const reason = new Error('no such kernel')
    const loading = loadEngineOn(
      () => {
        throw reason
      },
      { ...checkpoint, tensors: new Map(tensors) },
      {},
    )
    await expect(loading).rejects.toBe(reason)
  })

  it('aborts a load and leaves nothing', async () => {
    const abort = new AbortController()
    const reason = new Error('changed my mind')
    const loading = loadEngine(await entry.open(), { signal: abort.signal, onProgress: () => abort.abort(reason) })
    await expect(loading).rejects.toBe(reason)
  })
})
