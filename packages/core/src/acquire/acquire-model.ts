import { transfer } from 'comlink'
import { spawnWorker } from '../worker/spawn-worker.ts'
import { workerFailed } from '../worker/worker-failure.ts'
import type { AcquireCommand, Acquired, AcquireEvent, AcquireProgress, AcquireRequest } from './acquire-types.ts'
import { type DownloadConsent, requireDownloadConsent } from './consent.ts'
import { withStoreWorker } from './store-worker-client.ts'

export interface AcquireContext {
  readonly consent: DownloadConsent | undefined
  readonly onProgress?: ((progress: AcquireProgress) => void) | undefined
  /** Gives a port behind which the page's own `fetch` and `headers` answer, where it has some. */
  readonly network?: (() => MessagePort | undefined) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Brings a model to this device, as far as it is not there, in Workers of its own that end with it.
 * @throws SampanError `download-required`, and what downloading and storing throw; the signal's reason; what `consent` and
 * `onProgress` throw. What has come so far is kept, to be gone on with.
 */
export async function acquireModel(request: AcquireRequest, context: AcquireContext): Promise<Acquired> {
  context.signal?.throwIfAborted()
  const hasher = spawnWorker('hash')
  try {
    return await withStoreWorker(context.signal, async (remote, fail) => {
      hasher.onerror = ({ message }) =>
        fail(workerFailed('error', message || 'the one that hashes could not be started'))
      const hashing = new MessageChannel()
      hasher.postMessage(hashing.port1, [hashing.port1])
      const { port1: events, port2 } = new MessageChannel()
      events.onmessage = ({ data }: MessageEvent<AcquireEvent>) => answer(data, events, context, fail)
      const network = context.network?.()
      return remote.acquire(
        request,
        transfer(port2, [port2]),
        transfer(hashing.port2, [hashing.port2]),
        network && transfer(network, [network]),
      )
    })
  } finally {
    hasher.terminate()
  }
}

/** Asks the browser not to clear this site's storage by itself, now that something is kept there. Firefox may ask the visitor. */
function keepStorage(): void {
  globalThis.navigator?.storage?.persist?.().catch(() => {})
}

function answer(
  event: AcquireEvent,
  port: MessagePort,
  { consent, onProgress, signal }: AcquireContext,
  fail: (error: unknown) => void,
): void {
  const post = (command: AcquireCommand): void => port.postMessage(command)
  switch (event.type) {
    case 'progress':
      try {
        onProgress?.(event.progress)
      } catch (error) {
        fail(error)
      }
      break
    case 'consent':
      requireDownloadConsent(consent, event.request)
        .then(() => {
          if (signal?.aborted) return
          if (event.request.store !== 'memory') keepStorage()
          post({ type: 'allowed' })
        })
        .catch(fail)
      break
    default:
      event satisfies never
  }
}
