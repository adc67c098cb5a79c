import type { Gpu } from '../device/gpu.ts'
import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { isRotated } from '../formats/gguf/names.ts'
import type { LoraAdapter } from '../formats/lora/lora-adapter.ts'
import type { LoraShape } from '../kernels/lora/lora.ts'
import type { DecoderModel } from '../models/decoder.ts'
import { streamTensors } from '../weights/stream-tensors.ts'
import { layoutFactors } from './factor-layout.ts'
import { FactorSink } from './factor-sink.ts'
import { LoraConstants } from './lora-constants.ts'
import { type LoraGroup, type LoraPlan, planLora } from './lora-plan.ts'

/** Writes that may wait for a submit: some browsers keep a copy of each until then. */
const uploadBytesPerSubmit = 32 * 1024 * 1024

export interface LoraFactors {
  readonly shape: LoraShape
  /** A and B, as `layoutFactors` lays them out. */
  readonly buffer: GPUBuffer
}

/** An adapter on the GPU. */
export interface LoraWeights {
  readonly layers: readonly ReadonlyMap<LoraGroup, LoraFactors>[]
  /** A x of one token and of a batch, of whichever group is computed. */
  readonly lowOne: GPUBuffer
  readonly lowMany: GPUBuffer
  readonly buffers: readonly GPUBuffer[]
  readonly constants: LoraConstants
}

/**
 * Brings an adapter's A and B to the GPU (class `weights`), as they are. On a failure what was allocated is released again.
 * @throws EngineError `adapter-mismatch`, `tensor-values-invalid`, `tensor-shape-mismatch`, `file-truncated`, `device-*`; whatever
 *   the byte source throws; the signal's reason
 */
export async function uploadLora(
  gpu: Gpu,
  adapter: LoraAdapter,
  model: DecoderModel,
  batchTokens: number,
  signal: AbortSignal,
): Promise<LoraWeights> {
  const buffers: GPUBuffer[] = []
  const allocate = (kind: 'weights' | 'activations', label: string, words: number): GPUBuffer => {
    const buffer = gpu.storage(kind, label, words)
    buffers.push(buffer)
    return buffer
  }
  try {
    const sinks: FactorSink[] = []
    const plan = planLora(adapter, model)
    const weights = await refusable(gpu, adapter.name, async () => {
      const layers = layersOf(gpu, adapter, plan, allocate, sinks, model.config.headSize)
      const most = Math.max(...layers.flatMap((groups) => [...groups.values()].map(({ shape }) => 4 * shape.rowChunks)))
      const lowOne = allocate('activations', 'lora low', most)
      const lowMany = allocate('activations', 'lora low of a batch', batchTokens * most)
      return { layers, lowOne, lowMany, buffers, constants: new LoraConstants(gpu) }
    })
    await refusable(gpu, adapter.name, () => upload(gpu, sinks, signal))
    signal.throwIfAborted()
    return weights
  } catch (error) {
    for (const buffer of buffers) gpu.ledger.release(buffer)
    throw error
  }
}

async function upload(gpu: Gpu, sinks: readonly FactorSink[], signal: AbortSignal): Promise<void> {
  let waiting = 0
  await streamTensors(sinks, {
    signal,
    onRead: async (bytes) => {
      waiting += bytes
      if (waiting < uploadBytesPerSubmit) return
      waiting = 0
      await submitted(gpu)
    },
  })
  await submitted(gpu)
}

/** Does `work`. What the device refuses meanwhile is an error of this, and no end of the engine: it can do without the adapter. */
async function refusable<T>(gpu: Gpu, adapter: string, work: () => Promise<T>): Promise<T> {
  const { device } = gpu
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const done = await Promise.allSettled([work()])
  // A device that is lost says so elsewhere.
  const scopes = await Promise.allSettled([device.popErrorScope(), device.popErrorScope()])
  const [exhausted, refused] = scopes.map((scope) => (scope.status === 'fulfilled' ? scope.value : null))
  if (exhausted)
    throw new EngineError(
      'device-out-of-memory',
      `The GPU has not enough memory for the adapter ${adapter}; the model stays as it was. Take off other adapters, close other tabs, or use an adapter of a lower rank.`,
      { adapter },
    )
  if (refused)
    throw new EngineError(
      'device-validation-failed',
      `The GPU refused the adapter ${adapter}, which is a fault of Sampan: ${refused.message}`,
      { adapter },
    )
  const [result] = done
  if (result.status === 'rejected') throw result.reason
  return result.value
}

async function submitted(gpu: Gpu): Promise<void> {
  gpu.device.queue.submit([])
  await gpu.idle()
}

function layersOf(
  gpu: Gpu,
  { name: adapterName, interleavedRope }: LoraAdapter,
  { type, layers }: LoraPlan,
  allocate: (kind: 'weights', label: string, words: number) => GPUBuffer,
  sinks: FactorSink[],
  headSize: number,
): LoraWeights['layers'] {
  return layers.map((groups, index) => {
    const factors = new Map<LoraGroup, LoraFactors>()
    for (const [name, group] of groups) {
      const { shape, places, words } = layoutFactors(type, group)
      const buffer = allocate('weights', `layers.${index}.${name}.lora`, words)
      factors.set(name, { shape, buffer })
      for (const [i, { target }] of group.parts.entries()) {
        const place = places[i]
        if (!place) throw new Error(`part ${i} has no place`)
        const rotated = interleavedRope && isRotated(target.name)
        const b: TensorInfo = rotated ? { ...target.b, interleavedRopeHeadSize: headSize } : target.b
        sinks.push(new FactorSink(gpu, target.a, { adapter: adapterName, buffer, type, ...place.a }))
        sinks.push(new FactorSink(gpu, b, { adapter: adapterName, buffer, type, ...place.b }))
      }
    }
    return factors
  })
}
