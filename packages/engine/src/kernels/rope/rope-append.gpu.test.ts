import { expect, it } from 'vitest'
import { float16Value } from '../../formats/half.ts'
import { dispatch, randomRows, readFloats, readWords, storageOf, testGpu } from '../testing.ts'
import { ropeReference } from './rope-append.reference.ts'
import { type RopeShape, ropeGrid, ropePipeline, ropeUniform } from './rope-append.ts'
import { ropeTable } from './rope-table.ts'

const shapes: readonly (RopeShape & { readonly tokens: number; readonly position: number })[] = [
  { heads: 1, keyValueHeads: 1, headSize: 4, keyValueType: 'f32', norm: false, batch: false, tokens: 1, position: 0 },
  {
    heads: 7,
    keyValueHeads: 1,
    headSize: 64,
    keyValueType: 'f16',
    norm: false,
    batch: false,
    tokens: 1,
    position: 32_767,
  },
  { heads: 6, keyValueHeads: 2, headSize: 24, keyValueType: 'f32', norm: true, batch: true, tokens: 5, position: 3 },
  { heads: 4, keyValueHeads: 4, headSize: 128, keyValueType: 'f16', norm: true, batch: true, tokens: 3, position: 0 },
]

it.each(shapes)('turns $heads/$keyValueHeads heads of $headSize, $keyValueType, norm $norm', async (shape) => {
  const gpu = await testGpu()
  const { heads, keyValueHeads, headSize, tokens, position } = shape
  const total = heads + 2 * keyValueHeads
  const strides = { qkv: total * headSize + 4, q: heads * headSize + 8 }
  const qkv = randomRows(tokens, total * headSize, strides.qkv, tokens, 1)
  const gains = randomRows(2, headSize, headSize, 2, 2)
  const positions = position + tokens
  const table = ropeTable(1e6, headSize, { kind: 'none' }, 0, positions)
  const cacheWords = (positions * keyValueHeads * headSize) / (shape.keyValueType === 'f16' ? 2 : 1)
  const q = storageOf(gpu, new Float32Array(tokens * strides.q))
  const [k, v] = [storageOf(gpu, new Float32Array(cacheWords)), storageOf(gpu, new Float32Array(cacheWords))]
  const buffers = [
    gpu.uniform('rope', ropeUniform(shape, strides, 1e-6)),
    storageOf(gpu, new Uint32Array([position, tokens])),
    storageOf(gpu, qkv),
    storageOf(gpu, table),
    q,
    k,
    v,
    ...(shape.norm ? [storageOf(gpu, gains)] : []),
  ]
  // One token more than there is: its lanes must write nothing.
  dispatch(gpu, await ropePipeline(gpu, shape), buffers, ropeGrid(shape, tokens + (shape.batch ? 1 : 0)))
  const cache = async (buffer: GPUBuffer): Promise<number[]> =>
    shape.keyValueType === 'f32'
      ? Array.from(await readFloats(gpu, buffer))
      : Array.from(new Uint16Array((await readWords(gpu, buffer)).buffer), (bits) => float16Value(bits))
  const [gotQ, gotK, gotV] = [await readFloats(gpu, q), await cache(k), await cache(v)]
  const scale = 1 / Math.sqrt(headSize)
  const close = (got: number | undefined, expected: number, half: boolean): void => {
    expect(Math.abs((got ?? Number.NaN) - expected)).toBeLessThan(half ? 2 ** -11 * Math.abs(expected) + 1e-6 : 1e-5)
  }
  const half = shape.keyValueType === 'f16'
  for (let token = 0; token < tokens; token += 1) {
    const turns = table.subarray((position + token) * headSize, (position + token + 1) * headSize)
    for (let head = 0; head < total; head += 1) {
      const row = qkv.subarray(token * strides.qkv + head * headSize, token * strides.qkv + (head + 1) * headSize)
      const isQuery = head < heads
      const gain = shape.norm ? gains.subarray(isQuery ? 0 : headSize, isQuery ? headSize : 2 * headSize) : undefined
      const at = ((position + token) * keyValueHeads + (Math.max(0, head - heads) % keyValueHeads)) * headSize
      const expected = head < heads + keyValueHeads ? ropeReference(row, turns, gain, 1e-6) : Array.from(row)
      expected.forEach((value, i) => {
        if (isQuery) close(gotQ[token * strides.q + head * headSize + i], value * scale, false)
        else close((head < heads + keyValueHeads ? gotK : gotV)[at + i], value, half)
      })
    }
  }
})
