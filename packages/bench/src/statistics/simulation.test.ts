import { afterAll, describe, expect, test } from 'vitest'
import { drift, firstIsOutlier } from './disturbances.ts'
import { medianInterval } from './median-interval.ts'
import { median } from './quantile.ts'
import { pairedRatio, type Ratio, unpairedRatio } from './ratio.ts'
import { type Noise, noises, randomSource, turns } from './test-support/noise.ts'

const RUNS = 1000
const PAIRS = 10
const patience = 60_000
/** Printed in the end, for the README. */
const figures: string[] = []
afterAll(() => console.info(figures.join('\n')))
const shapes = Object.entries(noises)
/** Its equal values make every interval hold more than it says: the interval is closed, and a step of the clock lies on its end. */
const COARSE = 'steps of a coarse clock'

function share(seed: number, holds: (random: () => number) => boolean): number {
  let count = 0
  for (let run = 0; run < RUNS; run++) if (holds(randomSource(seed + 7919 * run))) count++
  return (100 * count) / RUNS
}

function covers({ low, high }: Ratio, truth: number): boolean {
  if (low === undefined || high === undefined) throw new Error('Ten samples have an interval.')
  return low <= truth && truth <= high
}

function draw(noise: Noise, random: () => number, count: number): number[] {
  return Array.from({ length: count }, () => noise(random, 0.5))
}

describe(`${RUNS} comparisons of an engine with itself, ${PAIRS} pairs each`, () => {
  test.each(shapes)(
    '93 to 97 % of the intervals hold 1: %s',
    (name, noise) => {
      const held = share(10, (random) => {
        const { base, other } = turns(noise, PAIRS, random)
        return covers(pairedRatio(base, other), 1)
      })
      figures.push(`paired, ${name}: ${held} %`)
      expect(held).toBeGreaterThanOrEqual(93)
      expect(held).toBeLessThanOrEqual(97)
    },
    patience,
  )

  test.each(shapes)(
    'of samples taken apart: %s',
    (name, noise) => {
      const held = share(20, (random) =>
        covers(unpairedRatio(draw(noise, random, PAIRS), draw(noise, random, PAIRS)), 1),
      )
      figures.push(`apart, ${name}: ${held} %`)
      expect(held).toBeGreaterThanOrEqual(93)
      expect(held).toBeLessThanOrEqual(name === COARSE ? 100 : 97)
    },
    patience,
  )

  test.each(shapes)(
    'a ratio other than 1 is held as often: %s',
    (_, noise) => {
      const held = share(30, (random) => {
        const { base, other } = turns(noise, PAIRS, random, 1.3)
        return covers(pairedRatio(base, other), 1.3)
      })
      expect(held).toBeGreaterThanOrEqual(93)
    },
    patience,
  )
})

test.each([6, 7, 8, 9, 12, 20])(
  'with %i pairs too',
  (pairs) => {
    const held = share(pairs, (random) => {
      const { base, other } = turns(noises.normal, pairs, random)
      return covers(pairedRatio(base, other), 1)
    })
    figures.push(`paired, normal, ${pairs} pairs: ${held} %`)
    expect(held).toBeGreaterThanOrEqual(93)
    // Of six pairs the widest interval there is holds 31 of 32.
    expect(held).toBeLessThanOrEqual(pairs === 6 ? 98.5 : 97.5)
  },
  patience,
)

describe('a slow-down of 10 % that was planted', () => {
  test.each(['normal', 'slow drift shared by both'] as const)(
    'is found in 95 of 100 runs at a spread of 5 %: %s',
    (name) => {
      const found = share(40, (random) => {
        const { base, other } = turns(noises[name], PAIRS, random, 1.1)
        return (pairedRatio(base, other).low ?? 0) > 1
      })
      figures.push(`planted, ${name}: ${found} %`)
      expect(found).toBeGreaterThanOrEqual(95)
    },
    patience,
  )
})

describe(`intervals of medians, ${PAIRS} samples`, () => {
  test.each(shapes)(
    '93 to 97 % hold the median: %s',
    (name, noise) => {
      const truth = median(draw(noise, randomSource(1), 100_001))
      const held = share(50, (random) => covers({ median: 0, ...medianInterval(draw(noise, random, PAIRS)) }, truth))
      figures.push(`median, ${name}: ${held} %`)
      expect(held).toBeGreaterThanOrEqual(93)
      expect(held).toBeLessThanOrEqual(name === COARSE ? 100 : 97)
    },
    patience,
  )
})

describe('what flags samples is seldom wrong', () => {
  test.each(shapes)(
    '%s',
    (name, noise) => {
      const outliers = share(60, (random) => firstIsOutlier(draw(noise, random, PAIRS)))
      const drifts = share(70, (random) => {
        const values = draw(noise, random, PAIRS)
        return drift([...values.keys()], values)?.shown === true
      })
      figures.push(`false flags, ${name}: first-outlier ${outliers} %, drift ${drifts} %`)
      // One sample in twenty truly is an outlier of the heavy tails, the first as often as any.
      expect(outliers).toBeLessThan(name.startsWith('heavy') ? 8 : 1.5)
      expect(drifts).toBeLessThan(2)
    },
    patience,
  )
})
