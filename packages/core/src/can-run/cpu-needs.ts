import type { ModelConfig } from '@sampan/engine'
import { formatBytes } from '../format-bytes.ts'
import { cpuContext } from '../sampan/cpu-context.ts'
import type { Needs } from './facts.ts'

/**
 * What WebAssembly and llama.cpp bear, as `requireMemory` of `@sampan/backends/wllama` has it, which is not imported here because it
 * brings llama.cpp along; a test holds the two together.
 */
const ADDRESSABLE_BYTES = 2 ** 32
const MOST_FILE_BYTES = 2 ** 31 - 1
const OVERHEAD_BYTES = 192 << 20
/** f32, `WLLAMA_KEY_VALUE_BYTES`. */
export const KEY_VALUE_BYTES = 4

/** What llama.cpp takes of the page's memory: all of it when the model is loaded. */
export function cpuNeeds(config: ModelConfig, fileBytes: number, asked: number | undefined): Needs {
  const { contextLength, keyValueBytes } = cpuContext(config, asked, KEY_VALUE_BYTES)
  const bytes = fileBytes + keyValueBytes + OVERHEAD_BYTES
  if (fileBytes > MOST_FILE_BYTES || bytes > ADDRESSABLE_BYTES)
    return {
      kind: 'failure',
      failure: {
        code: 'device-limit-exceeded',
        message: `On the CPU a model may have ${formatBytes(MOST_FILE_BYTES)}, and ${formatBytes(ADDRESSABLE_BYTES)} with its context; this one needs ${formatBytes(fileBytes)} and ${formatBytes(bytes)}: take a smaller model or contextLength, or a browser with WebGPU.`,
        details: { fileBytes, needed: bytes, limit: ADDRESSABLE_BYTES },
      },
    }
  return { kind: 'needs', bytes, fullBytes: bytes, contextLength }
}
