import { BenchError } from '../errors.ts'
import { CONFIDENCE } from './median-interval.ts'
import { at, positive } from './numbers.ts'
import { quantileOfSorted } from './quantile.ts'
import { intervalPlace, type RankDistribution, rankSums, signedRanks } from './rank-tests.ts'

export interface Ratio {
  /** Hodges and Lehmann's estimate: the median of all pairwise means (or differences) of logarithms, as a ratio. */
  readonly median: number
  /** Of the 95 % interval; absent where there are too few samples for one. */
  readonly low?: number
  readonly high?: number
}

export interface TestedRatio {
  readonly ratio: Ratio
  /** How likely it is that so low a ratio comes by chance where nothing differs: the one-sided p of the test that the interval inverts. */
  readonly lossByChance: number
}

/**
 * `other` by `base`, of samples taken in turns, pair by pair. The interval inverts Wilcoxon's signed-rank test on the logarithms of the
 * pairs' ratios: exact for small n whatever the noise looks like, as long as it is the same on both sides, since the sign of a pair's
 * difference is then a coin; what changes over the run and meets both sides falls out. Hodges and Lehmann, Estimates of location based on
 * rank tests (1963).
 * @returns without an interval for fewer than six pairs
 * @throws BenchError `statistics-invalid` for no pairs, unequal counts, or numbers that are not finite and above zero
 */
export function pairedRatio(base: readonly number[], other: readonly number[]): Ratio {
  return pairedTest(base, other).ratio
}

/** `pairedRatio` with its p. */
export function pairedTest(base: readonly number[], other: readonly number[]): TestedRatio {
  if (base.length !== other.length)
    throw new BenchError('statistics-invalid', `${base.length} and ${other.length} samples make no pairs.`)
  positive(base)
  const logs = positive(other).map((value, index) => Math.log(value) - Math.log(at(base, index)))
  const means = new Float64Array((logs.length * (logs.length + 1)) / 2)
  let place = 0
  for (const [index, log] of logs.entries())
    for (let before = 0; before <= index; before++) means[place++] = (log + at(logs, before)) / 2
  return tested(means.sort(), signedRanks(logs.length))
}

/** Of each side; what is beyond is thinned evenly. */
const MOST_UNPAIRED = 200

/**
 * `other` by `base`, of samples taken apart: the same with Mann and Whitney's test on all differences of logarithms. What changed between
 * the two takings is in the ratio and not in the interval.
 * @returns without an interval for fewer than four samples on both sides (or as few by one of them)
 * @throws BenchError `statistics-invalid` for no samples, or numbers that are not finite and above zero
 */
export function unpairedRatio(base: readonly number[], other: readonly number[]): Ratio {
  return unpairedTest(base, other).ratio
}

/** `unpairedRatio` with its p. */
export function unpairedTest(base: readonly number[], other: readonly number[]): TestedRatio {
  const baseLogs = thinned(positive(base).map(Math.log))
  const otherLogs = thinned(positive(other).map(Math.log))
  const differences = new Float64Array(baseLogs.length * otherLogs.length)
  let place = 0
  for (const otherLog of otherLogs) for (const baseLog of baseLogs) differences[place++] = otherLog - baseLog
  return tested(differences.sort(), rankSums(baseLogs.length, otherLogs.length))
}

function thinned(values: readonly number[]): readonly number[] {
  const step = values.length / MOST_UNPAIRED
  return step <= 1 ? values : Array.from({ length: MOST_UNPAIRED }, (_, index) => at(values, Math.floor(index * step)))
}

function tested(sorted: Float64Array, distribution: RankDistribution): TestedRatio {
  const place = intervalPlace(distribution, (1 - CONFIDENCE) / 2)
  const firstGain = sorted.findIndex((value) => value >= 0)
  return {
    ratio: {
      median: Math.exp(quantileOfSorted(sorted, 0.5)),
      ...(place > 0 && {
        low: Math.exp(at(sorted, place - 1)),
        high: Math.exp(at(sorted, sorted.length - place)),
      }),
    },
    lossByChance: distribution(firstGain < 0 ? 0 : sorted.length - firstGain),
  }
}
