import { describe, expect, it } from 'vitest'
import { chooseRoute, hardwareRoute, type Route } from '../../packages/engine/src/decode/route.ts'
import type { Gpu } from '../../packages/engine/src/device/gpu.ts'
import type { AdapterUse, Engine, LoadEngineOptions } from '../../packages/engine/src/engine-types.ts'
import { loadEngineOn } from '../../packages/engine/src/load-engine.ts'
import { type AdapterCase, adapterCases } from './adapters.ts'

const cases = await adapterCases()
// A page runs the very kernels that Dawn runs in Node, on a slower adapter: there one of each does.
const inPage = 'document' in globalThis

/** Largest |logit − reference| over all positions and the whole vocabulary. */
async function errorOf(engine: Engine, { tokens, logits: expected, vocabulary }: AdapterCase): Promise<number> {
  let error = 0
  await engine.score(tokens, {
    from: 0,
    onLogits: (position, logits) => {
      for (let i = 0; i < vocabulary; i += 1) {
        const difference = Math.abs((logits[i] ?? Number.NaN) - (expected[position * vocabulary + i] ?? Number.NaN))
        error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(error, difference)
      }
    },
  })
  return error
}

async function run(entry: AdapterCase, route: (gpu: Gpu) => Route, options: LoadEngineOptions) {
  const adapters = (await entry.open()).map((adapter): AdapterUse => ({ adapter }))
  const all: LoadEngineOptions = { bits: 'source', embeddingBits: 'source', adapters, ...options }
  const engine = await loadEngineOn(route, await entry.base.open(), all)
  try {
    const error = await errorOf(engine, entry)
    const continuation: number[] = []
    const prompt = entry.tokens.slice(0, entry.tokens.length - entry.greedy.length)
    // Nothing of the scoring before is taken: the prompt is prefilled, and each token is a decode step.
    for await (const token of engine.generate(prompt, { maxTokens: entry.greedy.length, cachePrompt: false }))
      continuation.push(token)
    return { error, continuation }
  } finally {
    await engine.dispose()
    expect(engine.ledger().total).toBe(0)
  }
}

const [first, ...others] = cases.map((entry) => ({ name: entry.name, entry }))
if (!first) throw new Error('no golden adapters')

describe.each(inPage ? [first] : [first, ...others])('golden adapter $name', ({ entry }) => {
  it('gives the logits and the greedy continuation of PEFT', async () => {
    const { error, continuation } = await run(entry, chooseRoute, { keyValueType: 'f32' })
    expect(error).toBeLessThan(3 * entry.float32Error + 1e-5)
    expect(entry.change).toBeGreaterThan(1)
    expect(continuation).toEqual(entry.greedy)
  })
})

/** Every group of matrices, and one of bf16 with norms and ranks of all kinds: compiling takes SwiftShader long. */
const hardwareCases = cases.filter(({ name }) => name === 'rotated-gguf' || name === 'patterns').slice(inPage ? 1 : 0)

describe.each(hardwareCases.map((entry) => ({ name: entry.name, entry })))(
  'golden adapter $name with the kernels of real GPUs',
  ({ entry }) => {
    it('gives the same, keys and values kept at 16 bits', async () => {
      const route = (gpu: Gpu): Route => hardwareRoute({ subgroups: gpu.subgroups, halfFloats: false })
      const { error, continuation } = await run(entry, route, { keyValueType: 'f16' })
      expect(error).toBeLessThan(0.02)
      expect(continuation).toEqual(entry.greedy)
    })
  },
)
