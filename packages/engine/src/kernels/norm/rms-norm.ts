import type { Gpu } from '../../device/gpu.ts'
import code from './rms-norm.wgsl?raw'

/** Bindings: 0 uniform (`normUniform`), 1 x, 2 gain, 3 y. Grid: one workgroup a token. */
export function normPipeline(gpu: Gpu): Promise<GPUComputePipeline> {
  return gpu.pipeline('rms-norm', code)
}

/** `columns`: numbers a row, a multiple of 4; `stride`: f32 from row to row, a multiple of 32. */
export function normUniform(columns: number, stride: number, epsilon: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array([columns / 4, stride / 4, 0, 0])
  new Float32Array(words.buffer).set([columns, epsilon], 2)
  return words
}
