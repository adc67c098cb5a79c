import { type Remote, releaseProxy } from 'comlink'
import { type Result, unwrap } from '../worker/error-envelope.ts'
import { spawnWorker } from '../worker/spawn-worker.ts'
import { WorkerWatch } from '../worker/worker-watch.ts'
import { wrapWorker } from '../worker/wrap-worker.ts'
import type { StoreWorkerApi } from './acquire-types.ts'

/** What is asked of the Worker: `fail` ends it, and the whole, with an error. */
type Work<T> = (remote: Remote<StoreWorkerApi>, fail: (error: unknown) => void) => Promise<Result<T>>

/**
 * Starts the Worker that writes to the store, for one piece of work, and ends it.
 * @throws what the work throws; the signal's reason; SampanError `worker-failed`
 */
export async function withStoreWorker<T>(signal: AbortSignal | undefined, work: Work<T>): Promise<T> {
  signal?.throwIfAborted()
  const worker = spawnWorker('store')
  const remote = wrapWorker<StoreWorkerApi>(worker)
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  const abort = (): void => fail(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const watch = new WorkerWatch(worker, fail)
  try {
    const life = globalThis.navigator?.locks && `sampan-worker-${crypto.randomUUID()}`
    const held = unwrap(await Promise.race([remote.start(life), failed]))
    watch.answered(held ? life : undefined)
    return unwrap(await Promise.race([work(remote, fail), failed]))
  } finally {
    signal?.removeEventListener('abort', abort)
    watch.stop()
    remote[releaseProxy]()
    worker.terminate()
  }
}
