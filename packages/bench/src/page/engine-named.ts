import type { BenchEngine, EngineName } from '../engines/bench-engine.ts'
import { BenchError } from '../errors.ts'

export interface PageEngineOptions {
  /** Of Sampan. */
  readonly version: string
  readonly commit?: string
  /** False: models are not kept on this device. */
  readonly keep: boolean
}

/**
 * An engine that runs in a page; its code is fetched when it is asked for.
 * @throws BenchError `not-available` for one that runs elsewhere
 */
export async function engineNamed(name: EngineName, options: PageEngineOptions): Promise<BenchEngine> {
  const { version, commit, keep } = options
  switch (name) {
    case 'sampan': {
      const { sampanEngine } = await import('../engines/sampan.ts')
      // Who pressed start, or typed the command, has asked for the model.
      const load = { download: 'allow', cache: keep } as const
      return sampanEngine({ version, load, ...(commit !== undefined && { commit }) })
    }
    case 'wllama': {
      const { wllamaEngine } = await import('../engines/wllama.ts')
      return wllamaEngine({ keep })
    }
    case 'wllama-webgpu': {
      const { wllamaWebGpuEngine } = await import('../engines/wllama-webgpu.ts')
      return wllamaWebGpuEngine({ keep })
    }
    case 'web-llm': {
      const { webLlmEngine } = await import('../engines/web-llm.ts')
      return webLlmEngine()
    }
    case 'transformers':
      throw new BenchError('not-available', 'The adapter for @huggingface/transformers is not built yet.')
    case 'sampan-dawn':
    case 'openai-compatible':
      throw new BenchError('not-available', `${name} does not run in a page: use the command line.`)
    default:
      return name satisfies never
  }
}
