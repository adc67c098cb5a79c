import { ascending, at } from './numbers.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** What every interval here is meant to hold. */
export const CONFIDENCE = 0.95

/** Of five values not even the smallest and the largest hold the median as often as that. */
export const LEAST_SAMPLES = 6

/**
 * The interval that holds the median of what was sampled in 95 % of cases, from order statistics: two neighbouring pairs of them, one that
 * holds it more often and one that does so less often, with a place between the two that is right for symmetric noise and nearly so for
 * other noise. Hettmansperger and Sheather, Confidence intervals based on interpolated order statistics (1986).
 * @returns undefined for fewer than six values
 * @throws BenchError `statistics-invalid` for no values or such that are not finite
 */
export function medianInterval(values: readonly number[]): Interval | undefined {
  const sorted = ascending(values)
  const n = sorted.length
  if (n < LEAST_SAMPLES) return undefined
  let logTerm = -n * Math.LN2
  let tail = Math.exp(logTerm)
  let depth = 0
  let [coverage, inner] = [1, 1 - 2 * tail]
  while (inner >= CONFIDENCE) {
    depth++
    // That at most `depth` of n fair coins show heads.
    logTerm += Math.log((n - depth + 1) / depth)
    tail += Math.exp(logTerm)
    coverage = inner
    inner = 1 - 2 * tail
  }
  const part = (coverage - CONFIDENCE) / (coverage - inner)
  const weight = ((n - depth) * part) / (depth + (n - 2 * depth) * part)
  return {
    low: (1 - weight) * at(sorted, depth - 1) + weight * at(sorted, depth),
    high: (1 - weight) * at(sorted, n - depth) + weight * at(sorted, n - depth - 1),
  }
}
