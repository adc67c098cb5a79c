/** Clocks are asked until they have made so many steps, or so often. */
const CLOCK_STEPS = 20
const CLOCK_READS = 2_000_000

/** The smallest step that a clock makes, in milliseconds; 0 where it makes none. */
export function timerResolution(now: () => number): number {
  let smallest = Number.POSITIVE_INFINITY
  let last = now()
  for (let reads = 0, steps = 0; reads < CLOCK_READS && steps < CLOCK_STEPS; reads++) {
    const time = now()
    if (time <= last) continue
    smallest = Math.min(smallest, time - last)
    last = time
    steps++
  }
  // Differences of large floating-point numbers: a tenth of a microsecond is finer than any clock of a page.
  return Number.isFinite(smallest) ? Math.round(smallest * 1e4) / 1e4 : 0
}
