import type { ByteSource } from '../byte-source.ts'
import type { LoraAdapter } from './lora-adapter.ts'
import { openGgufLora } from './open-gguf-lora.ts'
import { openPeftLora } from './open-peft-lora.ts'

/** An adapter's files: PEFT's `adapter_config.json` (its text) and `adapter_model.safetensors`, or one GGUF file. */
export type LoraFiles = { readonly config: string; readonly weights: ByteSource } | { readonly gguf: ByteSource }

/**
 * Opens a LoRA adapter: reads its config and header, no weights.
 * @throws EngineError `file-malformed`, `file-truncated`, `file-limit-exceeded`; `format-unsupported` for another kind of
 *   adapter, or an option that changes what it means, by its name
 */
export function openLora(files: LoraFiles, signal?: AbortSignal): Promise<LoraAdapter> {
  return 'gguf' in files ? openGgufLora(files.gguf, signal) : openPeftLora(files.config, files.weights, signal)
}
