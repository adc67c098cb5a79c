import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import type { GpuKind } from './gpu-kind.ts'
import type { LoadOptions } from './load-types.ts'

/**
 * What runs a source. Left to us, WebGPU where there is a GPU; else llama.cpp on the CPU, which tells by the file's own first bytes
 * whether it can run it.
 * @throws SampanError `option-invalid` for a backend that does not load such sources; `webgpu-unavailable` where there is no GPU and the
 * source is known to be nothing for the CPU
 */
export async function chooseBackend(
  source: ModelSource,
  wish: NonNullable<LoadOptions['backend']>,
  gpu: () => Promise<GpuKind>,
): Promise<DeviceBackend> {
  const isMlc = source.kind === 'mlc'
  switch (wish) {
    case 'auto': {
      if (isMlc) return 'web-llm'
      const kind = await gpu()
      if (kind === 'hardware') return 'sampan'
      if (source.kind === 'files') throw noGpu(kind, 'safetensors')
      return 'wllama'
    }
    case 'web-llm':
      if (isMlc) return wish
      throw unfit(
        'The backend web-llm loads `mlc:<id>` or `{ mlc: { id, model, modelLib } }` only: name such a source, or leave `backend` out.',
      )
    case 'sampan':
      if (!isMlc) return wish
      throw unfit(
        "Sampan's own engine does not load models in MLC's format: name a GGUF or safetensors source, or leave `backend` out.",
      )
    case 'wllama':
      if (!isMlc && source.kind !== 'files') return wish
      throw unfit('The backend wllama loads GGUF files only: name a .gguf source, or leave `backend` out.')
    default:
      return wish satisfies never
  }
}

/** Why the CPU, chosen for want of a GPU, did not take the model: what the caller can do about it is about the GPU. */
export function explainNoGpu(error: unknown, gpu: GpuKind): unknown {
  if (gpu === 'hardware' || !SampanError.isInstance(error)) return error
  const { code, details } = error
  if (code === 'format-unsupported' && details['format'] === 'safetensors') return noGpu(gpu, 'safetensors', error)
  if (code === 'worker-failed' && details['reason'] === 'script') return noGpu(gpu, 'backend-missing', error)
  return error
}

const HAS: Readonly<Record<Exclude<GpuKind, 'hardware'>, string>> = {
  software: 'This browser has no GPU for WebGPU, only an adapter in software',
  none: 'This browser has no adapter for WebGPU',
}
const WHY = {
  safetensors:
    "and the CPU runs GGUF files only, which this model is none of: take the model's GGUF file, or a browser with a GPU",
  'backend-missing':
    "and the app does not serve the CPU's backend (wllama-worker.js of @sampan/core): serve it, or take a browser with a GPU",
} as const
const OR_SLOWLY = ". With backend: 'sampan' the model runs on the adapter in software all the same, slowly"

function noGpu(gpu: Exclude<GpuKind, 'hardware'>, why: keyof typeof WHY, cause?: SampanError): SampanError {
  return new SampanError(
    'webgpu-unavailable',
    `${HAS[gpu]}, ${WHY[why]}${gpu === 'software' ? OR_SLOWLY : ''}.`,
    { reason: gpu === 'software' ? 'software-adapter' : 'no-adapter', cpu: why },
    { cause },
  )
}

function unfit(message: string): SampanError {
  return new SampanError('option-invalid', message, { option: 'backend' })
}
