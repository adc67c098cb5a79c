import { loadWllama, requireMemory, WLLAMA_KEY_VALUE_BYTES } from '@sampan/backends/wllama'
import type { ModelConfig } from '@sampan/engine'
import type { Backend, BackendLoadOptions, BackendModel, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { checkpointBlob, checkpointFile } from '../sources/checkpoint-blob.ts'
import { openCheckpoint } from '../sources/open-checkpoint.ts'
import { aboutCheckpoint } from './about-checkpoint.ts'
import { fingerprint } from './fingerprint.ts'
import { hashModel, orDispose } from './model-hash.ts'
import { openConversation } from './open-conversation.ts'
import { SampanModel } from './sampan-model.ts'

/** What the cache of a context that nobody asked for may take: on the CPU it is all taken at once. */
const DEFAULT_KEY_VALUE_BYTES = 512 << 20

/** GGUF checkpoints on llama.cpp in WebAssembly, for browsers without WebGPU; all text is as with Sampan's own engine. */
export const wllamaBackend: Backend = { name: 'wllama', load }

async function load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel> {
  const { hub, signal, onProgress } = options
  onProgress({ phase: 'open', loaded: 0, total: 1 })
  const { checkpoint, texts, name } = await openCheckpoint(source, hub, signal)
  if (checkpoint.format !== 'gguf') throw notGguf(name)
  // Before the weights: what makes a model useless for chat should not cost a download.
  const conversation = openConversation(checkpoint, texts, name)
  onProgress({ phase: 'open', loaded: 1, total: 1 })
  const hashed = hashModel(checkpoint, texts)
  const file = checkpointFile(hashed.checkpoint)
  const contextLength = contextLengthOf(checkpoint.config, options.contextLength)
  const keyValueBytes = contextLength * keyValueBytesPerToken(checkpoint.config)
  // Gigabytes that will not fit are not to be fetched first.
  requireMemory(file.size, keyValueBytes)
  const blob = source.kind === 'blob' ? source.blob : await checkpointBlob(file, onProgress, signal)
  const hashing = hashed.hash(signal)
  hashing.catch(() => {})
  const engine = await loadWllama(blob, { contextLength, keyValueBytes, onProgress, signal })
  const hash = await orDispose(engine, hashing)
  return new SampanModel(engine, conversation, {
    ...aboutCheckpoint('wllama', checkpoint, name),
    fingerprint: fingerprint('wllama', []),
    ...(hash !== undefined && { hash }),
  })
}

function contextLengthOf(config: ModelConfig, asked: number | undefined): number {
  const affordable = Math.max(1, Math.floor(DEFAULT_KEY_VALUE_BYTES / keyValueBytesPerToken(config)))
  return Math.min(asked ?? affordable, config.contextLength)
}

/** Keys and values of all layers. */
function keyValueBytesPerToken({ layerCount, keyValueHeadCount, headSize }: ModelConfig): number {
  return layerCount * keyValueHeadCount * headSize * 2 * WLLAMA_KEY_VALUE_BYTES
}

function notGguf(name: string): SampanError {
  return new SampanError(
    'format-unsupported',
    `${name} is in safetensors, and the CPU backend (wllama) runs GGUF only: take the model's GGUF file, or a browser with WebGPU.`,
    { source: name, format: 'safetensors' },
  )
}
