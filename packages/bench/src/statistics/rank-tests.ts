import { at } from './numbers.ts'

/** How often a rank statistic comes out by chance alone: probabilities that it is at most 0, 1, 2, … */
export type RankDistribution = (atMost: number) => number

/** Beyond, the normal approximation differs from the exact count by less than one place in a hundred. */
const MOST_EXACT_PAIRS = 60
/** Of each sample: all counts are below 2⁵³. */
const MOST_EXACT_UNPAIRED = 24

/**
 * Of Wilcoxon's signed ranks of `n` values: the number of their n(n + 1)/2 pairwise means, each value with itself too, that are above the
 * centre. Counted exactly where they are few.
 */
export function signedRanks(n: number): RankDistribution {
  const sums = (n * (n + 1)) / 2
  if (n > MOST_EXACT_PAIRS) return approximately(sums / 2, Math.sqrt((sums * (2 * n + 1)) / 12))
  const ways = new Float64Array(sums + 1)
  ways[0] = 1
  for (let rank = 1; rank <= n; rank++)
    for (let sum = sums; sum >= rank; sum--) ways[sum] = at(ways, sum) + at(ways, sum - rank)
  return counted(ways)
}

/** Of Mann and Whitney's U of samples of `m` and `n`: the number of their m · n differences that are above the shift. */
export function rankSums(m: number, n: number): RankDistribution {
  const most = m * n
  if (m > MOST_EXACT_UNPAIRED || n > MOST_EXACT_UNPAIRED)
    return approximately(most / 2, Math.sqrt((most * (m + n + 1)) / 12))
  // The Gaussian binomial coefficient of m + n over m, a factor at a time, as a polynomial whose coefficients count the ways.
  const ways = new Float64Array(most + 1)
  ways[0] = 1
  for (let factor = 1; factor <= m; factor++) {
    for (let sum = most; sum >= n + factor; sum--) ways[sum] = at(ways, sum) - at(ways, sum - n - factor)
    for (let sum = factor; sum <= most; sum++) ways[sum] = at(ways, sum) + at(ways, sum - factor)
  }
  return counted(ways)
}

/**
 * Which of the sorted means or differences, counted from one and from either end, bound an interval that leaves out at most `tail` on each
 * side. Zero where no interval is so sure.
 */
export function intervalPlace(distribution: RankDistribution, tail: number): number {
  let place = 0
  while (distribution(place) <= tail) place++
  return place
}

function counted(ways: Float64Array): RankDistribution {
  let sum = 0
  const sums = ways.map((count) => {
    sum += count
    return sum
  })
  return (atMost) => (atMost < 0 ? 0 : at(sums, Math.min(atMost, sums.length - 1)) / sum)
}

function approximately(mean: number, deviation: number): RankDistribution {
  return (atMost) => (atMost < 0 ? 0 : normalBelow((atMost + 0.5 - mean) / deviation))
}

/** To 1e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const polynomial = series.reduceRight((sum, factor) => (sum + factor) * t, 0)
  const tail = (polynomial * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
  return z < 0 ? tail : 1 - tail
}
