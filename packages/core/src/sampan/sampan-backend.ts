import { loadEngine } from '@sampan/engine'
import type { Backend, BackendLoadOptions, BackendModel, ModelSource } from '../backend.ts'
import { openCheckpoint } from '../sources/open-checkpoint.ts'
import { aboutCheckpoint } from './about-checkpoint.ts'
import { fingerprint } from './fingerprint.ts'
import { hashModel, orDispose } from './model-hash.ts'
import { openConversation } from './open-conversation.ts'
import { RecoveringEngine } from './recovering-engine.ts'
import { SampanModel } from './sampan-model.ts'

/** GGUF and safetensors checkpoints on Sampan's own engine. */
export const sampanBackend: Backend = { name: 'sampan', load }

async function load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel> {
  const { signal, onProgress, bits, embeddingBits, contextLength, prefixCacheBytes } = options
  onProgress({ phase: 'open', loaded: 0, total: 1 })
  const { checkpoint, texts, name } = await openCheckpoint(source, options.hub, signal)
  // Before the weights: what makes a model useless for chat should not cost a download.
  const conversation = openConversation(checkpoint, texts, name)
  onProgress({ phase: 'open', loaded: 1, total: 1 })
  const hashed = hashModel(checkpoint, texts)
  const engineOptions = {
    ...(bits !== undefined && { bits }),
    ...(embeddingBits !== undefined && { embeddingBits }),
    ...(contextLength !== undefined && { contextLength }),
    ...(prefixCacheBytes !== undefined && { prefixCacheBytes }),
  }
  const first = await loadEngine(hashed.checkpoint, { ...engineOptions, onProgress, signal })
  const hash = await orDispose(first, hashed.hash(signal))
  // From the same source, which notices when the file has changed; its texts need not be kept for that.
  const again = { ...checkpoint, metadata: new Map() }
  const engine = new RecoveringEngine(
    first,
    (signal) => loadEngine(again, { ...engineOptions, signal }),
    options.onRecovery,
  )
  const formats = [`w${bits ?? 4}`, ...(embeddingBits === undefined ? [] : [`e${embeddingBits}`])]
  return new SampanModel(engine, conversation, {
    ...aboutCheckpoint('sampan', checkpoint, name),
    // Another device may have taken the place of one that was lost.
    get fingerprint() {
      return fingerprint('sampan', formats, engine.adapter)
    },
    ...(hash !== undefined && { hash }),
  })
}
