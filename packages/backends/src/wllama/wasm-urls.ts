import multiThread from '@wllama/wllama/esm/multi-thread/wllama.wasm?url'
import singleThread from '@wllama/wllama/esm/single-thread/wllama.wasm?url'

/** Where llama.cpp's programs lie, beside the Worker that imports this: wllama's own default is a CDN. */
export const wasmUrls = {
  'single-thread/wllama.wasm': absolute(singleThread),
  'multi-thread/wllama.wasm': absolute(multiThread),
}

function absolute(url: string): string {
  return new URL(url, globalThis.location?.href).href
}
