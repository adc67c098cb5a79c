import { loadEngine } from '@sampan/engine'
import type { Backend, BackendLoadOptions, BackendModel, ModelSource } from '../backend.ts'
import { openCheckpoint } from '../sources/open-checkpoint.ts'
import { aboutCheckpoint } from './about-checkpoint.ts'
import { fingerprint } from './fingerprint.ts'
import { openConversation } from './open-conversation.ts'
import { SampanModel } from './sampan-model.ts'

/** GGUF and safetensors checkpoints on Sampan's own engine. */
export const sampanBackend: Backend = { name: 'sampan', load }

async function load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel> {
  const { signal, onProgress, bits, embeddingBits, contextLength } = options
  onProgress({ phase: 'open', loaded: 0, total: 1 })
  const { checkpoint, texts, name } = await openCheckpoint(source, options.hub, signal)
  // Before the weights: what makes a model useless for chat should not cost a download.
  const conversation = openConversation(checkpoint, texts, name)
  onProgress({ phase: 'open', loaded: 1, total: 1 })
  const engine = await loadEngine(checkpoint, {
    ...(bits !== undefined && { bits }),
    ...(embeddingBits !== undefined && { embeddingBits }),
    ...(contextLength !== undefined && { contextLength }),
    onProgress,
    signal,
  })
  const formats = [`w${bits ?? 4}`, ...(embeddingBits === undefined ? [] : [`e${embeddingBits}`])]
  return new SampanModel(engine, conversation, {
    ...aboutCheckpoint('sampan', checkpoint, name),
    fingerprint: fingerprint('sampan', formats, engine.adapter),
  })
}
