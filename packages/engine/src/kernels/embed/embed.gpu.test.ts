import { expect, it } from 'vitest'
import type { WeightBits } from '../../engine-types.ts'
import type { TensorType } from '../../formats/checkpoint.ts'
import { planeKindOf } from '../../weights/plane-format.ts'
import { randomBlocks } from '../../weights/random-blocks.ts'
import { readPlanes } from '../../weights/read-planes.ts'
import { repackRows } from '../../weights/repack.ts'
import { layoutSection, planeKindFor } from '../../weights/section.ts'
import { dispatch, readFloats, storageOf, testGpu } from '../testing.ts'
import { embedGrid, embedPipeline, embedUniform } from './embed.ts'

const kept = (Object.keys(planeKindOf) as TensorType[]).map((type): [TensorType, WeightBits] => [type, 'source'])

it.each<[TensorType, WeightBits]>([...kept, ['BF16', 4]])(
  'looks up rows of %s (bits: %s) in a matrix of two parts',
  async (type, bits) => {
    const gpu = await testGpu()
    const [rows, columns, idsAt] = [9, 512, 3]
    const ids = [0, 8, 9, 17, 4]
    const x = storageOf(gpu, new Float32Array(ids.length * columns))
    const parts = [0, 1].map((part) => {
      const section = layoutSection(planeKindFor(type, bits), rows, columns, 0)
      const words = new Uint32Array(section.end)
      repackRows(type, randomBlocks(type, rows, columns, part), section, 0, words)
      return { section, words }
    })
    for (const [part, { section, words }] of parts.entries()) {
      const weights = storageOf(gpu, words)
      const uniform = gpu.uniform('embed', embedUniform(section, part * rows, columns, idsAt))
      const idBuffer = storageOf(gpu, new Uint32Array([9, 9, 9, ...ids]))
      dispatch(
        gpu,
        await embedPipeline(gpu, section.kind),
        [uniform, weights, weights, idBuffer, x],
        embedGrid(section, ids.length),
      )
    }
    const result = await readFloats(gpu, x)
    ids.forEach((id, token) => {
      const part = parts[Math.floor(id / rows)]
      const expected = part ? readPlanes(part.words, part.section, id % rows) : []
      expected.forEach((value, i) => {
        expect(Math.abs((result[token * columns + i] ?? Number.NaN) - value)).toBeLessThanOrEqual(
          2e-7 * Math.abs(value) + 1e-9,
        )
      })
    })
  },
)
