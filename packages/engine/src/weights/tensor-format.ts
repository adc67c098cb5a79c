import type { WeightBits } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import type { TensorInfo, TensorType } from '../formats/checkpoint.ts'
import { weightBits } from './check-bits.ts'
import { widerFormat } from './matrix-packer.ts'
import type { PlaneFormat } from './plane-format.ts'
import { planeFormatFor, vectorFormat } from './section.ts'

/**
 * What a matrix' tensor is on the GPU, before its values are known where it is not packed.
 * @throws EngineError `option-invalid` where it is packed to other bits than are asked for
 */
export function planeFormatOf({ name, type, packed }: TensorInfo, bits: WeightBits | 'packed'): PlaneFormat {
  if (packed === undefined) {
    if (bits === 'packed') throw new RangeError(`${name} is not packed`)
    return planeFormatFor(type, bits)
  }
  const { kind, scaleShift } = packed.tensor
  if (bits === 'packed' || formatsOf(type, bits).some((format) => isSame(format, packed.tensor)))
    return { kind, scaleShift }
  throw new EngineError(
    'option-invalid',
    `${name} is stored with ${kind.bits} bits, not as bits: ${bits} asks for. Load it without bits and embeddingBits, or download the model again to store it with others.`,
    { tensor: name, stored: kind.bits, asked: bits },
  )
}

/** Whether a tensor can have become planes of that format. */
export function canBecome({ type, shape }: TensorInfo, format: PlaneFormat): boolean {
  if (shape.length === 1) return isSame(vectorFormat, format)
  return weightBits.some((bits) => formatsOf(type, bits).some((possible) => isSame(possible, format)))
}

function formatsOf(type: TensorType, bits: WeightBits): PlaneFormat[] {
  const usual = planeFormatFor(type, bits)
  // What is kept as it is has no value that is too large for it.
  const wider = usual.kind.scale === 'none' && type !== 'F32' ? undefined : widerFormat(usual)
  return wider === undefined ? [usual] : [usual, wider]
}

const isSame = (a: PlaneFormat, b: PlaneFormat): boolean =>
  a.kind.bits === b.kind.bits && a.kind.scale === b.kind.scale && a.scaleShift === b.scaleShift
