import type { ModelConfig } from '../formats/checkpoint.ts'
import type { AttentionShape } from '../kernels/attention/attention.ts'
import type { MatmulVariant } from '../kernels/matmul/matmul.ts'
import type { RopeShape } from '../kernels/rope/rope-append.ts'
import type { Matrix } from '../weights/weight-loader.ts'
import type { KeyValueCache, LayerCache } from './key-value-cache.ts'
import type { LayerWeights } from './model-weights.ts'
import type { Route } from './route.ts'
import type { Step } from './step.ts'
import type { StepBuilder } from './step-builder.ts'
import type { Workspace } from './workspace.ts'

export interface LayerContext {
  readonly builder: StepBuilder
  readonly config: ModelConfig
  readonly route: Route
  readonly workspace: Workspace
  readonly cache: KeyValueCache
  readonly keyValueType: 'f16' | 'f32'
  /** One token a step from the sampler's state, or a batch. */
  readonly mode: 'decode' | 'prefill'
}

export function attentionShape(
  context: Pick<LayerContext, 'config' | 'route' | 'keyValueType' | 'mode'>,
): AttentionShape {
  const { config, route, keyValueType, mode } = context
  return {
    heads: config.headCount,
    keyValueHeads: config.keyValueHeadCount,
    headSize: config.headSize,
    keyValueType,
    kernel: route.attention,
    split: mode === 'decode',
  }
}

/** The dispatches of one decoder layer: x += attention(norm(x)); x += mlp(norm(x)). */
export async function layerSteps(context: LayerContext, weights: LayerWeights, cache: LayerCache): Promise<Step[]> {
  const { builder, config, workspace, keyValueType, mode } = context
  const { strides, batch, x, queryKeyValue, query, attended, gated } = workspace
  const rope: RopeShape = {
    heads: config.headCount,
    keyValueHeads: config.keyValueHeadCount,
    headSize: config.headSize,
    keyValueType,
    norm: weights.headNorms !== undefined,
    batch: mode === 'prefill',
  }
  const ropeBuffers = [batch, queryKeyValue, context.cache.table, query, cache.key, cache.value]
  const groups = await Promise.all([
    normedMatmul(context, weights.inputNorm, weights.queryKeyValue, weights.queryKeyValueBias),
    builder.rope(
      rope,
      { qkv: strides.queryKeyValue, q: strides.heads },
      config.normEpsilon,
      weights.headNorms ? [...ropeBuffers, weights.headNorms] : ropeBuffers,
    ),
    builder.attention(
      attentionShape(context),
      strides.heads,
      [batch, query, cache.key, cache.value],
      attended,
      context.cache.parts,
    ),
    builder.matmul({
      matrix: weights.output,
      variant: variantFor(context, strides.heads),
      epilogue: 'add',
      x: attended,
      xStride: strides.heads,
      y: x,
      yStride: strides.hidden,
      bias: weights.outputBias,
    }),
    gateUpSteps(context, weights),
    builder.matmul({
      matrix: weights.down,
      variant: variantFor(context, strides.feedForward),
      epilogue: 'add',
      x: gated,
      xStride: strides.feedForward,
      y: x,
      yStride: strides.hidden,
    }),
  ])
  return groups.flat()
}

function variantFor({ route, mode }: LayerContext, columns: number): MatmulVariant {
  return mode === 'decode' ? route.matvec(columns, false) : route.matmul
}

const fusesNorm = ({ route, mode }: LayerContext): boolean => mode === 'decode' && route.fuseNorm

async function normedMatmul(
  context: LayerContext,
  gain: GPUBuffer,
  matrix: Matrix,
  bias: GPUBuffer | undefined,
): Promise<Step[]> {
  const { builder, config, route, workspace } = context
  const { strides, x, normed, queryKeyValue } = workspace
  const target = { matrix, epilogue: 'store', y: queryKeyValue, yStride: strides.queryKeyValue, bias } as const
  if (fusesNorm(context)) {
    const norm = { gain, epsilon: config.normEpsilon }
    return builder.matmul({ ...target, variant: route.matvec(strides.hidden, true), x, xStride: strides.hidden, norm })
  }
  return [
    await builder.norm(x, gain, normed, config.hiddenSize, strides.hidden, config.normEpsilon),
    ...(await builder.matmul({
      ...target,
      variant: variantFor(context, strides.hidden),
      x: normed,
      xStride: strides.hidden,
    })),
  ]
}

async function gateUpSteps(context: LayerContext, weights: LayerWeights): Promise<Step[]> {
  const { builder, config, route, workspace } = context
  const { strides, x, normed, gateUp, gated } = workspace
  const fused = fusesNorm(context)
  const variant = fused ? route.matvec(strides.hidden, true) : variantFor(context, strides.hidden)
  // The tile kernel has no pair epilogue, and a pair must be of one kind.
  const pairs =
    variant.kernel !== 'tile' && weights.gateUp.parts.every(({ sections: [gate, up] }) => sameKind(gate, up))
  const steps: Step[] = []
  const gain = weights.postAttentionNorm
  if (!fused) steps.push(await builder.norm(x, gain, normed, config.hiddenSize, strides.hidden, config.normEpsilon))
  const product = await builder.matmul({
    matrix: weights.gateUp,
    variant,
    epilogue: pairs ? 'silu-pair' : 'store',
    x: fused ? x : normed,
    xStride: strides.hidden,
    y: pairs ? gated : gateUp,
    yStride: pairs ? strides.feedForward : 2 * strides.feedForward,
    pairOffset: strides.feedForward,
    norm: fused ? { gain, epsilon: config.normEpsilon } : undefined,
  })
  steps.push(...product)
  if (!pairs) steps.push(await builder.silu(gateUp, gated, strides.feedForward))
  return steps
}

type Kinded = Matrix['parts'][number]['sections'][number] | undefined

const sameKind = (a: Kinded, b: Kinded): boolean =>
  a !== undefined && a.kind.bits === b?.kind.bits && a.kind.scale === b.kind.scale && a.scaleShift === b.scaleShift
