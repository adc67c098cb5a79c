import { float16Value } from '../formats/half.ts'

const floatView = new Float32Array(1)
const bitsView = new Uint32Array(floatView.buffer)

/** A number (first rounded to float32) to the nearest binary16, ties to even; beyond 65,504 gives infinity. */
export function float16Bits(value: number): number {
  floatView[0] = value
  const bits = bitsView[0] ?? 0
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00)
  if (magnitude < 0x38800000) {
    // Near 0.5 float32 steps by 2^-24, as binary16's subnormals do: the addition rounds.
    bitsView[0] = magnitude
    floatView[0] = (floatView[0] ?? 0) + 0.5
    return sign | ((bitsView[0] ?? 0) - 0x3f000000)
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
}

/** Float32 bits to the nearest bfloat16, ties to even. NaN stays NaN. */
export function bfloat16Bits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

let floats: Float32Array | undefined

/** All 65,536 binary16 values as float32 (256 KB, made on first use). */
export function halfTable(): Float32Array {
  if (floats === undefined) floats = Float32Array.from({ length: 0x10000 }, (_, half) => float16Value(half))
  return floats
}

/** Marks in {@link shiftedHalves}: exponent all ones, as in binary16's own infinities and NaN. */
export const halfOverflows = 0x7c00
export const halfInvalid = 0x7fff

const shifted = new Map<number, Uint16Array>()

/**
 * For every binary16, the binary16 of its value times 2^`shift`, `shift` ≥ 0: exact, or `halfOverflows` where that leaves
 * the range, or `halfInvalid` for infinities and NaN (128 KB a shift, made on first use).
 */
export function shiftedHalves(shift: number): Uint16Array {
  const known = shifted.get(shift)
  if (known !== undefined) return known
  const factor = 2 ** shift
  const table = Uint16Array.from({ length: 0x10000 }, (_, half) => {
    if ((half & 0x7c00) === 0x7c00) return halfInvalid
    const bits = float16Bits(float16Value(half) * factor)
    return (bits & 0x7c00) === 0x7c00 ? halfOverflows : bits
  })
  shifted.set(shift, table)
  return table
}
