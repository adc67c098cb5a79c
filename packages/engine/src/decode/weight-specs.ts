import type { WeightBits } from '../engine-types.ts'
import type { Checkpoint, TensorInfo } from '../formats/checkpoint.ts'
import type { DecoderLayer, DecoderModel, Linear } from '../models/decoder.ts'
import type { PackBits } from '../packed/packed-types.ts'
import type { MatrixSpec } from '../weights/matrix-plan.ts'

/** What a model has on the GPU, by label, before anything is known of a device: fused as the kernels want it. */
export interface WeightSpecs {
  readonly matrices: ReadonlyMap<string, MatrixSpec>
  /** Vectors that follow each other in one buffer. */
  readonly vectors: ReadonlyMap<string, readonly TensorInfo[]>
}

const defaultBits = 4

/** @param model as `describeModel` found it in the checkpoint: every tensor is there */
export function weightSpecs(checkpoint: Checkpoint, model: DecoderModel, asked: PackBits): WeightSpecs {
  const matrices = new Map<string, MatrixSpec>()
  const vectors = new Map<string, readonly TensorInfo[]>()
  const tensor = (name: string): TensorInfo => {
    const found = checkpoint.tensors.get(name)
    if (!found) throw new Error(`tensor '${name}' was not checked`)
    return found
  }
  const add: AddSpecs = {
    matrix: (label, parts, arrangement, bits) => {
      matrices.set(label, { tensors: parts.map(({ weight }) => tensor(weight)), arrangement, bits })
    },
    vector: (label, names) => {
      vectors.set(label, names.map(tensor))
    },
  }
  const bits = asked.bits ?? (isPacked(checkpoint) ? 'packed' : defaultBits)
  const embeddingBits = asked.embeddingBits ?? widest(bits)
  add.matrix('embedding', [model.embedding], 'stacked', embeddingBits)
  if (model.head !== model.embedding) add.matrix('head', [model.head], 'stacked', embeddingBits)
  add.vector('finalNorm', [model.finalNorm])
  for (const [index, layer] of model.layers.entries()) addLayer(layer, (name) => `layers.${index}.${name}`, add, bits)
  return { matrices, vectors }
}

interface AddSpecs {
  matrix(
    label: string,
    parts: readonly Linear[],
    arrangement: MatrixSpec['arrangement'],
    bits: MatrixSpec['bits'],
  ): void
  vector(label: string, names: readonly string[]): void
}

function addLayer(
  { inputNorm, attention, postAttentionNorm, mlp }: DecoderLayer,
  label: (name: string) => string,
  { matrix, vector }: AddSpecs,
  bits: MatrixSpec['bits'],
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

const isPacked = ({ tensors }: Checkpoint): boolean => [...tensors.values()].some(({ packed }) => packed !== undefined)

/** Embedding and head suffer most from few bits: 8, or as many as the matrices have. */
function widest(bits: WeightBits | 'packed'): WeightBits | 'packed' {
  return bits === 4 ? 8 : bits
}
