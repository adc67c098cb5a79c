import { requireMemory, WLLAMA_KEY_VALUE_BYTES } from '@sampan/backends/wllama'
import { checkLora } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { cpuContext } from '../sampan/cpu-context.ts'
import { openConversation } from '../sampan/open-conversation.ts'
import { checkpointFile } from '../sources/checkpoint-blob.ts'
import type { ModelStore } from '../store/store-types.ts'
import type { AcquireRequest } from './acquire-types.ts'
import { openStored } from './open-stored.ts'
import type { RemoteCheckpoint, RemoteModelFiles } from './remote-checkpoint.ts'

/**
 * Whether the processor that it is for can take it, and its adapters fit.
 * @throws SampanError `format-unsupported`, `device-limit-exceeded`, `device-out-of-memory`; EngineError `adapter-mismatch`
 */
export function checkForm(
  { form, contextLength, adapters = [] }: Pick<AcquireRequest, 'form' | 'contextLength' | 'adapters'>,
  model: Pick<RemoteModel, 'name' | 'format'>,
  { checkpoint }: RemoteCheckpoint,
): void {
  if (form.kind === 'planes') {
    checkLora(checkpoint, adapters)
    return
  }
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
 * Whether adapters, which are still to be downloaded, fit a model that is kept.
 * @throws EngineError `adapter-mismatch`
 */
export async function checkStored(
  store: ModelStore,
  id: string,
  { adapters = [] }: Pick<AcquireRequest, 'adapters'>,
  signal: AbortSignal,
): Promise<void> {
  if (adapters.length === 0) return
  const { blob, index } = await store.open(id)
  checkLora((await openStored(blob, index, signal)).checkpoint, adapters)
}

/**
 * What makes a model useless for chat should not cost its weights.
 * @throws TextError
 */
export function checkConversation({ name }: Pick<RemoteModel, 'name'>, { checkpoint, texts }: RemoteModelFiles): void {
  openConversation(checkpoint, texts, name)
}
