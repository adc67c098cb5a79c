import { describeAdapter } from '@sampan/engine'
import type { ModelInfo, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { LoadOptions } from './load-types.ts'

/**
 * What runs a source. Left to us, WebGPU where it is a GPU; else llama.cpp on the CPU, as far as the source is known to be a GGUF
 * file before it is opened.
 * @throws SampanError `option-invalid` for a backend that does not load such sources
 */
export async function chooseBackend(
  source: ModelSource,
  wish: NonNullable<LoadOptions['backend']>,
): Promise<ModelInfo['backend']> {
  const isMlc = source.kind === 'mlc'
  switch (wish) {
    case 'auto':
      if (isMlc) return 'web-llm'
      return isGgufByName(source) && !(await hasGpu()) ? 'wllama' : 'sampan'
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

function isGgufByName(source: ModelSource): boolean {
  switch (source.kind) {
    case 'blob':
      return true
    case 'url': {
      const { protocol, pathname } = new URL(source.url)
      return source.name !== undefined || protocol === 'blob:' || pathname.toLowerCase().endsWith('.gguf')
    }
    case 'hub':
      return /gguf/i.test(source.file ?? source.repository)
    case 'files':
    case 'mlc':
      return false
    default:
      return source satisfies never
  }
}

/** A CPU that pretends to be a GPU is none: llama.cpp is several times faster on it. */
async function hasGpu(): Promise<boolean> {
  const adapter = await globalThis.navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)
  return adapter ? !describeAdapter(adapter.info, adapter.features).software : false
}

function unfit(message: string): SampanError {
  return new SampanError('option-invalid', message, { option: 'backend' })
}
