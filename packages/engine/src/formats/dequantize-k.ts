import { float16Value } from './half.ts'

/** Where the parts of a Q4_K or Q5_K block lie: d, dmin (f16), then twelve bytes of scales and minima. */
const scalesOffset = 4
const quantsOffsetK4 = 16
const highBitsOffsetK5 = 16
const quantsOffsetK5 = 48

/** Eight 6-bit scales and eight 6-bit minima in twelve bytes: the first four whole, the upper four in two parts. */
export function unpackScaleAndMinimum(data: DataView, at: number, group: number): readonly [number, number] {
  if (group < 4) return [data.getUint8(at + group) & 63, data.getUint8(at + group + 4) & 63]
  const low = data.getUint8(at + group + 4)
  return [
    (low & 15) | ((data.getUint8(at + group - 4) >> 6) << 4),
    (low >> 4) | ((data.getUint8(at + group) >> 6) << 4),
  ]
}

/** 256 weights in eight groups of 32, each `d·sc·q − dmin·mn`; a run of 32 bytes holds two groups, low nibbles first. */
export function dequantizeK4(data: DataView, at: number, out: Float32Array, to: number): void {
  decodeGroups(data, at, out, to, (group, i) => nibble(data, at + quantsOffsetK4, group, i))
}

/** As Q4_K, with a fifth bit: bit `group` of byte i of the high plane. */
export function dequantizeK5(data: DataView, at: number, out: Float32Array, to: number): void {
  decodeGroups(
    data,
    at,
    out,
    to,
    (group, i) =>
      nibble(data, at + quantsOffsetK5, group, i) | (((data.getUint8(at + highBitsOffsetK5 + i) >> group) & 1) << 4),
  )
}

function nibble(data: DataView, at: number, group: number, i: number): number {
  const byte = data.getUint8(at + (group >> 1) * 32 + i)
  return group % 2 === 0 ? byte & 15 : byte >> 4
}

function decodeGroups(
  data: DataView,
  at: number,
  out: Float32Array,
  to: number,
  quant: (group: number, i: number) => number,
): void {
  const d = float16Value(data.getUint16(at, true))
  const dmin = float16Value(data.getUint16(at + 2, true))
  for (let group = 0; group < 8; group++) {
    const [scale, minimum] = unpackScaleAndMinimum(data, at + scalesOffset, group)
    const groupScale = Math.fround(d * scale)
    const groupMinimum = Math.fround(dmin * minimum)
    for (let i = 0; i < 32; i++) out[to + group * 32 + i] = Math.fround(groupScale * quant(group, i)) - groupMinimum
  }
}

const highBitsOffsetK6 = 128
const scalesOffsetK6 = 192
const scaleOffsetK6 = 208

/** 256 weights in sixteen groups of 16, each `d·sc·(q − 32)`; q is a nibble and two bits of the high plane. */
export function dequantizeK6(data: DataView, at: number, out: Float32Array, to: number): void {
  const d = float16Value(data.getUint16(at + scaleOffsetK6, true))
  for (let i = 0; i < 256; i++) {
    // Each half of 128 weights has 64 bytes of nibbles and 32 of high bits; a quarter is 32 weights.
    const half = i >> 7
    const quarter = (i >> 5) & 3
    const column = i & 31
    const low = data.getUint8(at + half * 64 + (quarter & 1) * 32 + column)
    const high = (data.getUint8(at + highBitsOffsetK6 + half * 32 + column) >> (2 * quarter)) & 3
    const quant = ((quarter < 2 ? low & 15 : low >> 4) | (high << 4)) - 32
    out[to + i] = Math.fround(d * data.getInt8(at + scalesOffsetK6 + (i >> 4))) * quant
  }
}
