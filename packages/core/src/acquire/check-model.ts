import { requireMemory, WLLAMA_KEY_VALUE_BYTES } from '@sampan/backends/wllama'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { cpuContext } from '../sampan/cpu-context.ts'
import { openConversation } from '../sampan/open-conversation.ts'
import { checkpointFile } from '../sources/checkpoint-blob.ts'
import type { AcquireRequest } from './acquire-types.ts'
import type { RemoteCheckpoint, RemoteModelFiles } from './remote-checkpoint.ts'

/**
 * Whether the processor that it is for can take it.
 * @throws SampanError `format-unsupported`, `device-limit-exceeded`, `device-out-of-memory`
 */
export function checkForm(
  { form, contextLength }: Pick<AcquireRequest, 'form' | 'contextLength'>,
  model: Pick<RemoteModel, 'name' | 'format'>,
  { checkpoint }: RemoteCheckpoint,
): void {
  if (form.kind === 'planes') return
  if (model.format !== 'gguf')
    throw new SampanError(
      'format-unsupported',
      `${model.name} is in safetensors, and the CPU backend (wllama) runs GGUF only: take the model's GGUF file, or a browser with WebGPU.`,
      { source: model.name, format: 'safetensors' },
    )
  const { keyValueBytes } = cpuContext(checkpoint.config, contextLength, WLLAMA_KEY_VALUE_BYTES)
  requireMemory(checkpointFile(checkpoint).size, keyValueBytes)
}

/**
 * What makes a model useless for chat should not cost its weights.
 * @throws TextError
 */
export function checkConversation({ name }: Pick<RemoteModel, 'name'>, { checkpoint, texts }: RemoteModelFiles): void {
  openConversation(checkpoint, texts, name)
}
