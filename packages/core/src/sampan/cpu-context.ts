import type { ModelConfig } from '@sampan/engine'

/** What the cache of a context that nobody asked for may take: on the CPU it is all taken at once. */
const DEFAULT_KEY_VALUE_BYTES = 512 << 20

/** Tokens that the CPU backend is given room for, and the bytes of their keys and values. */
export function cpuContext(
  config: ModelConfig,
  asked: number | undefined,
  valueBytes: number,
): { readonly contextLength: number; readonly keyValueBytes: number } {
  const { layerCount, keyValueHeadCount, headSize } = config
  const tokenBytes = layerCount * keyValueHeadCount * headSize * 2 * valueBytes
  const affordable = Math.max(1, Math.floor(DEFAULT_KEY_VALUE_BYTES / tokenBytes))
  const contextLength = Math.min(asked ?? affordable, config.contextLength)
  return { contextLength, keyValueBytes: contextLength * tokenBytes }
}
