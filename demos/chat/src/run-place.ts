import type { ModelInfo } from '@sampan/core'
import type { Strings } from './strings.ts'
import { explainWebGpu, type WebGpuState } from './webgpu-check.ts'

/** What a loaded model computes on. */
export type RunPlace = 'webgpu' | 'software' | 'cpu'

export function runPlace(info: ModelInfo): RunPlace {
  if (info.backend === 'wllama') return 'cpu'
  return info.adapter?.software ? 'software' : 'webgpu'
}

/** Why it runs there, and what to do for more speed. */
export function explainPlace(place: RunPlace, gpu: WebGpuState, userAgent: string, strings: Strings): string[] {
  switch (place) {
    case 'webgpu':
      return [strings.onGpu(gpu.kind === 'hardware' ? gpu.name : '')]
    case 'software':
      return [strings.onSoftwareAdapter, strings.gpuAdvice]
    case 'cpu':
      switch (gpu.kind) {
        case 'insecure':
        case 'no-api':
        case 'no-adapter':
          return [strings.onCpu, ...explainWebGpu(gpu.kind, userAgent, strings)]
        case 'software':
          return [strings.onCpu, strings.onlySoftwareAdapter, strings.gpuAdvice]
        case 'hardware':
          return [strings.onCpu]
        default:
          return gpu satisfies never
      }
    default:
      return place satisfies never
  }
}
