import type { ModelInfo } from '../backend.ts'
import { workerFailed } from './worker-failure.ts'

/** Those that compute on this machine. */
export type DeviceBackend = Exclude<ModelInfo['backend'], 'openai-compatible'>

/** Workers that bring models to this device, and hash what comes. */
export type KeepingWorker = 'store' | 'hash'

/** @throws SampanError `worker-failed` for a script of another origin, which a browser refuses at once by what it throws */
export function spawnWorker(name: DeviceBackend | KeepingWorker): Worker {
  try {
    return spawn(name)
  } catch (error) {
    throw workerFailed('blocked', error instanceof Error ? error.message : String(error))
  }
}

/**
 * Each has a Worker script of its own, without lazy parts: bundlers see `new Worker(new URL(…))` and need no settings,
 * and a page never fetches the script of one that it does not use.
 */
function spawn(name: DeviceBackend | KeepingWorker): Worker {
  switch (name) {
    case 'sampan':
      return new Worker(new URL('./sampan-worker.ts', import.meta.url), { type: 'module', name: 'sampan' })
    case 'web-llm':
      return new Worker(new URL('./web-llm-worker.ts', import.meta.url), { type: 'module', name: 'sampan-web-llm' })
    case 'wllama':
      return new Worker(new URL('./wllama-worker.ts', import.meta.url), { type: 'module', name: 'sampan-wllama' })
    case 'store':
      return new Worker(new URL('./store-worker.ts', import.meta.url), { type: 'module', name: 'sampan-store' })
    case 'hash':
      return new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module', name: 'sampan-hash' })
    default:
      return name satisfies never
  }
}
