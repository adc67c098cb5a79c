import { z } from 'zod'
import { adapterSchema, engineSchema, measurementSchema } from './engine-schema.ts'
import { bytes, count, line, milliseconds, name, reason } from './fields.ts'
import { LIMITS } from './limits.ts'
import { comparisonSchema, rowSchema, testName } from './row-schema.ts'

/**
 * Of the format. A minor version adds fields, which readers of older ones pass over; whatever else changes, new members of closed sets
 * too, makes a new major one.
 */
export const SCHEMA = 'sampan-bench/1'

const machineSchema = z.object({
  runtime: z.object({ kind: z.enum(['browser', 'node', 'simulation']), name, version: name.exactOptional() }),
  userAgent: line(LIMITS.source).exactOptional(),
  os: z.object({ name, version: name.exactOptional() }).exactOptional(),
  cores: count.exactOptional(),
  deviceMemoryGiB: z.number().min(0).max(1e6).exactOptional(),
  mobile: z.boolean().exactOptional(),
  declaredGpu: name.exactOptional().describe('By the user: browsers do not tell.'),
  adapter: adapterSchema.exactOptional().describe('The one that WebGPU gives here, asked once.'),
})

const conditionsSchema = z.object({
  timerResolutionMs: milliseconds.describe('The smallest step that the clock was seen to make.'),
  crossOriginIsolated: z.boolean().exactOptional(),
  developerFeatures: z.boolean().exactOptional(),
  visibility: z.enum(['visible', 'hidden']).exactOptional().describe('Of the page when the run began.'),
})

const side = z.int().min(1).max(1_000_000)
const probes = <Entry extends z.ZodType>(entry: Entry) => z.array(entry).max(LIMITS.probes)

/** What the device can do, measured in the same run. */
const rooflineSchema = z.object({
  adapter: adapterSchema.exactOptional(),
  copy: probes(z.object({ bytes, gigabytesPerSecond: measurementSchema })).describe(
    '`bytes` are touched again and again; both the bytes read and those written count.',
  ),
  gemm: probes(
    z.object({ type: z.enum(['f32', 'f16', 'int-dot']), m: side, n: side, k: side, gigaflops: measurementSchema }),
  ),
  matvec: probes(
    z.object({
      type: z.enum(['f32', 'f16', 'int-dot']),
      rows: side,
      columns: side,
      gigabytesPerSecond: measurementSchema,
    }),
  ),
  emptyDispatchUs: measurementSchema.exactOptional(),
  submitUs: measurementSchema.exactOptional(),
  mapAsyncMs: measurementSchema.exactOptional(),
  notAvailable: probes(z.object({ what: name, reason })),
})

const suiteSchema = z.object({
  name: z.enum(['quick', 'standard', 'depth', 'custom']),
  version: name,
  seed: count.describe('Of the random tokens.'),
  tests: z.array(z.object({ test: testName, depth: count })).max(LIMITS.rows),
  minimum: z.object({ samples: z.int().min(1).max(LIMITS.samples), ms: milliseconds }),
})

export const resultSchema = z
  .object({
    schema: z.string().regex(/^sampan-bench\/1(\.[0-9]{1,4})?$/, 'is no version of this format'),
    runId: name,
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime(),
    aborted: z.boolean().describe('True where the user ended it early.'),
    harness: z.object({ version: name, commit: name.exactOptional() }),
    suite: suiteSchema,
    machine: machineSchema,
    conditions: conditionsSchema,
    roofline: rooflineSchema.exactOptional(),
    engines: z.array(engineSchema).max(LIMITS.engines),
    rows: z.array(rowSchema).max(LIMITS.rows),
    comparisons: z.array(comparisonSchema).max(LIMITS.comparisons),
    configuration: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'is not 16 hexadecimal digits')
      .describe(
        'Names what was measured on what: equal where suite, machine, engines and models are. No protection against forgery.',
      ),
    note: reason.exactOptional().describe('By the user.'),
  })
  .meta({
    title: 'A result of Sampan’s harness',
    description: 'Tokens per second of models in browsers: all samples, and what follows from them.',
  })
