export { WLLAMA_KEY_VALUE_BYTES } from './llama-runtime.ts'
export { loadWllama, type WllamaLoadOptions } from './load-wllama.ts'
export { requireMemory } from './require-memory.ts'
