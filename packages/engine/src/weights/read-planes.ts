import { bfloat16Value, float16Value } from '../formats/half.ts'
import type { PlaneSection } from './plane-format.ts'
import { rowWords } from './section.ts'

const zeroPoint = { 4: 8, 5: 16, 8: 0 } as const

/**
 * One row of a section back as float32 `[columns]`: the plain reading of plane-format's comment, against which the repackers
 * and the GPU kernels are tested. `words` is the whole buffer of the matrix.
 */
export function readPlanes(words: Uint32Array, section: PlaneSection, row: number): Float32Array {
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength)
  const own = rowWords(section.kind, section.columns)
  const quants = 4 * (section.quants + row * own.quants)
  const high = 4 * (section.high + row * own.high)
  const scales = 4 * (section.scales + row * own.scales)
  const blocks = 4 * (section.blocks + row * own.blocks)
  const { kind } = section
  const half = (byte: number): number => float16Value(view.getUint16(byte, true)) * 2 ** -section.scaleShift

  const nibble = (i: number): number => (view.getUint8(quants + (i >> 1)) >> (4 * (i & 1))) & 15
  const quant = (i: number, bits: 4 | 5 | 6 | 8): number => {
    switch (bits) {
      case 4:
        return nibble(i)
      case 5:
        return nibble(i) | (((view.getUint8(high + (i >> 3)) >> (i & 7)) & 1) << 4)
      case 6:
        return nibble(i) | (((view.getUint8(high + (i >> 2)) >> (2 * (i & 3))) & 3) << 4)
      case 8:
        return view.getInt8(quants + i)
      default:
        return bits satisfies never
    }
  }
  const value = (i: number): number => {
    const group = i >> 5
    switch (kind.scale) {
      case 'none':
        if (kind.bits === 'f32') return view.getFloat32(quants + 4 * i, true)
        if (kind.bits === 'f16') return float16Value(view.getUint16(quants + 2 * i, true))
        return bfloat16Value(view.getUint16(quants + 2 * i, true))
      case 's16':
        return half(scales + 2 * group) * (quant(i, kind.bits) - zeroPoint[kind.bits])
      case 'sm16':
        return Math.fround(half(scales + 4 * group) * quant(i, kind.bits)) - half(scales + 4 * group + 2)
      case 'sz8': {
        const own = view.getUint8(scales + 2 * group)
        const scale = Math.fround(view.getFloat32(blocks, true) * own * own)
        return scale * (quant(i, kind.bits) - view.getUint8(scales + 2 * group + 1) / 16)
      }
      case 'k45': {
        const block = blocks + 8 * (i >> 8)
        const scale = Math.fround(view.getFloat32(block, true) * view.getUint8(scales + 2 * group))
        const minimum = Math.fround(view.getFloat32(block + 4, true) * view.getUint8(scales + 2 * group + 1))
        return Math.fround(scale * quant(i, kind.bits)) - minimum
      }
      case 'k6': {
        const scale = Math.fround(view.getFloat32(blocks + 4 * (i >> 8), true) * view.getInt8(scales + (i >> 4)))
        return scale * (quant(i, 6) - 32)
      }
      default:
        return kind satisfies never
    }
  }
  return Float32Array.from({ length: section.columns }, (_, i) => value(i))
}
