import { z } from 'zod'
import { engineName, loadPhases } from './engine-schema.ts'
import { bytes, count, milliseconds, name, rate, reason } from './fields.ts'
import { LIMITS } from './limits.ts'

/** What a reader must know of a row, the gravest first; shown, and nothing is dropped for it. */
export const flagNames = [
  /** Under 0.98 of the answers are the reference's. */
  'disagrees',
  /** No reference was at hand to check the answers with. */
  'unchecked',
  /** More than the whole bandwidth or arithmetic that was measured on this device: something is wrong with one of the two. */
  'over-roofline',
  /** The page was hidden during a sample. */
  'hidden',
  /** The engine did not take over what it had computed, so that a row at a depth measures more than its name says. */
  'not-reused',
  /** The GPU is a program on the CPU. */
  'software-adapter',
  /** The browser ran with WebGPU's developer features, which visitors have not. */
  'developer-features',
  /** The middle 90 % of the samples span more than 25 % of their median. */
  'spread',
  /** The speed went one way through the samples: heat, most often. */
  'drift',
  /** The first sample stands far from the others. */
  'first-outlier',
  /** Fewer samples than ten. */
  'few-samples',
  /** The clock's step is over 1 % of what a sample took. */
  'coarse-timer',
  /** The engine's own clock says something else, by over 15 %. */
  'engine-clock-disagrees',
] as const

/** Why a row stands outside the order. */
export const unrankedReasons = [
  'not-measured',
  'no-interval',
  'hidden',
  'not-reused',
  'unchecked',
  'disagrees',
] as const

export const testName = z.string().regex(/^(pp|tg)[1-9][0-9]{0,5}$/, 'is no test such as pp512 or tg128')

export const countersSchema = z
  .object({
    dispatches: rate,
    submits: rate,
    bindGroups: rate,
    readbacks: rate,
    readbackBytes: rate,
  })
  .meta({ id: 'counters', description: 'Calls of WebGPU.' })

export const sampleSchema = z
  .object({
    startedMs: milliseconds.describe('Milliseconds since the run began.'),
    ms: milliseconds,
    tokenTimes: z
      .array(milliseconds)
      .min(1)
      .max(LIMITS.tokens)
      .describe('When each token was there, in milliseconds since the sample began.'),
    engineTimes: z.array(milliseconds).min(1).max(LIMITS.tokens).exactOptional(),
    promptTokens: count.describe('As the engine counts them.'),
    reused: count.exactOptional().describe('Of the prompt, not computed again.'),
    gpuMs: milliseconds.exactOptional().describe('Of the whole, by timestamps.'),
    counters: countersSchema.exactOptional().describe('Of this sample alone.'),
    hidden: z.boolean().exactOptional().describe('That the page was hidden at some time in it.'),
  })
  .meta({
    id: 'sample',
    description: 'One run of a test. Milliseconds, by the harness’s clock; engineTimes by the engine’s own.',
  })

/** The interval is the median's, of 95 %; there is none of fewer than six samples. */
export const summarySchema = z
  .object({
    median: rate,
    mad: rate,
    low: rate.exactOptional(),
    high: rate.exactOptional(),
  })
  .meta({
    id: 'summary',
    description:
      'Median, median absolute deviation (unscaled) and the median’s 95 % interval, which fewer than six samples do not have.',
  })

