import type { Gpu } from '../../device/gpu.ts'
import { specialise } from '../template.ts'
import shared from './attention.wgsl?raw'
import group from './attention-group.wgsl?raw'
import lane from './attention-lane.wgsl?raw'
import merge from './attention-merge.wgsl?raw'

export interface AttentionShape {
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  readonly keyValueType: 'f16' | 'f32'
  readonly kernel: 'lane' | 'group'
  /**
   * Decode: one token, its positions split over workgroups and merged by `mergePipeline`. Otherwise a batch of tokens,
   * each walking over all its positions.
   */
  readonly split: boolean
}

/** Positions a split. Small enough that few heads still fill a GPU, large enough that merging stays cheap. */
export const splitSize = 64

/** Query rows a workgroup of the group kernel takes: as many as leave room within 16 KB of workgroup memory. */
function rowsOf({ split, headSize }: AttentionShape): number {
  if (headSize > 256) return 4
  return split || headSize > 128 ? 8 : 16
}

function values(shape: AttentionShape): Record<string, string | number | boolean> {
  const half = shape.keyValueType === 'f16'
  const chunks = shape.headSize / 4
  const rows = rowsOf(shape)
  const base = { HEAD_SIZE: shape.headSize, CHUNKS: chunks, HALF: half, CACHED: half ? 'vec2<u32>' : 'vec4<f32>' }
  return {
    ...base,
    attention: specialise(shared, base),
    SPLIT: shape.split,
    ROWS: rows,
    Q_TILE: rows * chunks,
    SCORES: rows * 32,
    ACCUMULATORS: Math.ceil((rows * chunks) / 64),
    TOKENS: shape.split ? '1u' : 'batch[1]',
  }
}

/** Bindings: 0 uniform, 1 batch, 2 q, 3 k cache, 4 v cache, 5 out (parts when `split`). */
export function attentionPipeline(gpu: Gpu, shape: AttentionShape): Promise<GPUComputePipeline> {
  return gpu.pipeline(`attention-${shape.kernel}`, attentionCode(shape))
}

export function attentionCode(shape: AttentionShape): string {
  return specialise(shape.kernel === 'lane' ? lane : group, values(shape))
}

/** Bindings as `attentionPipeline`'s with 5 the merged output, 6 the parts. */
export function mergePipeline(gpu: Gpu, shape: AttentionShape): Promise<GPUComputePipeline> {
  return gpu.pipeline('attention-merge', specialise(merge, values(shape)))
}

/** Strides in f32, multiples of 4. */
export function attentionUniform(
  shape: AttentionShape,
  strides: { readonly q: number; readonly out: number },
): Uint32Array<ArrayBuffer> {
  const grouped = shape.heads / shape.keyValueHeads
  return new Uint32Array([shape.keyValueHeads, grouped, strides.q / 4, strides.out / 4, splitSize, 0, 0, 0])
}

/** `positions`: how many the (last) token sees. */
export function attentionGrid(
  shape: AttentionShape,
  tokens: number,
  positions: number,
): readonly [number, number, number] {
  const splits = shape.split ? Math.ceil(positions / splitSize) : 1
  if (shape.kernel === 'lane') return [Math.ceil(shape.heads / 4), tokens, splits]
  const rows = (shape.heads / shape.keyValueHeads) * tokens
  return [shape.keyValueHeads, Math.ceil(rows / rowsOf(shape)), splits]
}

export function mergeGrid(shape: AttentionShape): readonly [number, number, number] {
  return [Math.ceil((shape.heads * shape.headSize) / 4 / 64), 1, 1]
}

/** f32 words that the parts of one token take when it sees up to `positions`. */
export function partWords(shape: AttentionShape, positions: number): number {
  return shape.heads * Math.ceil(positions / splitSize) * (shape.headSize + 4)
}
