import { describe, expect, it } from 'vitest'
import { float16Value } from '../formats/half.ts'
import { float16Bits } from './half.ts'
import { normalNumbers } from './random-blocks.ts'
import { readPlanes } from './read-planes.ts'
import { repackRows } from './repack.ts'
import { layoutSection, planeKindFor } from './section.ts'

function quantised(values: Float32Array, columns: number, bits: 4 | 8 | 16): Float32Array {
  const section = layoutSection(planeKindFor('F32', bits), values.length / columns, columns, 0)
  const words = new Uint32Array(section.end).fill(0xffffffff)
  expect(repackRows('F32', new Uint8Array(values.buffer), section, 0, words)).toBe('done')
  const out = new Float32Array(values.length)
  for (let row = 0; row < section.rows; row++) out.set(readPlanes(words, section, row), row * columns)
  return out
}

function relativeError(values: Float32Array, approximations: Float32Array): number {
  let error = 0
  let total = 0
  for (const [i, value] of values.entries()) {
    error += (value - (approximations[i] ?? 0)) ** 2
    total += value ** 2
  }
  return Math.sqrt(error / total)
}

/** Q4_0's own rule: the largest magnitude goes to −8. */
function plainQ4(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length)
  for (let start = 0; start < values.length; start += 32) {
    const group = values.subarray(start, start + 32)
    const extreme = group.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    const scale = float16Value(float16Bits((extreme / -8) * 1024)) / 1024
    for (const [i, value] of group.entries())
      out[start + i] = scale * (Math.min(15, Math.floor(value / scale + 8.5)) - 8)
  }
  return out
}

const normal = normalNumbers(7)
const weights = Float32Array.from({ length: 64 * 896 }, () => normal() * 0.02)

describe('quantising on load', () => {
  it('to 4 bits: relative error 8.2 %, a twentieth less than the plain rule', () => {
    const error = relativeError(weights, quantised(weights, 896, 4))
    expect(error).toBeLessThan(0.0825)
    expect(error).toBeLessThan(relativeError(weights, plainQ4(weights)) * 0.96)
  })

  it('to 8 bits: relative error under 0.6 %, no weight off by more than half a step', () => {
    const out = quantised(weights, 896, 8)
    expect(relativeError(weights, out)).toBeLessThan(0.006)
    for (let start = 0; start < weights.length; start += 32) {
      const largest = weights.subarray(start, start + 32).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      for (let i = start; i < start + 32; i++)
        expect(Math.abs((weights[i] ?? 0) - (out[i] ?? 0))).toBeLessThanOrEqual((largest / 127) * 0.57)
    }
  })

  it('F32 to f16: the nearest', () => {
    const out = quantised(weights, 896, 16)
    expect(out.every((value, i) => value === float16Value(float16Bits(weights[i] ?? 0)))).toBe(true)
  })

  it.each([4, 8] as const)('to %i bits: zeros, a lone weight, the least float32 and padding', (bits) => {
    const columns = 33
    const values = new Float32Array(4 * columns)
    values[columns] = -3
    values[2 * columns] = 1e-45
    values.fill(0.5, 3 * columns)
    const section = layoutSection(planeKindFor('F32', bits), 4, columns, 0)
    const words = new Uint32Array(section.end).fill(0xffffffff)
    expect(repackRows('F32', new Uint8Array(values.buffer), section, 0, words)).toBe('done')
    const padded = { ...section, columns: section.paddedColumns }
    const rows = [0, 1, 2, 3].map((row) => readPlanes(words, padded, row))
    expect(rows[0]?.every((value) => value === 0)).toBe(true)
    expect(rows[1]?.[0]).toBeCloseTo(-3, 2)
    expect(rows[1]?.subarray(1).every((value) => value === 0)).toBe(true)
    expect(rows[2]?.every((value) => value === 0)).toBe(true)
    expect(rows[3]?.[32]).toBeCloseTo(0.5, 3)
    expect(rows[3]?.subarray(33).every((value) => value === 0)).toBe(true)
  })

  it('says when weights are too large for the scale or for f16', () => {
    const values = new Float32Array(32).fill(9e3)
    const bytes = new Uint8Array(values.buffer)
    const of = (bits: 4 | 8 | 16, shift: number) => layoutSection(planeKindFor('F32', bits), 1, 32, 0, shift)
    const words = new Uint32Array(of(16, 0).end)
    expect(repackRows('F32', bytes, of(4, 10), 0, words)).toBe('overflow')
    expect(repackRows('F32', bytes, of(4, 0), 0, words)).toBe('done')
    expect(readPlanes(words, of(4, 0), 0)[31]).toBeCloseTo(9e3, -1)
    values.fill(65536)
    expect(repackRows('F32', bytes, of(16, 0), 0, words)).toBe('overflow')
    values.fill(1e7)
    expect(repackRows('F32', bytes, of(4, 0), 0, words)).toBe('overflow')
  })
})
