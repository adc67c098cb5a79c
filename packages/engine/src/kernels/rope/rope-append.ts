import type { Gpu } from '../../device/gpu.ts'
import { specialise } from '../template.ts'
import code from './rope-append.wgsl?raw'

export interface RopeShape {
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
  readonly keyValueType: 'f16' | 'f32'
  /** q and k heads are normalised before they turn. */
  readonly norm: boolean
  /** More than one token a dispatch. */
  readonly batch: boolean
}

/** Bindings: 0 uniform, 1 batch (position, tokens), 2 qkv, 3 table, 4 q, 5 k cache, 6 v cache, and with `norm` 7 gains. */
export function ropePipeline(gpu: Gpu, shape: RopeShape): Promise<GPUComputePipeline> {
  const half = shape.keyValueType === 'f16'
  return gpu.pipeline(
    'rope-append',
    specialise(code, {
      HEAD_SIZE: shape.headSize,
      HALF: half,
      WORD: half ? 'u32' : 'f32',
      NORM: shape.norm,
      TOKEN_BOUND: shape.batch ? '|| token >= batch[1]' : '',
    }),
  )
}

/** Strides in f32. */
export function ropeUniform(
  shape: RopeShape,
  strides: { readonly qkv: number; readonly q: number },
  epsilon: number,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array([shape.heads, shape.keyValueHeads, strides.qkv, strides.q, 0, 0, 0, 0])
  new Float32Array(words.buffer).set([1 / Math.sqrt(shape.headSize), epsilon], 4)
  return words
}

export function ropeGrid(shape: RopeShape, tokens: number): readonly [number, number, number] {
  const lanes = (shape.heads + 2 * shape.keyValueHeads) * (shape.headSize / 4)
  return [Math.ceil(lanes / 64), tokens, 1]
}
