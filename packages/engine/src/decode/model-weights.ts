import type { Gpu } from '../device/gpu.ts'
import type { LoadEngineOptions } from '../engine-types.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import type { DecoderModel } from '../models/decoder.ts'
import { type LoadedWeights, type Matrix, WeightLoader } from '../weights/weight-loader.ts'
import { weightSpecs } from './weight-specs.ts'

export interface LayerWeights {
  readonly inputNorm: GPUBuffer
  readonly queryKeyValue: Matrix
  readonly queryKeyValueBias: GPUBuffer | undefined
  /** Gains of the query heads' norm, then of the key heads'. */
  readonly headNorms: GPUBuffer | undefined
  readonly output: Matrix
  readonly outputBias: GPUBuffer | undefined
  readonly postAttentionNorm: GPUBuffer
  /** Gate and up projections, paired. */
  readonly gateUp: Matrix
  readonly down: Matrix
}

export interface ModelWeights {
  readonly embedding: Matrix
  readonly layers: readonly LayerWeights[]
  readonly finalNorm: GPUBuffer
  readonly head: Matrix
}

/**
 * Streams a model's weights to the GPU: fused as the kernels want them, quantised as the options say. `onAllocated` gets the
 * same before it is filled; its sections' formats may still change (`WeightLoader`).
 */
export async function loadModelWeights(
  gpu: Gpu,
  checkpoint: Checkpoint,
  model: DecoderModel,
  { bits, embeddingBits, signal, onProgress }: LoadEngineOptions,
  onAllocated: (weights: ModelWeights) => void,
): Promise<ModelWeights> {
  const loader = new WeightLoader(gpu)
  const { matrices, vectors } = weightSpecs(checkpoint, model, { bits, embeddingBits })
  for (const [label, spec] of matrices) loader.addMatrix(label, spec)
  for (const [label, tensors] of vectors) loader.addVector(label, tensors)
  const loaded = await loader.load({
    signal,
    onProgress: (done, total) => onProgress?.({ phase: 'weights', loaded: done, total }),
    onAllocated: (weights) => onAllocated(byRole(model, weights)),
  })
  return byRole(model, loaded)
}

function byRole(model: DecoderModel, { matrices, vectors }: LoadedWeights): ModelWeights {
  const required = <T>(map: ReadonlyMap<string, T>, label: string): T => {
    const value = map.get(label)
    if (value === undefined) throw new Error(`'${label}' was not loaded`)
    return value
  }
  return {
    embedding: required(matrices, 'embedding'),
    head: required(matrices, model.head === model.embedding ? 'embedding' : 'head'),
    finalNorm: required(vectors, 'finalNorm'),
    layers: model.layers.map((_, index) => {
      const label = (name: string): string => `layers.${index}.${name}`
      return {
        inputNorm: required(vectors, label('inputNorm')),
        queryKeyValue: required(matrices, label('queryKeyValue')),
        queryKeyValueBias: vectors.get(label('queryKeyValueBias')),
        headNorms: vectors.get(label('headNorms')),
        output: required(matrices, label('output')),
        outputBias: vectors.get(label('outputBias')),
        postAttentionNorm: required(vectors, label('postAttentionNorm')),
        gateUp: required(matrices, label('gateUp')),
        down: required(matrices, label('down')),
      }
    }),
  }
}
