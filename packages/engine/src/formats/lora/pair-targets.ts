import { EngineError } from '../../errors.ts'
import type { TensorInfo, TensorType } from '../checkpoint.ts'
import { maximumAdapterRank, maximumAdapterScale, maximumAdapterTargets } from './limits.ts'
import type { LoraTarget } from './lora-adapter.ts'

/** What an adapter's file may hold: what PEFT and llama.cpp's converter write. */
const adapterTypes: readonly TensorType[] = ['F32', 'F16', 'BF16', 'Q8_0']

/** One tensor of an adapter's file, told apart by its name. */
export interface LoraPart {
  /** Canonical name of the matrix that it changes. */
  readonly target: string
  readonly side: 'a' | 'b'
  readonly tensor: TensorInfo
}

/** Puts A and B of every matrix together. `scaleOf` gives alpha over what the rank makes of it. */
export function pairTargets(
  fileName: string,
  parts: Iterable<LoraPart>,
  scaleOf: (target: string, rank: number) => number,
): Map<string, LoraTarget> {
  const found = new Map<string, { a?: TensorInfo; b?: TensorInfo }>()
  for (const { target, side, tensor } of parts) {
    const pair = found.get(target) ?? {}
    if (pair[side]) throw malformed(fileName, `two tensors for ${side.toUpperCase()} of ${target}`, target)
    if (!adapterTypes.includes(tensor.type))
      throw new EngineError(
        'format-unsupported',
        `${fileName}: ${tensor.name} has element type ${tensor.type}. Use an adapter in ${adapterTypes.join(', ')}.`,
        { name: fileName, tensor: tensor.name, type: tensor.type },
      )
    found.set(target, { ...pair, [side]: tensor })
    if (found.size > maximumAdapterTargets)
      throw new EngineError('file-limit-exceeded', `${fileName} changes more than ${maximumAdapterTargets} matrices.`, {
        name: fileName,
        limit: maximumAdapterTargets,
      })
  }
  if (found.size === 0) throw malformed(fileName, 'no LoRA tensors', undefined)
  const targets = new Map<string, LoraTarget>()
  for (const [name, { a, b }] of found) {
    if (!a || !b) throw malformed(fileName, `only one of A and B of ${name}`, name)
    targets.set(name, paired(fileName, name, a, b, scaleOf))
  }
  return targets
}

function paired(
  fileName: string,
  name: string,
  a: TensorInfo,
  b: TensorInfo,
  scaleOf: (target: string, rank: number) => number,
): LoraTarget {
  const rank = a.shape[0] ?? 0
  if (a.shape.length !== 2 || b.shape.length !== 2 || b.shape[1] !== rank)
    throw malformed(
      fileName,
      `A [${a.shape.join(', ')}] and B [${b.shape.join(', ')}] of ${name}, which do not go together`,
      name,
    )
  if (rank > maximumAdapterRank)
    throw new EngineError(
      'file-limit-exceeded',
      `${fileName}: the rank ${rank} of ${name} is more than the ${maximumAdapterRank} that this engine allows.`,
      { name: fileName, tensor: name, rank, limit: maximumAdapterRank },
    )
  const scale = scaleOf(name, rank)
  if (!(Math.abs(scale) <= maximumAdapterScale))
    throw malformed(fileName, `a scale of ${scale} for ${name}, which is not within ±${maximumAdapterScale}`, name)
  return { name, rank, a, b, scale }
}

function malformed(fileName: string, problem: string, tensor: string | undefined): EngineError {
  return new EngineError(
    'file-malformed',
    `${fileName} has ${problem}: the adapter is damaged or of another kind. Download it again or use another.`,
    { name: fileName, ...(tensor !== undefined && { tensor }) },
  )
}
