import { type ErrorEnvelope, unpackError } from '../worker/error-envelope.ts'
import type { Network, NetworkRequest } from './network.ts'
import type { NetworkCommand, NetworkEvent } from './network-messages.ts'
import { PortedBody } from './ported-body.ts'

/** Statuses that have no body, by the Fetch standard. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304]

/** A request that is on its way. */
interface Pending {
  take(event: NetworkEvent): void
}

/** The page's network in a Worker; the page calls `serveNetwork` with the other end of `port`. */
export function hookedNetwork(port: MessagePort): Network {
  const pending = new Map<number, Pending>()
  let count = 0
  port.onmessage = ({ data }: MessageEvent<NetworkEvent>) => pending.get(data.id)?.take(data)
  return {
    fetch: (request) => {
      const id = ++count
      return ask(id, request, {
        post: (command) => port.postMessage(command),
        listen: (entry) => void pending.set(id, entry),
        forget: () => void pending.delete(id),
      })
    },
  }
}

interface Line {
  post(command: NetworkCommand): void
  listen(entry: Pending): void
  forget(): void
}

function ask(
  id: number,
  { url, headers, signal, method, redirectedFrom }: NetworkRequest,
  line: Line,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const finish = (): void => {
      line.forget()
      signal.removeEventListener('abort', abort)
    }
    const body = new PortedBody(
      () => line.post({ type: 'credit', id }),
      () => {
        line.post({ type: 'abort', id })
        finish()
      },
    )
    const fail = (error: unknown): void => {
      finish()
      body.fail(error)
      reject(error)
    }
    const abort = (): void => {
      line.post({ type: 'abort', id })
      fail(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    line.listen({
      take(event) {
        switch (event.type) {
          case 'response':
            resolve(responseOf(event, body.stream))
            break
          case 'chunk':
            body.add(event.bytes)
            break
          case 'end':
            finish()
            body.end()
            break
          case 'error':
            fail(errorOf(event.error))
            break
          default:
            event satisfies never
        }
      },
    })
    const more = { ...(method && { method }), ...(redirectedFrom !== undefined && { redirectedFrom }) }
    line.post({ type: 'fetch', id, url, headers: { ...headers }, ...more })
  })
}

/** What an app's own `fetch` throws is no fault of Sampan's. */
function errorOf(error: ErrorEnvelope): Error {
  return error.kind === 'other' ? Object.assign(new Error(error.message), { name: error.name }) : unpackError(error)
}

function responseOf(
  { url, status, statusText, headers }: NetworkEvent & { readonly type: 'response' },
  stream: ReadableStream<Uint8Array>,
): Response {
  const body = WITHOUT_BODY.includes(status) ? null : stream
  const response = new Response(body, { status, statusText, headers: headers.map(([name, value]) => [name, value]) })
  // One made by hand has none, and it is where a redirect led to.
  return Object.defineProperty(response, 'url', { value: url })
}
