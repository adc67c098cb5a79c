import type { MatmulVariant } from '../kernels/matmul/matmul.ts'
import type { Decoder } from './decoder.ts'
import type { Step } from './step.ts'

/** logits[token] = head · norm(x[token]): for one token in decode, for a few rows when scoring. */
export async function headSteps(
  decoder: Decoder,
  mode: 'decode' | 'score',
  x: GPUBuffer,
  normed: GPUBuffer,
  logits: GPUBuffer,
): Promise<Step[]> {
  const { builder, config, weights, route, one } = decoder
  const { hidden } = one.strides
  const target = {
    matrix: weights.head,
    epilogue: 'store',
    xStride: hidden,
    y: logits,
    yStride: config.vocabularySize,
  } as const
  const gain = weights.finalNorm
  if (mode === 'decode' && route.fuseNorm) {
    return builder.matmul({
      ...target,
      variant: route.matvec(hidden, true),
      x,
      norm: { gain, epsilon: config.normEpsilon },
    })
  }
  const variant: MatmulVariant = mode === 'decode' ? route.matvec(hidden, false) : route.matmul
  return [
    await builder.norm(x, gain, normed, config.hiddenSize, hidden, config.normEpsilon),
    ...(await builder.matmul({ ...target, variant, x: normed })),
  ]
}
