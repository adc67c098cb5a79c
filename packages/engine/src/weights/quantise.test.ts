import { describe, expect, it } from 'vitest'
import { float16Value } from '../formats/half.ts'
import { float16Bits } from './half.ts'
import { normalNumbers, randomNumbers } from './random-blocks.ts'
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

/** The least squared error of 32 weights for any zero in sixteenths, and scales 0.3 % apart. */
function leastError(group: Float32Array): number {
  const most = Math.max(0, ...group)
  const least = Math.min(0, ...group)
  let best = Number.POSITIVE_INFINITY
  for (let span = 0.6; span < 1.15; span *= 1.003) {
    const scale = ((most - least) * span) / 15
    for (let zero = 0; zero < 16; zero += 1 / 16) {
      let error = 0
      for (const value of group) {
        const quant = Math.min(15, Math.max(0, Math.round(value / scale + zero)))
        error += (value - scale * (quant - zero)) ** 2
        if (error >= best) break
      }
      best = Math.min(best, error)
    }
  }
  return best
}

const normal = normalNumbers(7)
const weights = Float32Array.from({ length: 64 * 896 }, () => normal() * 0.02)

describe('quantising on load', () => {
  it('to 4 bits: relative error under 7.1 %, where Q4_K of llama.cpp has 7.15 %', () => {
    expect(relativeError(weights, quantised(weights, 896, 4))).toBeLessThan(0.071)
  })

  it.each([576, 896, 1536, 4864])('to 4 bits: at most 4.6 bits a weight with %i columns', (columns) => {
    const { end } = layoutSection(planeKindFor('BF16', 4), 64, columns, 0)
    expect((32 * end) / (64 * columns)).toBeLessThanOrEqual(4.6)
  })

  it('to 4 bits: near the best that there is for a group, whatever its weights are like', () => {
    const next = randomNumbers(3)
    const uniform = (): number => next() / 2 ** 32
    const shapes: readonly (() => number)[] = [
      normal,
      uniform,
      () => uniform() - 0.9,
      () => normal() ** 3,
      () => (uniform() < 0.2 ? normal() : 0),
      () => Math.sign(normal()) + 0.01 * normal(),
    ]
    for (const shape of shapes) {
      let error = 0
      let best = 0
      for (let trial = 0; trial < 6; trial++) {
        const group = Float32Array.from({ length: 32 }, shape)
        const out = quantised(group, 32, 4)
        error += group.reduce((sum, value, i) => sum + (value - (out[i] ?? 0)) ** 2, 0)
        best += leastError(group)
      }
      expect(Math.sqrt(error / best)).toBeLessThan(1.25)
      expect(error).toBeGreaterThan(best * 0.99)
    }
  })

  it('to 4 bits: one huge weight costs its own group, not its row', () => {
    const row = weights.slice(0, 896)
    const before = relativeError(row.subarray(32), quantised(row, 896, 4).subarray(32))
    for (const [huge, cost] of [
      [4, 1.03],
      [20, 1.1],
      [-300, 1.5],
    ] as const) {
      row[5] = huge
      const out = quantised(row, 896, 4)
      expect(Math.abs((out[5] ?? 0) / huge - 1)).toBeLessThan(1e-3)
      expect(relativeError(row.subarray(32), out.subarray(32))).toBeLessThan(before * cost)
    }
  })

  it.each([1e-30, 1e30, 1e37])('to 4 bits: as well with weights of %d', (size) => {
    const scaled = weights.slice(0, 896).map((value) => value * size)
    const error = relativeError(
      scaled.map((value) => value / size),
      quantised(scaled, 896, 4).map((value) => value / size),
    )
    expect(error).toBeLessThan(0.08)
  })

  it('to 4 bits: a group of the same number, of either sign, is exact but for f32', () => {
    const row = new Float32Array(96)
    row.fill(0.7, 0, 32)
    row.fill(-0.7, 32, 64)
    row.fill(0.7, 64, 96)
    for (const [i, value] of quantised(row, 96, 4).entries()) expect(value).toBeCloseTo(row[i] ?? 0, 6)
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
    const of = (bits: 4 | 8 | 16, shift?: number) => layoutSection(planeKindFor('F32', bits), 1, 32, 0, shift)
    const words = new Uint32Array(of(16).end)
    expect(repackRows('F32', bytes, of(8, 10), 0, words)).toBe('overflow')
    expect(repackRows('F32', bytes, of(8, 0), 0, words)).toBe('done')
    expect(readPlanes(words, of(8, 0), 0)[31]).toBeCloseTo(9e3, -1)
    values.fill(65536)
    expect(repackRows('F32', bytes, of(16), 0, words)).toBe('overflow')
    values.fill(1e7)
    expect(repackRows('F32', bytes, of(8, 0), 0, words)).toBe('overflow')
    expect(repackRows('F32', bytes, of(4), 0, words)).toBe('done')
  })
})
