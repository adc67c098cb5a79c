/** Result files come from strangers: nothing in them is longer, larger or more than this. */
export const LIMITS = {
  /** Characters of a file. */
  file: 64 * 1024 * 1024,
  engines: 200,
  rows: 2_000,
  samples: 1_000,
  /** Times of one sample. */
  tokens: 32_768,
  comparisons: 1_000,
  /** Σ pairs² of all comparisons: what their intervals take to compute again. */
  comparisonWork: 10_000_000,
  probes: 200,
  probeSamples: 1_000,
  features: 200,
  phases: 50,
  name: 200,
  source: 1_000,
  reason: 2_000,
  /** Eleven days. */
  ms: 1e9,
  bytes: 2 ** 50,
  rate: 1e12,
} as const
