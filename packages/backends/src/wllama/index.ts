export { WLLAMA_KEY_VALUE_BYTES } from './llama-runtime.ts'
export { loadWllama, type WllamaLoadOptions } from './load-wllama.ts'
