import { median } from '../statistics/quantile.ts'
import type { Measurement } from './result-types.ts'

/**
 * Numbers of a probe with their median, as the file takes them.
 * @throws BenchError `statistics-invalid` for no samples or such that are not finite
 */
export function measurementOf(samples: readonly number[]): Measurement {
  return { median: median(samples), samples }
}
