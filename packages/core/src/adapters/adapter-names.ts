import { SampanError } from '../errors.ts'

export const adapterConfigName = 'adapter_config.json'
export const adapterWeightsName = 'adapter_model.safetensors'

export function notAnAdapter(name: string): SampanError {
  return new SampanError(
    'source-not-found',
    `${name} holds no adapter: name a folder or repository with ${adapterConfigName} and ${adapterWeightsName}, or a .gguf file of an adapter.`,
    { source: name },
  )
}

export function severalAdapters(name: string, folders: readonly string[]): SampanError {
  return new SampanError(
    'source-ambiguous',
    `${name} holds several adapters, in ${folders.slice(0, 4).join(', ')}${folders.length > 4 ? ', …' : ''}: choose the folder of one.`,
    { source: name, folders: folders.slice(0, 20) },
  )
}
