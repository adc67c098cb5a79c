import type { ModelInfo } from '../backend.ts'

/** Those that compute on this machine. */
export type DeviceBackend = Exclude<ModelInfo['backend'], 'openai-compatible'>

/**
 * Each backend has a Worker script of its own, without lazy parts: bundlers see `new Worker(new URL(…))` and need no settings,
 * and a page never fetches the script of a backend that it does not use.
 */
export function spawnWorker(backend: DeviceBackend): Worker {
  switch (backend) {
    case 'sampan':
      return new Worker(new URL('./sampan-worker.ts', import.meta.url), { type: 'module', name: 'sampan' })
    case 'web-llm':
      return new Worker(new URL('./web-llm-worker.ts', import.meta.url), { type: 'module', name: 'sampan-web-llm' })
    case 'wllama':
      return new Worker(new URL('./wllama-worker.ts', import.meta.url), { type: 'module', name: 'sampan-wllama' })
    default:
      return backend satisfies never
  }
}
