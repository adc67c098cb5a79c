import type { ModelInfo } from '../backend.ts'

/**
 * Each backend has a Worker script of its own, without lazy parts: bundlers see `new Worker(new URL(…))` and need no settings,
 * and a page that never asks for web-llm never fetches it.
 */
export function spawnWorker(backend: ModelInfo['backend']): Worker {
  switch (backend) {
    case 'sampan':
      return new Worker(new URL('./sampan-worker.ts', import.meta.url), { type: 'module', name: 'sampan' })
    case 'web-llm':
      return new Worker(new URL('./web-llm-worker.ts', import.meta.url), { type: 'module', name: 'sampan-web-llm' })
    default:
      return backend satisfies never
  }
}
