import { z } from 'zod'
import type { EngineName } from '../engines/bench-engine.ts'
import { bytes, count, line, milliseconds, name, rate } from './fields.ts'
import { LIMITS } from './limits.ts'

export const engineNames = [
  'sampan',
  'sampan-dawn',
  'web-llm',
  'wllama',
  'wllama-webgpu',
  'transformers',
  'openai-compatible',
] as const satisfies readonly EngineName[]

export const engineName = z.enum(engineNames)

export const adapterSchema = z
  .object({
    vendor: line(),
    architecture: line(),
    description: line(),
    software: z.boolean(),
    features: z.array(name).max(LIMITS.features),
  })
  .meta({ id: 'adapter', description: 'What WebGPU tells of the GPU.' })

export const loadPhases = z.array(z.object({ phase: name, ms: milliseconds })).max(LIMITS.phases)

/** `EngineIdentity`, as the adapter told it when the model was opened for the first time. */
export const identitySchema = z
  .object({
    version: name,
    commit: name.exactOptional(),
    device: z.enum(['gpu', 'cpu', 'server']),
    adapter: adapterSchema.exactOptional(),
    threads: count.exactOptional(),
    model: z.object({
      architecture: name.exactOptional(),
      parameters: count.exactOptional(),
      prefillParameters: count.exactOptional(),
      weightBytes: bytes.exactOptional(),
      bitsPerWeight: z.number().min(0).max(64).exactOptional(),
      quantization: name.exactOptional(),
      hash: name.exactOptional(),
      keyValueBytesPerToken: bytes.exactOptional(),
      vocabularySize: count.exactOptional(),
    }),
    load: loadPhases,
  })
  .meta({
    id: 'identity',
    description: 'An engine and the model it opened, as it tells them; what it does not tell is absent.',
  })

export const engineSchema = z.object({
  engine: engineName,
  build: name.exactOptional().describe('Of two builds of one engine in a run: a commit, a branch, a version.'),
  model: name,
  source: line(LIMITS.source).exactOptional(),
  identity: identitySchema,
})

/** Medians are those of the samples beside them. */
export const measurementSchema = z
  .object({
    median: rate,
    samples: z.array(rate).min(1).max(LIMITS.probeSamples),
  })
  .meta({ id: 'measurement', description: 'Numbers and their median.' })
