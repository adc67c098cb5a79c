import { expect, it } from 'vitest'
import { float16Value } from '../formats/half.ts'
import { bfloat16Bits, float16Bits, halfInvalid, halfOverflows, shiftedHalves } from './half.ts'

const finite = Array.from({ length: 0x10000 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00)

it('rounds every finite binary16 value to itself', () => {
  expect(finite.filter((half) => float16Bits(float16Value(half)) !== half)).toEqual([])
})

it('rounds to the nearest binary16, ties to even, subnormals included', () => {
  for (let half = 0; half < 0x7bff; half++) {
    const low = float16Value(half)
    const high = float16Value(half + 1)
    const even = half % 2 === 0 ? half : half + 1
    expect(float16Bits((low + high) / 2)).toBe(even)
    expect(float16Bits(low + (high - low) * 0.49)).toBe(half)
    expect(float16Bits(-(low + (high - low) * 0.51))).toBe((half + 1) | 0x8000)
  }
})

it('leaves the range as infinity and keeps NaN', () => {
  expect([65519, 65520, 1e30, -65520, Number.POSITIVE_INFINITY].map(float16Bits)).toEqual([
    0x7bff, 0x7c00, 0x7c00, 0xfc00, 0x7c00,
  ])
  expect(float16Bits(Number.NaN) & 0x7fff).toBeGreaterThan(0x7c00)
})

it('rounds float32 bits to bfloat16, ties to even', () => {
  expect(
    [0x3f800000, 0x3f808000, 0x3f818000, 0x3f808001, 0xbf818000, 0x7f7fffff, 0x7fffffff].map(bfloat16Bits),
  ).toEqual([0x3f80, 0x3f80, 0x3f82, 0x3f81, 0xbf82, 0x7f80, 0x7fc0])
})

it('shifts every binary16 exactly or says that it cannot', () => {
  const table = shiftedHalves(10)
  for (const half of finite) {
    const shifted = table[half] ?? 0
    if (Math.abs(float16Value(half)) >= 64) expect(shifted).toBe(halfOverflows)
    else expect(float16Value(shifted)).toBe(float16Value(half) * 1024)
  }
  expect([0x7c00, 0xfc00, 0x7e01].map((half) => table[half])).toEqual([halfInvalid, halfInvalid, halfInvalid])
})
