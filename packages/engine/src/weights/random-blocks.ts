import type { TensorType } from '../formats/checkpoint.ts'
import { blockSizes } from '../formats/tensor-types.ts'
import { bfloat16Bits, float16Bits } from './half.ts'

/** Byte offsets of the f16 fields (scales, minima) in a block of each type. */
const halfFields: Readonly<Record<TensorType, readonly number[]>> = {
  F32: [],
  F16: [],
  BF16: [],
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
}

/** A stream of unsigned 32-bit numbers that is the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return (value ^ (value >>> 14)) >>> 0
  }
}

/** Normally distributed numbers of unit variance (Box–Muller). */
export function normalNumbers(seed: number): () => number {
  const next = randomNumbers(seed)
  return () => {
    const radius = Math.sqrt(-2 * Math.log((next() + 1) / 2 ** 32))
    return radius * Math.cos((2 * Math.PI * next()) / 2 ** 32)
  }
}

/**
 * Source bytes of `rows` × `columns` weights for tests: for quantised types every bit random, but for scales and minima, which
 * are normally distributed around `scale`, subnormal ones among them; normally distributed weights for the float types.
 */
export function randomBlocks(
  type: TensorType,
  rows: number,
  columns: number,
  seed: number,
  scale = 0.01,
): Uint8Array<ArrayBuffer> {
  const block = blockSizes[type]
  const bytes = new Uint8Array(((rows * columns) / block.elements) * block.bytes)
  const view = new DataView(bytes.buffer)
  const normal = normalNumbers(seed)
  const next = randomNumbers(seed + 1)
  if (block.elements === 1) {
    const float = new DataView(new ArrayBuffer(4))
    for (let at = 0; at < bytes.length; at += block.bytes) {
      float.setFloat32(0, normal() * scale)
      if (type === 'F32') view.setUint32(at, float.getUint32(0), true)
      else if (type === 'BF16') view.setUint16(at, bfloat16Bits(float.getUint32(0)), true)
      else view.setUint16(at, float16Bits(float.getFloat32(0)), true)
    }
    return bytes
  }
  for (let at = 0; at < bytes.length; at++) bytes[at] = next() & 255
  for (let at = 0; at < bytes.length; at += block.bytes) {
    for (const field of halfFields[type]) {
      const value = next() % 16 === 0 ? normal() * 1e-6 : normal() * scale
      view.setUint16(at + field, float16Bits(value), true)
    }
  }
  return bytes
}
