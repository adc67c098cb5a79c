import { describe, expect, test } from 'vitest'
import { BenchError } from '../errors.ts'
import { drift, firstIsOutlier } from './disturbances.ts'
import { medianInterval } from './median-interval.ts'
import { median, medianAbsoluteDeviation, quantile, spread } from './quantile.ts'
import { intervalPlace, rankSums, signedRanks } from './rank-tests.ts'
import { pairedRatio, pairedTest, unpairedRatio, unpairedTest } from './ratio.ts'

const signedRankPlace = (n: number) => intervalPlace(signedRanks(n), 0.025)
const rankSumPlace = (m: number, n: number) => intervalPlace(rankSums(m, n), 0.025)
const invalid = expect.objectContaining({ name: 'BenchError', code: 'statistics-invalid' })

describe('quantiles', () => {
  test.each([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[1, 2, 3, 4], 0.95, 3.85],
    [[7], 0.99, 7],
    [[-1, 0, 1], 0, -1],
    [[-1, 0, 1], 1, 1],
  ])('of %j at %f', (values, p, expected) => {
    expect(quantile(values, p)).toBeCloseTo(expected, 12)
  })

  test('the numbers given are left in their order', () => {
    const values = [3, 1, 2]
    expect(median(values)).toBe(2)
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1)
    expect(values).toEqual([3, 1, 2])
  })

  test.each([[[]], [[1, Number.NaN]], [[1, Number.POSITIVE_INFINITY, 2]]])('%j are refused', (values) => {
    for (const summary of [median, medianAbsoluteDeviation, spread, medianInterval, firstIsOutlier])
      expect(() => summary(values)).toThrow(invalid)
    expect(() => pairedRatio(values, values)).toThrow(invalid)
    expect(() => unpairedRatio(values, values)).toThrow(invalid)
  })

  test('spread is of the middle 90 %', () => {
    expect(spread([5, 5, 5])).toBe(0)
    expect(spread([0, 0, 0])).toBe(0)
    expect(spread([0, 0, 0, 0, 1])).toBe(Number.POSITIVE_INFINITY)
    expect(spread(Array.from({ length: 101 }, (_, index) => 50 + index))).toBeCloseTo(0.9, 12)
  })
})

