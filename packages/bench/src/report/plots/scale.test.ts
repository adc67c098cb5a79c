import { describe, expect, test } from 'vitest'
import { linearScale, logarithmicScale, tickText } from './scale.ts'

describe('scales', () => {
  test.each([
    [0, 1, [0, 0.5, 1]],
    [0, 97, [0, 50, 100]],
    [0, 0.003, [0, 0.001, 0.002, 0.003]],
    [980, 1020, [980, 990, 1000, 1010, 1020]],
  ])('%d … %d has round ticks that hold it', (least, most, ticks) => {
    const scale = linearScale(least, most, 0, 100)
    expect(scale.ticks).toEqual(ticks)
    expect(scale.at(ticks[0] ?? 0)).toBeCloseTo(0)
    expect(scale.at(ticks.at(-1) ?? 0)).toBeCloseTo(100)
  })

  test('equal ends are no division by nothing', () => {
    for (const value of [0, 5, 1e12]) {
      const scale = linearScale(value, value, 0, 100)
      expect(Number.isFinite(scale.at(value))).toBe(true)
      expect(scale.ticks.length).toBeLessThan(12)
    }
  })

  test('logarithmic: whole decades, few ticks', () => {
    expect(logarithmicScale(1.5, 80, 0, 100).ticks).toEqual([1, 2, 5, 10, 20, 50, 100])
    expect(logarithmicScale(0.01, 1e9, 0, 100).ticks.length).toBeLessThan(9)
    expect(logarithmicScale(1, 100, 0, 100).at(10)).toBeCloseTo(50)
    expect(logarithmicScale(1, 100, 0, 100).at(0)).toBe(0)
  })

  test('ticks are short', () => {
    expect([0, 0.05, 1200, 12_000, 2_500_000].map(tickText)).toEqual(['0', '0.05', '1200', '12k', '2.5M'])
  })
})
