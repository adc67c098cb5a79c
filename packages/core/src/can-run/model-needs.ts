import { type Checkpoint, type GpuTraits, planGpuBytes } from '@sampan/engine'
import type { WeightBits } from '../backend.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { GpuFacts } from './browser-facts.ts'
import { cpuNeeds } from './cpu-needs.ts'
import type { Needs } from './facts.ts'
import { quantizationOf } from './quantization.ts'

/** Of the engine's options. */
const DEFAULT_BITS = 4

export interface ModelNeeds {
  readonly architecture: string
  readonly sampan?: Needs
  /** Of GGUF. */
  readonly wllama?: Needs
}

type NeedOptions = Pick<WorkerLoadOptions, 'bits' | 'embeddingBits' | 'contextLength' | 'prefixCacheBytes'>

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
  return {
    architecture: config.architecture,
    ...(gpu.traits && { sampan: gpuNeeds(described, options, gpu.traits) }),
    ...(format === 'gguf' && {
      wllama: withQuantization(cpuNeeds(config, described.fileBytes, options.contextLength), described, 'source'),
    }),
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
