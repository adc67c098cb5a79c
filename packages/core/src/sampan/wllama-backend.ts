import { loadWllama, requireMemory, WLLAMA_KEY_VALUE_BYTES } from '@sampan/backends/wllama'
import { openModel } from '../acquire/open-model.ts'
import type { Backend, BackendLoadOptions, BackendModel, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { checkpointBlob, checkpointFile } from '../sources/checkpoint-blob.ts'
import { aboutCheckpoint } from './about-checkpoint.ts'
import { cpuContext } from './cpu-context.ts'
import { fingerprint } from './fingerprint.ts'
import { hashOpened, orDispose } from './model-hash.ts'
import { openConversation } from './open-conversation.ts'
import { SampanModel } from './sampan-model.ts'

/** GGUF checkpoints on llama.cpp in WebAssembly, for browsers without WebGPU; all text is as with Sampan's own engine. */
export const wllamaBackend: Backend = { name: 'wllama', load }

async function load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel> {
  const { signal, onProgress } = options
  onProgress({ phase: 'open', loaded: 0, total: 1 })
  const opened = await openModel(source, { kind: 'source' }, options)
  const { checkpoint, texts, name } = opened
  if (checkpoint.format !== 'gguf') throw notGguf(name)
  // Before the weights: what makes a model useless for chat should not cost a download.
  const conversation = openConversation(checkpoint, texts, name)
  onProgress({ phase: 'open', loaded: 1, total: 1 })
  const hashed = hashOpened(opened)
  const file = checkpointFile(hashed.checkpoint)
  const context = cpuContext(checkpoint.config, options.contextLength, WLLAMA_KEY_VALUE_BYTES)
  const { contextLength, keyValueBytes } = context
  // Gigabytes that will not fit are not to be fetched first.
  requireMemory(file.size, keyValueBytes)
  // What is on disk is not to be copied.
  const blob = opened.blob ?? (await checkpointBlob(file, onProgress, signal))
  const hashing = hashed.hash(signal)
  hashing.catch(() => {})
  const engine = await loadWllama(blob, { contextLength, keyValueBytes, onProgress, signal })
  const hash = await orDispose(engine, hashing)
  return new SampanModel(engine, conversation, {
    ...aboutCheckpoint('wllama', opened),
    fingerprint: fingerprint('wllama', []),
    ...(hash !== undefined && { hash }),
  })
}

function notGguf(name: string): SampanError {
  return new SampanError(
    'format-unsupported',
    `${name} is in safetensors, and the CPU backend (wllama) runs GGUF only: take the model's GGUF file, or a browser with WebGPU.`,
    { source: name, format: 'safetensors' },
  )
}
