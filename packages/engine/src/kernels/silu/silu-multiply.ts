import type { Gpu } from '../../device/gpu.ts'
import code from './silu-multiply.wgsl?raw'

/** Bindings: 0 uniform, 1 gate and up, 2 product. */
export function siluPipeline(gpu: Gpu): Promise<GPUComputePipeline> {
  return gpu.pipeline('silu-multiply', code)
}

/** `stride`: f32 a row of the product, a multiple of 4. */
export const siluUniform = (stride: number): Uint32Array<ArrayBuffer> => new Uint32Array([stride / 4, 0, 0, 0])

export const siluGrid = (stride: number, tokens: number): readonly [number, number, number] => [
  Math.ceil(stride / 4 / 64),
  tokens,
  1,
]
