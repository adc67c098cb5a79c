import { ascending, at } from './numbers.ts'

/**
 * Straight between the two nearest of the sorted values, at place (n − 1) · p: definition 7 of Hyndman and Fan, Sample Quantiles in
 * Statistical Packages (1996), which NumPy and R use too.
 * @param p 0 … 1
 * @throws BenchError `statistics-invalid` for no values or such that are not finite
 */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(ascending(values), p)
}

/** @param sorted ascending, not empty */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, p))
  const below = Math.floor(place)
  const low = at(sorted, below)
  return below === place ? low : low + (place - below) * (at(sorted, below + 1) - low)
}

/** @throws BenchError `statistics-invalid` for no values or such that are not finite */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * Median absolute deviation from the median, not scaled.
 * @throws BenchError `statistics-invalid` for no values or such that are not finite
 */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values)
  return median(values.map((value) => Math.abs(value - middle)))
}

/**
 * Width of the middle 90 % by the median: 0 for equal values, the whole range for ten values or fewer, nearly. Infinite where the median
 * is zero and the values are not equal.
 */
export function spread(values: readonly number[]): number {
  const sorted = ascending(values)
  const width = quantileOfSorted(sorted, 0.95) - quantileOfSorted(sorted, 0.05)
  return width === 0 ? 0 : width / Math.abs(quantileOfSorted(sorted, 0.5))
}
