import {
  type Checkpoint,
  checkLora,
  EngineError,
  type GpuPlanOptions,
  type GpuTraits,
  planGpuBytes,
} from '@sampan/engine'
import type { WeightBits } from '../backend.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { GpuFacts } from './browser-facts.ts'
import { cpuNeeds } from './cpu-needs.ts'
import type { Failure, Needs } from './facts.ts'
import { quantizationOf } from './quantization.ts'

/** Of the engine's options. */
const DEFAULT_BITS = 4

export interface ModelNeeds {
  readonly architecture: string
  readonly sampan?: Needs
  /** Of GGUF. */
  readonly wllama?: Needs
}

export type NeedOptions = Pick<WorkerLoadOptions, 'bits' | 'embeddingBits' | 'contextLength' | 'prefixCacheBytes'> &
  Pick<GpuPlanOptions, 'outlines'>

/** A checkpoint, of which only what describes it has been read. */
export interface Described {
  readonly checkpoint: Checkpoint
  /** Of all its files. */
  readonly fileBytes: number
  /** Of the first, for what its name tells. */
  readonly path: string | undefined
}

/**
 * What a checkpoint takes of this machine on each backend.
 * @throws EngineError when its tensors are not those of its architecture
 */
export function needsOf(described: Described, options: NeedOptions, gpu: GpuFacts): ModelNeeds {
  const { config, format } = described.checkpoint
  const mismatch = mismatchOf(described.checkpoint, options)
  return {
    architecture: config.architecture,
    ...(mismatch
      ? { sampan: { kind: 'failure', failure: mismatch } }
      : gpu.traits && { sampan: gpuNeeds(described, options, gpu.traits) }),
    ...(format === 'gguf' && {
      wllama: withQuantization(cpuNeeds(config, described.fileBytes, options.contextLength), described, 'source'),
    }),
  }
}

/** Of an adapter that was made for another model. */
function mismatchOf(checkpoint: Checkpoint, { outlines = [] }: NeedOptions): Failure | undefined {
  try {
    checkLora(checkpoint, outlines)
    return undefined
  } catch (error) {
    if (!EngineError.isInstance(error) || error.code !== 'adapter-mismatch') throw error
    const { code, message, details } = error
    return { code, message, details }
  }
}

function gpuNeeds(described: Described, options: NeedOptions, traits: GpuTraits): Needs {
  const { afterLoad, atFullContext, contextLength, problems } = planGpuBytes(described.checkpoint, options, traits)
  const [problem] = problems
  if (problem) return { kind: 'failure', failure: problem }
  const needs: Needs = { kind: 'needs', bytes: afterLoad.total, fullBytes: atFullContext, contextLength }
  return withQuantization(needs, described, options.bits ?? DEFAULT_BITS)
}

function withQuantization(needs: Needs, { checkpoint, path }: Described, bits: WeightBits): Needs {
  const quantization = quantizationOf(checkpoint, path, bits)
  return needs.kind === 'failure' || quantization === undefined ? needs : { ...needs, quantization }
}
