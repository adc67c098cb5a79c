import { expect, it } from 'vitest'
import { dispatch, randomRows, readFloats, rowsOf, storageOf, testGpu } from '../testing.ts'
import { siluReference } from './silu-multiply.reference.ts'
import { siluGrid, siluPipeline, siluUniform } from './silu-multiply.ts'

it.each([
  { tokens: 1, stride: 4 },
  { tokens: 5, stride: 320 },
])('multiplies $tokens rows of $stride', async ({ tokens, stride }) => {
  const gpu = await testGpu()
  const x = randomRows(2 * tokens, stride, stride, 2 * tokens, 1).map((value) => 20 * value)
  const y = storageOf(gpu, new Float32Array(tokens * stride))
  const buffers = [gpu.uniform('silu', siluUniform(stride)), storageOf(gpu, x), y]
  dispatch(gpu, await siluPipeline(gpu), buffers, siluGrid(stride, tokens))
  const result = await readFloats(gpu, y)
  const rows = rowsOf(x, 2 * tokens, stride, stride)
  for (let token = 0; token < tokens; token += 1) {
    const expected = siluReference(rows[2 * token] ?? x, rows[2 * token + 1] ?? x)
    expected.forEach((value, i) => {
      expect(Math.abs((result[token * stride + i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)))
    })
  }
})
