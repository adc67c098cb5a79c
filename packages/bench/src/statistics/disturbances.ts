import { LEAST_SAMPLES } from './median-interval.ts'
import { ascending, at, finite } from './numbers.ts'
import { median, medianAbsoluteDeviation, quantileOfSorted } from './quantile.ts'

/** Standard deviation of normal noise, of its median absolute deviation. */
const DEVIATIONS = 1.4826
const OUTLIER_DEVIATIONS = 5
/** Samples that are equal but for the clock's steps must not make an outlier of the next step. */
const LEAST_DEVIATION = 0.005

/**
 * Whether the first sample stands apart from the others: beyond all of them, by over five of their robust standard deviations, which are
 * taken as at least 0.5 % of their median. After hyperfine's warning, which measures from the median: of noise with two modes that cries
 * wolf in every fourth run.
 * @returns false for fewer than six
 * @throws BenchError `statistics-invalid` for no values or such that are not finite
 */
export function firstIsOutlier(values: readonly number[]): boolean {
  finite(values)
  if (values.length < LEAST_SAMPLES) return false
  const others = ascending(values.slice(1))
  const deviation = Math.max(
    DEVIATIONS * medianAbsoluteDeviation([...others]),
    LEAST_DEVIATION * Math.abs(quantileOfSorted(others, 0.5)),
  )
  const first = at(values, 0)
  return Math.max(at(others, 0) - first, first - at(others, others.length - 1)) > OUTLIER_DEVIATIONS * deviation
}

/** z of a two-sided probability of 1 %. */
const SURE = 2.576
/** What is more is thinned evenly: slopes are counted in pairs. */
const MOST_DRIFT = 100

export interface Drift {
  /** From the first to the last sample, by the median: −0.1 is a tenth less in the end. */
  readonly change: number
  /** That so clear an order comes from chance is less likely than 1 % (Mann and Kendall's test). */
  readonly shown: boolean
}

/**
 * Where values go over time: the median of all pairwise slopes (Theil 1950, Sen 1968).
 * @param times of each value, not falling
 * @returns undefined for fewer than six values, for times that are all one, and for a median of zero
 * @throws BenchError `statistics-invalid` for no values or such that are not finite
 */
export function drift(times: readonly number[], values: readonly number[]): Drift | undefined {
  finite(times)
  const middle = median(values)
  if (values.length < LEAST_SAMPLES || times.length !== values.length || middle === 0) return undefined
  const step = Math.max(1, values.length / MOST_DRIFT)
  const places = Array.from({ length: Math.min(values.length, MOST_DRIFT) }, (_, index) => Math.floor(index * step))
  const slopes: number[] = []
  let score = 0
  for (const [index, late] of places.entries())
    for (const early of places.slice(0, index)) {
      const risen = at(values, late) - at(values, early)
      const passed = at(times, late) - at(times, early)
      score += Math.sign(risen)
      if (passed > 0) slopes.push(risen / passed)
    }
  if (slopes.length === 0) return undefined
  const n = places.length
  const variance = (n * (n - 1) * (2 * n + 5)) / 18
  const z = Math.max(0, Math.abs(score) - 1) / Math.sqrt(variance)
  const change = (median(slopes) * (at(times, times.length - 1) - at(times, 0))) / Math.abs(middle)
  return { change, shown: z > SURE }
}
