import type { WeightBits } from '../engine-types.ts'
import { EngineError } from '../errors.ts'

export const weightBits: readonly WeightBits[] = [4, 8, 16, 'source']

/** @throws EngineError `option-invalid` for an option that is given and none of `known` */
export function checkOneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (value === undefined || known.includes(value)) return
  throw new EngineError('option-invalid', `${name} must be one of ${known.join(', ')}, not ${String(value)}.`, {
    [name]: value,
  })
}

/** @throws EngineError `option-invalid` */
export function checkBits(options: { readonly bits?: unknown; readonly embeddingBits?: unknown }): void {
  checkOneOf('bits', options.bits, weightBits)
  checkOneOf('embeddingBits', options.embeddingBits, weightBits)
}
