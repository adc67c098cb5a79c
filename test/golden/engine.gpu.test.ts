import { describe, expect, it } from 'vitest'
import { chooseRoute, hardwareRoute, type Route } from '../../packages/engine/src/decode/route.ts'
import type { Gpu } from '../../packages/engine/src/device/gpu.ts'
import type { LoadEngineOptions } from '../../packages/engine/src/engine-types.ts'
import { loadEngineOn } from '../../packages/engine/src/load-engine.ts'
import { type GoldenCase, goldenCases } from './golden.ts'
import { readGoldenData } from './golden-data.ts'

const cases = await goldenCases(readGoldenData)

/** One of each architecture and kind of file, and the hard numbers. */
const chosen = ['qwen2-planted', 'q6_k-qwen3', 'llama-scaled-float', 'mixed-qwen2']
const chosenCases = cases.filter(({ name }) => chosen.includes(name))
// A page runs the very kernels that Dawn runs in Node, on a slower adapter: there the chosen ones do.
const inPage = 'document' in globalThis

interface Outcome {
  /** Largest |logit − reference| over all positions and the whole vocabulary. */
  readonly error: number
  readonly continuations: readonly (readonly number[])[]
}

async function run(entry: GoldenCase, route: (gpu: Gpu) => Route, options: LoadEngineOptions): Promise<Outcome> {
  const { tokens, vocabulary, logits: expected, prompts } = entry.reference
  const engine = await loadEngineOn(route, await entry.open(), { bits: 'source', embeddingBits: 'source', ...options })
  try {
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
    const continuations: number[][] = []
    for (const { length, greedy } of prompts) {
      const continuation: number[] = []
      const generation = engine.generate(tokens.slice(0, length), { maxTokens: greedy.length })
      for await (const token of generation) continuation.push(token)
      continuations.push(continuation)
    }
    return { error, continuations }
  } finally {
    await engine.dispose()
    expect(engine.ledger().total).toBe(0)
  }
}

const greedyOf = (entry: GoldenCase): unknown => entry.reference.prompts.map(({ greedy }) => greedy)

describe.each((inPage ? chosenCases : cases).map((entry) => ({ name: entry.name, entry })))(
  'golden $name',
  ({ entry }) => {
    it('gives the logits and greedy continuations of transformers', async () => {
      const { error, continuations } = await run(entry, chooseRoute, { keyValueType: 'f32' })
      // float32 itself leaves `float32Error` against float64; sums in another order leave as much again.
      expect(error).toBeLessThan(3 * entry.reference.float32Error + 1e-5)
      expect(continuations).toEqual(greedyOf(entry))
    })
  },
)

// Compiling these takes SwiftShader long: in the page two of them do.
const hardwareCases = inPage ? chosenCases.slice(0, 2) : chosenCases

describe.each(hardwareCases.map((entry) => ({ name: entry.name, entry })))(
  'golden $name with the kernels of real GPUs',
  ({ entry }) => {
    it('gives the same, keys and values kept at 16 bits', async () => {
      // Without f16 tiles: rounding weights to 11 bits is tested on its own, kernel by kernel.
      const route = (gpu: Gpu): Route => hardwareRoute({ subgroups: gpu.subgroups, halfFloats: false })
      const { error, continuations } = await run(entry, route, { keyValueType: 'f16' })
      // Values rounded to 11 bits: 2^-12 of logits up to 12, over a few layers.
      expect(error).toBeLessThan(0.01)
      expect(continuations).toEqual(greedyOf(entry))
    })
  },
)