describe('the interval of a median', () => {
  test('is none of five samples', () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined()
    expect(medianInterval([1, 2, 3, 4, 5, 6])).toBeDefined()
  })

  test('lies between order statistics at the place that Hettmansperger and Sheather give', () => {
    const interval = medianInterval([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    // Coverages of the second and the third from the ends: 1002/1024 and 912/1024.
    const part = (1002 / 1024 - 0.95) / (90 / 1024)
    const weight = (8 * part) / (2 + 6 * part)
    expect(interval?.low).toBeCloseTo(2 + weight, 10)
    expect(interval?.high).toBeCloseTo(9 - weight, 10)
  })

  test('is a point for equal samples, and narrow for many', () => {
    expect(medianInterval(Array.from({ length: 12 }, () => 3))).toEqual({ low: 3, high: 3 })
    const many = medianInterval(Array.from({ length: 20_001 }, (_, index) => index))
    expect(many?.low).toBeGreaterThan(9_800)
    expect(many?.high).toBeLessThan(10_200)
  })
})

describe('rank distributions', () => {
  test.each([1, 5, 6, 7, 10, 13])('signed ranks of %i values, against every pattern of signs', (n) => {
    const sums = Array.from({ length: 2 ** n }, (_, signs) => {
      let sum = 0
      for (let rank = 1; rank <= n; rank++) if (signs & (1 << (rank - 1))) sum += rank
      return sum
    })
    const place = signedRankPlace(n)
    const below = (sum: number) => sums.filter((other) => other <= sum).length / sums.length
    expect(below(place - 1)).toBeLessThanOrEqual(0.025)
    expect(below(place)).toBeGreaterThan(0.025)
  })

  test('published tables', () => {
    expect([5, 6, 8, 10, 20, 25, 50].map(signedRankPlace)).toEqual([0, 1, 4, 9, 53, 90, 435])
    expect([rankSumPlace(3, 3), rankSumPlace(4, 4), rankSumPlace(5, 8), rankSumPlace(10, 10)]).toEqual([0, 1, 7, 24])
    expect(rankSumPlace(20, 20)).toBe(128)
    expect(rankSumPlace(8, 5)).toBe(rankSumPlace(5, 8))
  })

  test('where exact counting ends the approximation goes on without a jump', () => {
    const exact = signedRankPlace(60)
    const step = exact - signedRankPlace(59)
    expect(Math.abs(signedRankPlace(61) - exact - step)).toBeLessThanOrEqual(3)
    const sum = rankSumPlace(24, 24)
    const next = sum - rankSumPlace(23, 24)
    expect(Math.abs(rankSumPlace(25, 24) - sum - next)).toBeLessThanOrEqual(3)
  })
})

describe('ratios', () => {
  test('of pairs, by hand', () => {
    const base = [1, 1, 1, 1, 1, 1]
    const ratio = pairedRatio(base, [1, 2, 4, 8, 16, 32])
    expect(ratio.low).toBeCloseTo(1, 12)
    expect(ratio.high).toBeCloseTo(32, 12)
    expect(ratio.median).toBeCloseTo(2 ** 2.5, 12)
  })

  test('what meets both sides of a pair falls out', () => {
    const heat = [1, 2, 5, 3, 9, 4, 8, 7]
    const {
      median: middle,
      low,
      high,
    } = pairedRatio(
      heat,
      heat.map((value) => value * 1.1),
    )
    for (const value of [middle, low, high]) expect(value).toBeCloseTo(1.1, 12)
    expect(
      unpairedRatio(
        heat,
        heat.map((value) => value * 1.1),
      ).low,
    ).toBeLessThan(1)
  })

  test('how likely a loss is by chance', () => {
    const base = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    const slower = base.map((value) => value * 0.9)
    expect(pairedTest(base, slower).lossByChance).toBeCloseTo(1 / 1024, 12)
    expect(pairedTest(slower, base).lossByChance).toBe(1)
    expect(pairedTest(base, base).lossByChance).toBe(1)
    expect(unpairedTest([5, 6, 7, 8], [1, 2, 3, 4]).lossByChance).toBeCloseTo(1 / 70, 12)
    const many = Array.from({ length: 100 }, (_, index) => 100 + (index % 7))
    expect(
      pairedTest(
        many,
        many.map((value, index) => (index % 3 === 0 ? value * 1.01 : value * 0.99)),
      ).lossByChance,
    ).toBeLessThan(0.001)
  })

  test('turned round it is the reciprocal', () => {
    const [a, b] = [
      [1, 3, 2, 5, 4, 7],
      [2, 2, 3, 4, 6, 7],
    ]
    for (const ratio of [pairedRatio, unpairedRatio]) {
      const there = ratio(a, b)
      const back = ratio(b, a)
      expect(back.median).toBeCloseTo(1 / there.median, 12)
      expect(back.low).toBeCloseTo(1 / (there.high ?? Number.NaN), 12)
    }
  })

  test('no interval of fewer than six pairs, nor of three samples on both sides', () => {
    expect(pairedRatio([1, 2, 3, 4, 5], [2, 3, 4, 5, 6])).toEqual({ median: expect.any(Number) })
    expect(unpairedRatio([1, 2, 3], [2, 3, 4])).toEqual({ median: expect.any(Number) })
    expect(unpairedRatio([1, 2, 3, 4], [5, 6, 7, 8]).low).toBeGreaterThan(1)
  })

  test('thousands of samples are thinned, not refused', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => 1 + (index % 10) / 100)
    expect(unpairedRatio(many, many).median).toBeCloseTo(1, 2)
  })

  test.each([
    [[1, 2], [1]],
    [
      [1, 0],
      [1, 1],
    ],
    [
      [1, 1],
      [1, -1],
    ],
  ])('%j and %j have none', (base, other) => {
    expect(() => pairedRatio(base, other)).toThrow(BenchError)
  })
})

describe('disturbances', () => {
  test('a first sample far from the others', () => {
    expect(firstIsOutlier([2, 1, 1.01, 0.99, 1, 1.02, 1])).toBe(true)
    expect(firstIsOutlier([1.02, 1, 1.01, 0.99, 1, 2, 1])).toBe(false)
    expect(firstIsOutlier([2, 1, 1, 1, 1])).toBe(false)
  })

  test('equal samples but for a step of the clock have no outlier', () => {
    expect(firstIsOutlier([10.1, 10, 10, 10, 10, 10, 10])).toBe(false)
    expect(firstIsOutlier([11, 10, 10, 10, 10, 10, 10])).toBe(true)
  })

  test('heat: a tenth slower in the end', () => {
    const times = Array.from({ length: 11 }, (_, index) => 1000 * index)
    const slowing = drift(
      times,
      times.map((_, index) => 100 - index),
    )
    expect(slowing?.change).toBeCloseTo(-10 / 95, 10)
    expect(slowing?.shown).toBe(true)
    expect(
      drift(
        times,
        times.map(() => 100),
      ),
    ).toEqual({ change: 0, shown: false })
  })

  test('none of few samples, of one time, or about zero', () => {
    expect(drift([1, 2, 3], [1, 2, 3])).toBeUndefined()
    expect(drift([1, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6])).toBeUndefined()
    expect(drift([1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0])).toBeUndefined()
  })
})
