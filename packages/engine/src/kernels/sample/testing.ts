import type { Gpu } from '../../device/gpu.ts'
import { normalNumbers } from '../../weights/random-blocks.ts'
import { storageOf } from '../testing.ts'
import { Sampler, type SamplerStart, type SamplerStep } from './sample.ts'

export const usualStart: SamplerStart = { maxTokens: 1000, seed: 7, token: 5, position: 11 }

export function randomLogits(vocabulary: number, seed: number, deviation = 3): Float32Array<ArrayBuffer> {
  const normal = normalNumbers(seed)
  return Float32Array.from({ length: vocabulary }, () => normal() * deviation)
}

export async function samplerOf(
  gpu: Gpu,
  logits: Float32Array<ArrayBuffer>,
): Promise<{ sampler: Sampler; buffer: GPUBuffer }> {
  const buffer = storageOf(gpu, logits)
  return { sampler: await Sampler.create(gpu, logits.length, buffer), buffer }
}

/** One sampling step, or some, without waiting. */
export function runSteps(gpu: Gpu, steps: readonly SamplerStep[], times = 1): void {
  const encoder = gpu.device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  for (let i = 0; i < times; i++) {
    for (const { pipeline, bindGroup, workgroups } of steps) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bindGroup)
      pass.dispatchWorkgroups(...workgroups)
    }
  }
  pass.end()
  gpu.submit(encoder, steps.length * times)
}
