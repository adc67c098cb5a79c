import { transfer } from 'comlink'
import { SampanError } from '../errors.ts'
import { type Asker, forgetAnswers, keepAnswers, recentAnswers } from '../hub/recent-answers.ts'
import type { AcquireCommand, Acquired, AcquireEvent, AcquireProgress, AcquireRequest } from './acquire-types.ts'
import { type DownloadConsent, requireDownloadConsent } from './consent.ts'
import { HashWorkers } from './hash-workers.ts'
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
  const network = context.network?.()
  // What an app's own `fetch` answers is its own affair.
  const asker = network ? undefined : askerOf(request)
  const hashers = new HashWorkers()
  try {
    return await withStoreWorker(context.signal, async (remote, fail) => {
      const hashing = hashers.connect(fail)
      const { port1: events, port2 } = new MessageChannel()
      events.onmessage = ({ data }: MessageEvent<AcquireEvent>) => answer(data, events, { ...context, asker }, fail)
      return remote.acquire(
        asker && !request.damaged ? { ...request, answers: recentAnswers(asker) } : request,
        transfer(port2, [port2]),
        transfer(hashing, [...hashing]),
        network && transfer(network, [network]),
      )
    })
  } catch (error) {
    // What was told may be why; to be told what it would cost, and to ask again, is the way to go.
    if (asker && !(SampanError.isInstance(error) && error.code === 'download-required')) forgetAnswers(asker)
    throw error
  } finally {
    hashers.end()
  }
}

function askerOf({ source, hub, token }: AcquireRequest): Asker | undefined {
  return source.kind === 'url' || source.kind === 'hub' ? { source, hub, token } : undefined
}

/** Asks the browser not to clear this site's storage by itself, now that something is kept there. Firefox may ask the visitor. */
function keepStorage(): void {
  globalThis.navigator?.storage?.persist?.().catch(() => {})
}

function answer(
  event: AcquireEvent,
  port: MessagePort,
  { consent, onProgress, signal, asker }: AcquireContext & { readonly asker: Asker | undefined },
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
          // They have been handed over.
          if (asker) forgetAnswers(asker)
          if (event.request.store !== 'memory') keepStorage()
          post({ type: 'allowed' })
        })
        .catch((error: unknown) => {
          if (asker) keepAnswers(asker, event.answers)
          fail(error)
        })
      break
    default:
      event satisfies never
  }
}
