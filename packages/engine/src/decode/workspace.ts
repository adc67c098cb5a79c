import type { Gpu } from '../device/gpu.ts'
import type { ModelConfig } from '../formats/checkpoint.ts'

/** f32 from row to row of every activation: rows are padded with zeros to whole groups of 32. */
export interface Strides {
  readonly hidden: number
  readonly queryKeyValue: number
  readonly heads: number
  readonly feedForward: number
}

export const padded = (count: number): number => Math.ceil(count / 32) * 32

export function stridesOf(config: ModelConfig): Strides {
  const { headCount, keyValueHeadCount, headSize } = config
  return {
    hidden: padded(config.hiddenSize),
    queryKeyValue: padded((headCount + 2 * keyValueHeadCount) * headSize),
    heads: padded(headCount * headSize),
    feedForward: padded(config.feedForwardSize),
  }
}

/** Activations of up to `tokens` tokens at once, f32, `[tokens][stride]`. No two share a buffer: WebGPU forbids the aliasing. */
export interface Workspace {
  readonly tokens: number
  readonly strides: Strides
  /** Position of the first token and number of tokens: the kernels' `batch`. */
  readonly batch: GPUBuffer
  /** Token ids. In decode both are the sampler's state. */
  readonly ids: GPUBuffer
  readonly idsAt: number
  /** The residual stream. */
  readonly x: GPUBuffer
  readonly normed: GPUBuffer
  readonly queryKeyValue: GPUBuffer
  readonly query: GPUBuffer
  readonly attended: GPUBuffer
  /** Gate's rows, then up's. */
  readonly gateUp: GPUBuffer
  readonly gated: GPUBuffer
}

/** f32 a token in each of a workspace's own buffers. */
export function workspaceWidths({ hidden, queryKeyValue, heads, feedForward }: Strides) {
  return {
    x: hidden,
    normed: hidden,
    queryKeyValue,
    query: heads,
    attended: heads,
    gateUp: 2 * feedForward,
    gated: feedForward,
  } as const
}

export function createWorkspace(
  gpu: Gpu,
  config: ModelConfig,
  tokens: number,
  ids: { readonly batch: GPUBuffer; readonly ids: GPUBuffer; readonly idsAt: number },
): Workspace {
  const strides = stridesOf(config)
  const widths = workspaceWidths(strides)
  const rows = (name: keyof typeof widths): GPUBuffer => gpu.storage('activations', name, tokens * widths[name])
  return {
    ...ids,
    tokens,
    strides,
    x: rows('x'),
    normed: rows('normed'),
    queryKeyValue: rows('queryKeyValue'),
    query: rows('query'),
    attended: rows('attended'),
    gateUp: rows('gateUp'),
    gated: rows('gated'),
  }
}
