import type { ModelConfig } from '../formats/checkpoint.ts'
import type { AttentionShape } from '../kernels/attention/attention.ts'
import type { MatmulVariant } from '../kernels/matmul/matmul.ts'
import type { RopeShape } from '../kernels/rope/rope-append.ts'
import type { ActiveLora } from '../lora/adapter-set.ts'
import { isAdapted, type LoraOperation, loraSteps } from '../lora/lora-steps.ts'
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
  readonly adapters: readonly ActiveLora[]
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
export async function layerSteps(
  context: LayerContext,
  layer: number,
  weights: LayerWeights,
  cache: LayerCache,
): Promise<Step[]> {
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
    loraSteps(context, {
      layer,
      group: 'queryKeyValue',
      ...normedInput(context, weights.inputNorm),
      y: queryKeyValue,
      yStride: strides.queryKeyValue,
    }),
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
    loraSteps(context, {
      layer,
      group: 'output',
      x: attended,
      xStride: strides.heads,
      y: x,
      yStride: strides.hidden,
    }),
    gateUpSteps(context, layer, weights),
    builder.matmul({
      matrix: weights.down,
      variant: variantFor(context, strides.feedForward),
      epilogue: 'add',
      x: gated,
      xStride: strides.feedForward,
      y: x,
      yStride: strides.hidden,
    }),
    loraSteps(context, {
      layer,
      group: 'down',
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

/** What an adapter's A multiplies where the matrix reads the norm of x: that norm, or x with the norm to be made on the way. */
function normedInput(context: LayerContext, gain: GPUBuffer): Pick<LoraOperation, 'x' | 'xStride' | 'norm'> {
  const { x, normed, strides } = context.workspace
  const xStride = strides.hidden
  if (!fusesNorm(context)) return { x: normed, xStride }
  return { x, xStride, norm: { gain, epsilon: context.config.normEpsilon } }
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

async function gateUpSteps(context: LayerContext, layer: number, weights: LayerWeights): Promise<Step[]> {
  const { builder, config, route, workspace } = context
  const { strides, x, normed, gateUp, gated } = workspace
  const fused = fusesNorm(context)
  const variant = fused ? route.matvec(strides.hidden, true) : variantFor(context, strides.hidden)
  // The tile kernel has no pair epilogue, a pair must be of one kind, and an adapter changes both before their product is made.
  const pairs =
    variant.kernel !== 'tile' &&
    !isAdapted(context, layer, 'gateUp') &&
    weights.gateUp.parts.every(({ sections: [gate, up] }) => sameKind(gate, up))
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
  steps.push(
    ...(await loraSteps(context, {
      layer,
      group: 'gateUp',
      ...normedInput(context, gain),
      y: gateUp,
      yStride: 2 * strides.feedForward,
    })),
  )
  if (!pairs) steps.push(await builder.silu(gateUp, gated, strides.feedForward))
  return steps
}

type Kinded = Matrix['parts'][number]['sections'][number] | undefined

const sameKind = (a: Kinded, b: Kinded): boolean =>
  a !== undefined && a.kind.bits === b?.kind.bits && a.kind.scale === b.kind.scale && a.scaleShift === b.scaleShift
