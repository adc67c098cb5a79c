import { z } from 'zod'
import type { EngineCounters, EngineMemory, RunSample } from '../engines/bench-engine.ts'
import { BenchError } from '../errors.ts'
import { PAGE_PROTOCOL, type PageAnswer, type PageFacts, type PageOpened } from '../page/page-calls.ts'
import { identitySchema } from '../result/engine-schema.ts'
import { bytes, count, milliseconds, rate } from '../result/fields.ts'
import { LIMITS } from '../result/limits.ts'
import { resultSchema } from '../result/result-schema.ts'
import type { Roofline } from '../result/result-types.ts'

// Pages may be of another checkout: what they say is looked at before it is believed.

const answer = z.union([
  z.object({ hidden: z.boolean(), ok: z.literal(true), value: z.unknown() }),
  z.object({ hidden: z.boolean(), ok: z.literal(false), code: z.string().optional(), message: z.string() }),
])

const times = z.array(milliseconds).max(LIMITS.tokens)
const ids = z.array(count).max(LIMITS.tokens)

const sample = z.object({
  tokenTimes: times,
  coalesced: z.boolean().exactOptional(),
  engineTimes: times.exactOptional(),
  tokens: ids.exactOptional(),
  reused: count.exactOptional(),
  promptTokens: count,
  gpuMs: milliseconds.exactOptional(),
})

const cannot = z.string().exactOptional()
const opened = z.object({
  identity: identitySchema,
  cannot: z.object({ reuse: cannot, 'token-ids': cannot, 'ignore-end': cannot, 'next-tokens': cannot }),
})

const counters = z
  .object({ dispatches: rate, submits: rate, bindGroups: rate, readbacks: rate, readbackBytes: rate })
  .optional()

const memory = z
  .object({
    weights: bytes.exactOptional(),
    keyValue: bytes.exactOptional(),
    scratch: bytes.exactOptional(),
    total: bytes,
  })
  .optional()

const facts = z.object({
  protocol: z.number(),
  machine: resultSchema.shape.machine,
  conditions: resultSchema.shape.conditions,
})

function read<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BenchError(
    'engine-misbehaved',
    `The page's ${what} are not as they must be: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
  )
}

export function readAnswer(value: unknown): PageAnswer {
  const { hidden, ...rest } = read(answer, value, 'words')
  return rest.ok ? { hidden, ok: true, value: rest.value } : { ...rest, hidden, code: rest.code }
}

export function readFacts(value: unknown): PageFacts {
  const told = read(facts, value, 'facts')
  if (told.protocol === PAGE_PROTOCOL) return told
  throw new BenchError(
    'engine-misbehaved',
    `The page is driven in another way (${told.protocol}, not ${PAGE_PROTOCOL}).`,
  )
}

export const readOpened = (value: unknown): PageOpened => read(opened, value, 'facts about its model')
export const readSample = (value: unknown): RunSample => read(sample, value, 'times')
export const readTokens = (value: unknown): readonly number[] => read(ids, value, 'tokens')
export const readCounters = (value: unknown): EngineCounters | undefined => read(counters, value, 'counters')
export const readMemory = (value: unknown): EngineMemory | undefined => read(memory, value, 'bytes')
export const readRoofline = (value: unknown): Roofline | undefined =>
  read(resultSchema.shape.roofline.unwrap().optional(), value, 'measurements of the device')