export const derivedSchema = z
  .object({
    tokensPerSecond: summarySchema,
    ttftMs: summarySchema.describe('To the first token, the one that the prompt’s last position gives.'),
    itlMs: z
      .object({ p50: rate, p95: rate, p99: rate, max: rate })
      .exactOptional()
      .describe('Between tokens, all samples together. Of `tg` only.'),
    countersPerToken: countersSchema.exactOptional().describe('Of `tg` only; the prompt’s share is in it.'),
    hostMsPerToken: rate.exactOptional().describe('Wall less GPU time. Of `tg` only.'),
    roofline: z
      .object({
        of: z.enum(['copy', 'gemm']),
        share: rate.describe('Of what the probe measured; 1 is all of it.'),
        ceiling: rate.describe('What the probe measured: GB/s, or GFLOP/s.'),
        reached: rate.describe('What the row moved or computed, in the same unit.'),
        workingSetBytes: bytes.exactOptional(),
      })
      .exactOptional(),
    agreement: z.number().min(0).max(1).exactOptional(),
    spread: rate.describe('Of the middle 90 % of the samples, by their median.'),
    drift: z
      .number()
      .min(-LIMITS.rate)
      .max(LIMITS.rate)
      .exactOptional()
      .describe(
        'Change of the speed from the first sample to the last, by the median; −0.1 is 10 % slower in the end.',
      ),
    flags: z.array(z.enum(flagNames)).max(flagNames.length),
    unranked: z.array(z.enum(unrankedReasons)).max(unrankedReasons.length).describe('Empty: the row is ranked.'),
  })
  .meta({ id: 'derived', description: 'All that follows from a row’s samples; readers compute it again.' })

const cell = {
  engine: engineName,
  build: name.exactOptional(),
  model: name,
  test: testName.describe(
    'As llama-bench names them: pp512 is the prefill of 512 tokens, tg128 the generation of 128.',
  ),
  depth: z.int().min(0).max(1_000_000).describe('Tokens of context before.'),
}

const held = {
  warmUp: sampleSchema.exactOptional(),
  load: loadPhases.exactOptional(),
  agreement: z.object({ reference: name, positions: z.int().min(1), agreeing: count }).exactOptional(),
  /** The most that the engine held. */
  memory: z
    .object({
      weights: bytes.exactOptional(),
      keyValue: bytes.exactOptional(),
      scratch: bytes.exactOptional(),
      total: bytes,
    })
    .exactOptional(),
  frames: z
    .object({ frames: count, p50Ms: milliseconds, p95Ms: milliseconds, maxMs: milliseconds })
    .exactOptional()
    .describe('Intervals between the frames of an animated canvas while the engine worked.'),
  longTasks: z.object({ count, ms: milliseconds }).exactOptional().describe('Of the page’s main thread.'),
}

const samples = z.array(sampleSchema).max(LIMITS.samples)
const someSamples = samples.min(1)
const nothing = z.never().exactOptional()

/** One engine, model, test and depth. `reason` says why there is no number, or why it does not count. */
export const rowSchema = z.discriminatedUnion('status', [
  z.object({ ...cell, ...held, status: z.literal('measured'), samples: someSamples, derived: derivedSchema }),
  /** Faster than the device can be: shown with its numbers, and never counted. */
  z.object({ ...cell, ...held, status: z.literal('refused'), reason, samples: someSamples, derived: derivedSchema }),
  /** Ended by the user; what was measured until then. */
  z.object({ ...cell, ...held, status: z.literal('aborted'), reason, samples, derived: derivedSchema.exactOptional() }),
  z.object({ ...cell, ...held, status: z.literal('failed'), reason, samples, derived: nothing }),
  z.object({ ...cell, ...held, status: z.literal('not-available'), reason, samples: samples.max(0), derived: nothing }),
])

const index = z
  .int()
  .min(0)
  .max(LIMITS.rows - 1)
const sampleIndex = z
  .int()
  .min(0)
  .max(LIMITS.samples - 1)

/** Two rows of one model, test and depth whose samples were taken in turns. */
export const comparisonSchema = z.object({
  base: index.describe('Place in `rows` of the row that counts as 1.'),
  other: index.describe('Place in `rows`.'),
  pairs: z
    .array(z.tuple([sampleIndex, sampleIndex]))
    .max(LIMITS.samples)
    .describe('Places in the samples of `base` and of `other`.'),
  ratio: z
    .object({ median: rate, low: rate.exactOptional(), high: rate.exactOptional() })
    .exactOptional()
    .describe('Tokens per second of `other` by those of `base`, with its 95 % interval; absent where no pair is.'),
})
