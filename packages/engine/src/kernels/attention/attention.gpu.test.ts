import { describe, expect, it } from 'vitest'
import { float16Value } from '../../formats/half.ts'
import { float16Bits } from '../../weights/half.ts'
import { dispatch, randomRows, readFloats, storageOf, testGpu } from '../testing.ts'
import { attentionReference } from './attention.reference.ts'
import {
  type AttentionShape,
  attentionGrid,
  attentionPipeline,
  attentionUniform,
  mergeGrid,
  mergePipeline,
  partWords,
} from './attention.ts'

interface Trial {
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  readonly tokens: number
  readonly position: number
}

const packed = (data: Float32Array): Uint32Array<ArrayBuffer> =>
  new Uint32Array(Uint16Array.from(data, (value) => float16Bits(value)).buffer)
const rounded = (data: Float32Array): Float32Array<ArrayBuffer> =>
  Float32Array.from(data, (value) => float16Value(float16Bits(value)))

async function errorOf(
  trial: Trial,
  kernel: 'lane' | 'group',
  keyValueType: 'f16' | 'f32',
  spread = 1,
): Promise<number> {
  const gpu = await testGpu()
  const { heads, keyValueHeads, headSize, tokens, position } = trial
  const split = tokens === 1
  const shape: AttentionShape = { heads, keyValueHeads, headSize, keyValueType, kernel, split }
  const positions = position + tokens
  const row = keyValueHeads * headSize
  const [k, v] = [11, 12].map((seed) => randomRows(positions, row, row, positions, seed))
  if (!k || !v) throw new Error('unreachable')
  const strides = { q: heads * headSize + 4, out: heads * headSize + 32 }
  const q = randomRows(tokens, heads * headSize, strides.q, tokens, 13).map((value) => value * spread)
  const out = storageOf(gpu, new Float32Array(tokens * strides.out))
  const half = keyValueType === 'f16'
  const common = [
    gpu.uniform('attention', attentionUniform(shape, strides)),
    storageOf(gpu, new Uint32Array([position, tokens])),
    storageOf(gpu, q),
    ...[k, v].map((cache) => storageOf(gpu, half ? packed(cache) : cache)),
  ]
  // A grid for one split more than there is: a frozen decode step runs with the host's later position.
  const grid = attentionGrid(shape, tokens, positions + (split ? 64 : 0))
  if (split) {
    const parts = storageOf(gpu, new Float32Array(partWords(shape, positions)))
    dispatch(gpu, await attentionPipeline(gpu, shape), [...common, parts], grid)
    dispatch(gpu, await mergePipeline(gpu, shape), [...common, out, parts], mergeGrid(shape))
  } else {
    dispatch(gpu, await attentionPipeline(gpu, shape), [...common, out], grid)
  }
  const result = await readFloats(gpu, out)
  const [keys, values] = [k, v].map((cache) => (half ? rounded(cache) : cache))
  let error = 0
  for (let token = 0; token < tokens; token += 1) {
    for (let head = 0; head < heads; head += 1) {
      const kvHead = Math.floor(head / (heads / keyValueHeads))
      const rows = (cache: Float32Array | undefined): Float32Array[] =>
        Array.from({ length: position + token + 1 }, (_, p) => {
          const at = p * row + kvHead * headSize
          return (cache ?? new Float32Array()).subarray(at, at + headSize)
        })
      const at = token * strides.q + head * headSize
      const expected = attentionReference(q.subarray(at, at + headSize), rows(keys), rows(values))
      expected.forEach((value, i) => {
        const difference = Math.abs((result[token * strides.out + head * headSize + i] ?? Number.NaN) - value)
        error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(error, difference)
      })
    }
  }
  return error
}

const trials: readonly Trial[] = [
  { heads: 1, keyValueHeads: 1, headSize: 4, tokens: 1, position: 0 },
  { heads: 7, keyValueHeads: 1, headSize: 64, tokens: 1, position: 63 },
  { heads: 14, keyValueHeads: 2, headSize: 64, tokens: 1, position: 200 },
  { heads: 4, keyValueHeads: 4, headSize: 128, tokens: 1, position: 130 },
  { heads: 20, keyValueHeads: 2, headSize: 8, tokens: 1, position: 64 },
  { heads: 6, keyValueHeads: 2, headSize: 24, tokens: 9, position: 0 },
  { heads: 3, keyValueHeads: 1, headSize: 64, tokens: 33, position: 31 },
  { heads: 2, keyValueHeads: 2, headSize: 96, tokens: 2, position: 5 },
]

describe.each(['lane', 'group'] as const)('attention %s', (kernel) => {
  it.each(trials)('$heads/$keyValueHeads heads of $headSize, $tokens tokens from $position', async (trial) => {
    expect(await errorOf(trial, kernel, 'f32')).toBeLessThan(2e-5)
    expect(await errorOf(trial, kernel, 'f16')).toBeLessThan(2e-5)
  })

  it('keeps scores of 10,000 apart', async () => {
    const trial = { heads: 4, keyValueHeads: 2, headSize: 64, tokens: 3, position: 70 }
    // Scores are sums of 64 products; at 1e4 their f32 rounding is 1e-3, and so is the error of a weight.
    expect(await errorOf(trial, kernel, 'f32', 400)).toBeLessThan(2e-2)
  })
})
