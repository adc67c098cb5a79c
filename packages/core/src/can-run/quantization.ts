import type { Checkpoint } from '@sampan/engine'
import type { WeightBits } from '../backend.ts'
import { quantizationOf as quantizationInName } from '../hub/quantization-of.ts'

const FLOATS: ReadonlySet<string> = new Set(['F32', 'F16', 'BF16'])

/**
 * What most of a checkpoint's weights are when they run: what a GGUF file's name tells (`Q4_K_M`), else what most bytes of its matrices are
 * (`Q4_K`, `BF16`), or `4 bits` where floats are loaded so.
 */
export function quantizationOf(
  { tensors, format }: Pick<Checkpoint, 'tensors' | 'format'>,
  path: string | undefined,
  bits: WeightBits,
): string | undefined {
  const bytes = new Map<string, number>()
  for (const { type, shape, byteLength } of tensors.values())
    if (shape.length > 1) bytes.set(type, (bytes.get(type) ?? 0) + byteLength)
  const [most] = [...bytes].sort(([, a], [, b]) => b - a)
  if (!most) return undefined
  const [type] = most
  if (FLOATS.has(type)) return bits === 'source' ? type : `${bits} bits`
  return (format === 'gguf' && path !== undefined ? quantizationInName(path) : undefined) ?? type
}
