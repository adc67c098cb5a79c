import type { Gpu } from '../device/gpu.ts'
import type { LoadEngineOptions, WeightBits } from '../engine-types.ts'
import type { Checkpoint, TensorInfo } from '../formats/checkpoint.ts'
import type { DecoderLayer, DecoderModel, Linear } from '../models/decoder.ts'
import { type LoadedWeights, type Matrix, WeightLoader } from '../weights/weight-loader.ts'

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

const defaultBits = 4

/**
 * Streams a model's weights to the GPU: fused as the kernels want them, quantised as the options say. `onAllocated` gets the
 * same before it is filled; its sections' formats may still change (`WeightLoader`).
 */
export async function loadModelWeights(
  gpu: Gpu,
  checkpoint: Checkpoint,
  model: DecoderModel,
  { bits = defaultBits, embeddingBits = widest(bits), signal, onProgress }: LoadEngineOptions,
  onAllocated: (weights: ModelWeights) => void,
): Promise<ModelWeights> {
  const loader = new WeightLoader(gpu)
  const tensor = (name: string): TensorInfo => {
    const found = checkpoint.tensors.get(name)
    if (!found) throw new Error(`tensor '${name}' was not checked`)
    return found
  }
  const tied = model.head === model.embedding
  const matrix = (
    label: string,
    parts: readonly Linear[],
    arrangement: 'stacked' | 'paired',
    width: WeightBits,
  ): void => {
    loader.addMatrix(label, { tensors: parts.map(({ weight }) => tensor(weight)), arrangement, bits: width })
  }
  const vector = (label: string, names: readonly string[]): void => loader.addVector(label, names.map(tensor))

  matrix('embedding', [model.embedding], 'stacked', embeddingBits)
  if (!tied) matrix('head', [model.head], 'stacked', embeddingBits)
  vector('finalNorm', [model.finalNorm])
  model.layers.forEach((layer, index) => {
    addLayer(layer, (name) => `layers.${index}.${name}`, matrix, vector, bits)
  })

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

function addLayer(
  { inputNorm, attention, postAttentionNorm, mlp }: DecoderLayer,
  label: (name: string) => string,
  matrix: (label: string, parts: readonly Linear[], arrangement: 'stacked' | 'paired', bits: WeightBits) => void,
  vector: (label: string, names: readonly string[]) => void,
  bits: WeightBits,
): void {
  const { query, key, value, output, headNorms } = attention
  vector(label('inputNorm'), [inputNorm])
  matrix(label('queryKeyValue'), [query, key, value], 'stacked', bits)
  const biases = [query.bias, key.bias, value.bias].filter((name) => name !== undefined)
  if (biases.length === 3) vector(label('queryKeyValueBias'), biases)
  if (headNorms) vector(label('headNorms'), [headNorms.query, headNorms.key])
  matrix(label('output'), [output], 'stacked', bits)
  if (output.bias !== undefined) vector(label('outputBias'), [output.bias])
  vector(label('postAttentionNorm'), [postAttentionNorm])
  matrix(label('gateUp'), [mlp.gate, mlp.up], 'paired', bits)
  matrix(label('down'), [mlp.down], 'stacked', bits)
}

/** Embedding and head suffer most from few bits: 8, or as many as the matrices have. */
function widest(bits: WeightBits): WeightBits {
  return bits === 4 ? 8 : bits
}
