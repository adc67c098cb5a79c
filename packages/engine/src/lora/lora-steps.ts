import type { LayerContext } from '../decode/decoder-steps.ts'
import type { Step } from '../decode/step.ts'
import type { LoraVariant } from '../kernels/lora/lora.ts'
import type { LoraGroup } from './lora-plan.ts'

export interface LoraOperation {
  readonly layer: number
  readonly group: LoraGroup
  readonly x: GPUBuffer
  readonly xStride: number
  readonly y: GPUBuffer
  readonly yStride: number
  /** Of x before its norm, where the matrix fuses that: the product of A does the same. */
  readonly norm?: { readonly gain: GPUBuffer; readonly epsilon: number } | undefined
}

/** Tokens of a batch that share what is read of A and B. */
const batchBlock = 4

/** Whether any adapter in use changes this group of this layer. */
export const isAdapted = ({ adapters }: LayerContext, layer: number, group: LoraGroup): boolean =>
  adapters.some(({ weights }) => weights.layers[layer]?.has(group))

/** y += scale · B(A x) for each adapter in use, after y was written: two dispatches each, none where there are none. */
export async function loraSteps(context: LayerContext, operation: LoraOperation): Promise<Step[]> {
  const { builder, mode, route } = context
  const steps = context.adapters.map(({ weights, strength }) => {
    const factors = weights.layers[operation.layer]?.get(operation.group)
    if (!factors) return []
    const variant: LoraVariant = {
      kernel: route.matmul.kernel === 'lane' ? 'lane' : 'group',
      tokens: mode === 'decode' ? 1 : batchBlock,
      norm: operation.norm !== undefined,
    }
    const low = mode === 'decode' ? weights.lowOne : weights.lowMany
    return builder.lora({ ...operation, ...factors, variant, low, strength, constants: weights.constants })
  })
  return (await Promise.all(steps)).flat()
}
