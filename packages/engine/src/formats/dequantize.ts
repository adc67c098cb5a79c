import type { TensorType } from './checkpoint.ts'
import { dequantizeK4, dequantizeK5, dequantizeK6 } from './dequantize-k.ts'
import { bfloat16Value, float16Value } from './half.ts'
import { blockSizes } from './tensor-types.ts'

/** Writes the weights of the block that begins at byte `at` from `out[to]` on. */
export type BlockDecoder = (data: DataView, at: number, out: Float32Array, to: number) => void

const decoders: Readonly<Record<TensorType, BlockDecoder>> = {
  F32: (data, at, out, to) => {
    out[to] = data.getFloat32(at, true)
  },
  F16: (data, at, out, to) => {
    out[to] = float16Value(data.getUint16(at, true))
  },
  BF16: (data, at, out, to) => {
    out[to] = bfloat16Value(data.getUint16(at, true))
  },
  Q4_0: (data, at, out, to) => {
    const scale = float16Value(data.getUint16(at, true))
    for (let i = 0; i < 16; i++) {
      const byte = data.getUint8(at + 2 + i)
      out[to + i] = scale * ((byte & 15) - 8)
      out[to + 16 + i] = scale * ((byte >> 4) - 8)
    }
  },
  Q4_1: (data, at, out, to) => {
    const scale = float16Value(data.getUint16(at, true))
    const least = float16Value(data.getUint16(at + 2, true))
    for (let i = 0; i < 16; i++) {
      const byte = data.getUint8(at + 4 + i)
      out[to + i] = Math.fround(scale * (byte & 15)) + least
      out[to + 16 + i] = Math.fround(scale * (byte >> 4)) + least
    }
  },
  Q5_0: (data, at, out, to) => {
    const scale = float16Value(data.getUint16(at, true))
    const high = data.getUint32(at + 2, true)
    for (let i = 0; i < 16; i++) {
      const byte = data.getUint8(at + 6 + i)
      out[to + i] = scale * (((byte & 15) | (((high >>> i) & 1) << 4)) - 16)
      out[to + 16 + i] = scale * (((byte >> 4) | (((high >>> (16 + i)) & 1) << 4)) - 16)
    }
  },
  Q5_1: (data, at, out, to) => {
    const scale = float16Value(data.getUint16(at, true))
    const least = float16Value(data.getUint16(at + 2, true))
    const high = data.getUint32(at + 4, true)
    for (let i = 0; i < 16; i++) {
      const byte = data.getUint8(at + 8 + i)
      out[to + i] = Math.fround(scale * ((byte & 15) | (((high >>> i) & 1) << 4))) + least
      out[to + 16 + i] = Math.fround(scale * ((byte >> 4) | (((high >>> (16 + i)) & 1) << 4))) + least
    }
  },
  Q8_0: (data, at, out, to) => {
    const scale = float16Value(data.getUint16(at, true))
    for (let i = 0; i < 32; i++) out[to + i] = scale * data.getInt8(at + 2 + i)
  },
  Q4_K: dequantizeK4,
  Q5_K: dequantizeK5,
  Q6_K: dequantizeK6,
}

/**
 * The float32 values of `count` weights, in the arithmetic and order of ggml's own reference: every product and sum is rounded to float32.
 * It is the measure that repacking and kernels are held to, and is not meant to be fast.
 * Layouts: `block_q4_0` … `block_q6_K` of ggml's `ggml-common.h`.
 * @param bytes whole blocks: `count / elements` of them, of the sizes in `blockSizes`
 * @throws RangeError when `count` is no whole number of blocks or `bytes` does not hold exactly them
 */
export function dequantize(type: TensorType, bytes: Uint8Array, count: number): Float32Array {
  const block = blockSizes[type]
  if (count % block.elements !== 0 || (count / block.elements) * block.bytes !== bytes.byteLength)
    throw new RangeError(`${bytes.byteLength} bytes are not ${count} weights of ${type}`)
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = new Float32Array(count)
  const decode = decoders[type]
  for (let to = 0, at = 0; to < count; to += block.elements, at += block.bytes) decode(data, at, out, to)
  return out
}
