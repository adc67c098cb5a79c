import { weightSpecs } from '../decode/weight-specs.ts'
import type { Checkpoint, TensorInfo } from '../formats/checkpoint.ts'
import { describeModel } from '../models/registry.ts'
import type { PlaneFormat } from '../weights/plane-format.ts'
import { vectorFormat } from '../weights/section.ts'
import { planeFormatOf } from '../weights/tensor-format.ts'
import { matrixShape, type TensorRows, vectorShape } from '../weights/tensor-shape.ts'
import type { PackBits } from './packed-types.ts'

/** A tensor that the model uses, and what becomes of it. */
export interface UsedTensor {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  readonly vector: boolean
  /** Unless a value is too large for it. */
  readonly format: PlaneFormat
}

/**
 * The tensors that the checkpoint's model uses, in the order of the checkpoint's files.
 * @throws EngineError as `describeModel`; `tensor-shape-mismatch`, `format-unsupported`
 */
export function usedTensors(checkpoint: Checkpoint, bits: PackBits): UsedTensor[] {
  const { matrices, vectors } = weightSpecs(checkpoint, describeModel(checkpoint), bits)
  const used = new Map<string, UsedTensor>()
  for (const spec of matrices.values())
    for (const tensor of spec.tensors) {
      const format = planeFormatOf(tensor, spec.bits)
      used.set(tensor.name, { tensor, shape: matrixShape(tensor), vector: false, format })
    }
  for (const tensor of [...vectors.values()].flat())
    used.set(tensor.name, { tensor, shape: vectorShape(tensor), vector: true, format: vectorFormat })
  return [...checkpoint.tensors.keys()].flatMap((name) => used.get(name) ?? [])
}

/** The same as it is in its own files, whatever it is packed to. */
export function unpacked(checkpoint: Checkpoint): Checkpoint {
  const tensors = [...checkpoint.tensors].map(([name, { packed: _, ...tensor }]) => [name, tensor] as const)
  return { ...checkpoint, tensors: new Map(tensors) }
}
