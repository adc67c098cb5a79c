import { packError } from '../worker/error-envelope.ts'
import type { NetworkHooks } from './network-hooks.ts'
import type { NetworkCommand, NetworkEvent } from './network-messages.ts'
import { ServedRequest } from './served-request.ts'

/**
 * Answers what a Worker asks through `hookedNetwork`, by the app's own `fetch` and `headers`. Returns what ends it, and every request with it;
 * requests of a Worker that has ended end by themselves.
 */
export function serveNetwork(port: MessagePort, hooks: NetworkHooks): () => void {
  const requests = new Map<number, ServedRequest>()
  const post = (event: NetworkEvent, transfer: Transferable[] = []): void => port.postMessage(event, transfer)
  port.onmessage = ({ data }: MessageEvent<NetworkCommand>) => {
    const { id } = data
    switch (data.type) {
      case 'fetch': {
        const request = new ServedRequest(id, post)
        requests.set(id, request)
        request
          .run(data, hooks)
          .catch((error: unknown) => post({ type: 'error', id, error: packError(error) }))
          .finally(() => requests.delete(id))
        break
      }
      case 'credit':
        requests.get(id)?.credit()
        break
      case 'abort':
        requests.get(id)?.abort()
        break
      default:
        data satisfies never
    }
  }
  const stop = (): void => {
    port.close()
    for (const request of requests.values()) request.abort()
  }
  // Where browsers tell it.
  port.addEventListener('close', stop)
  return stop
}
