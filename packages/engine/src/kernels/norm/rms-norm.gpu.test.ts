import { expect, it } from 'vitest'
import { dispatch, randomRows, readFloats, rowsOf, storageOf, testGpu } from '../testing.ts'
import { normReference } from './rms-norm.reference.ts'
import { normPipeline, normUniform } from './rms-norm.ts'

it.each([
  { tokens: 1, columns: 4 },
  { tokens: 3, columns: 36 },
  { tokens: 5, columns: 896 },
  { tokens: 2, columns: 2052 },
])('normalises $tokens rows of $columns', async ({ tokens, columns }) => {
  const gpu = await testGpu()
  const stride = Math.ceil(columns / 32) * 32
  // Residuals of real small models reach 5e4; the sum of squares must not lose them.
  const x = randomRows(tokens, columns, stride, tokens, 1).map((value) => value * 5e4)
  const gain = randomRows(1, columns, stride, 1, 2)
  const y = storageOf(gpu, new Float32Array(tokens * stride))
  const uniform = gpu.uniform('norm', normUniform(columns, stride, 1e-6))
  dispatch(gpu, await normPipeline(gpu), [uniform, storageOf(gpu, x), storageOf(gpu, gain), y], [tokens])
  const result = rowsOf(await readFloats(gpu, y), tokens, stride, stride)
  rowsOf(x, tokens, columns, stride).forEach((row, token) => {
    const expected = normReference(row, gain.subarray(0, columns), 1e-6)
    expected.forEach((value, i) => {
      expect(result[token]?.[i]).toBeCloseTo(value, 4)
    })
    expect(result[token]?.subarray(columns).every((value) => value === 0)).toBe(true)
  })
})
