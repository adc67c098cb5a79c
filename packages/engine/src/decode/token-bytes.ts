import type { TokenBytes } from '../engine-types.ts'
import type { Matrix } from '../weights/weight-loader.ts'
import type { KeyValueCache } from './key-value-cache.ts'
import type { ModelWeights } from './model-weights.ts'

/** Norms and biases, a few kilobytes a layer, are left out. */
export function tokenBytes({ layers, head }: ModelWeights, cache: KeyValueCache): TokenBytes {
  const bytes = (matrix: Matrix): number => matrix.parts.reduce((sum, { buffer }) => sum + buffer.size, 0)
  const weights = layers.reduce(
    (sum, { queryKeyValue, output, gateUp, down }) =>
      sum + bytes(queryKeyValue) + bytes(output) + bytes(gateUp) + bytes(down),
    bytes(head),
  )
  return { weights, keyValue: cache.tokenBytes }
}
