import { describe, expect, it } from 'vitest'
import type { TensorType } from '../formats/checkpoint.ts'
import { dequantize } from '../formats/dequantize.ts'
import { blockSizes } from '../formats/tensor-types.ts'
import { planeKindOf } from './plane-format.ts'
import { randomBlocks } from './random-blocks.ts'
import { readPlanes } from './read-planes.ts'
import { repackRows } from './repack.ts'
import { layoutSection, planeKindFor } from './section.ts'

const types: readonly TensorType[] = [
  'F32',
  'F16',
  'BF16',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q4_K',
  'Q5_K',
  'Q6_K',
]

const valuesOf = (type: TensorType, bytes: Uint8Array): Float32Array => {
  const block = blockSizes[type]
  return dequantize(type, bytes, (bytes.length / block.bytes) * block.elements)
}

function planesOf(
  type: TensorType,
  bytes: Uint8Array,
  rows: number,
  columns: number,
  startWord: number,
  chunkRows: number,
) {
  const section = layoutSection(planeKindOf[type], rows, columns, startWord)
  const words = new Uint32Array(section.end).fill(0xdeadbeef)
  const rowBytes = bytes.length / rows
  for (let row = 0; row < rows; row += chunkRows) {
    const chunk = bytes.subarray(row * rowBytes, Math.min(rows, row + chunkRows) * rowBytes)
    expect(repackRows(type, chunk, section, row, words)).toBe('done')
  }
  return { section, words }
}

describe.each(types)('%s', (type) => {
  const unit = blockSizes[type].elements
  const shapes: [number, number][] =
    unit === 256
      ? [
          [1, 256],
          [7, 768],
          [5, 1280],
        ]
      : unit === 32
        ? [
            [1, 32],
            [7, 96],
            [5, 896],
          ]
        : [
            [1, 1],
            [7, 33],
            [5, 896],
          ]

  it.each(shapes)('reads back bit for bit, %i × %i', (rows, columns) => {
    const bytes = randomBlocks(type, rows, columns, rows * columns)
    const expected = valuesOf(type, bytes)
    const { section, words } = planesOf(type, bytes, rows, columns, 5, 3)
    for (let row = 0; row < rows; row++) {
      const wanted = expected.subarray(row * columns, (row + 1) * columns)
      const got = readPlanes(words, section, row)
      expect(got.length).toBe(columns)
      expect(got.findIndex((value, i) => value !== wanted[i])).toBe(-1)
    }
    expect(words.subarray(0, section.quants).every((word) => word === 0xdeadbeef)).toBe(true)
  })

  it('takes at most 1.12 of the source bytes at realistic sizes', () => {
    for (const columns of [576, 896, 1536, 4864, 18944]) {
      if (columns % unit !== 0) continue
      const source = ((64 * columns) / unit) * blockSizes[type].bytes
      expect((layoutSection(planeKindOf[type], 64, columns, 0).end * 4) / source).toBeLessThanOrEqual(1.12)
    }
  })

  it('calls a NaN or infinite scale or weight invalid', () => {
    const columns = Math.max(unit, 32)
    for (const bad of [0x7c00, 0x7e00, 0xfc00]) {
      const bytes = randomBlocks(type, 2, columns, 3)
      const view = new DataView(bytes.buffer)
      if (type === 'F32') view.setUint32(4, (bad << 16) | 0x7f800000, true)
      else if (type === 'BF16') view.setUint16(4, bad | 0x7f80, true)
      else if (type === 'F16') view.setUint16(4, bad, true)
      else view.setUint16(bytes.length - blockSizes[type].bytes + (type === 'Q6_K' ? 208 : 0), bad, true)
      const section = layoutSection(planeKindOf[type], 2, columns, 0)
      expect(repackRows(type, bytes, section, 0, new Uint32Array(section.end))).toBe('invalid')
      if (unit !== 1) continue
      for (const bits of [4, 8, 16] as const) {
        const rounded = layoutSection(planeKindFor(type, bits), 2, columns, 0)
        expect(repackRows(type, bytes, rounded, 0, new Uint32Array(rounded.end))).toBe('invalid')
      }
    }
  })
})

describe('scales', () => {
  const legacy = types.filter((type) => blockSizes[type].elements === 32)

  it.each(legacy)(
    '%s: none is an f16 subnormal after the usual shift, and one of 64 or more overflows to shift 0',
    (type) => {
      const bytes = randomBlocks(type, 1, 64, 1)
      const view = new DataView(bytes.buffer)
      view.setUint16(0, 0x0001, true)
      const section = layoutSection(planeKindOf[type], 1, 64, 0)
      const words = new Uint32Array(section.end)
      expect(repackRows(type, bytes, section, 0, words)).toBe('done')
      expect((words[section.scales] ?? 0) & 0x7c00).not.toBe(0)

      view.setUint16(0, 0xd400, true) // −64
      expect(repackRows(type, bytes, section, 0, words)).toBe('overflow')
      const unshifted = layoutSection(planeKindOf[type], 1, 64, 0, 0)
      expect(repackRows(type, bytes, unshifted, 0, words)).toBe('done')
      const expected = valuesOf(type, bytes)
      expect(readPlanes(words, unshifted, 0).every((value, i) => value === expected[i])).toBe(true)
    },
  )
})
