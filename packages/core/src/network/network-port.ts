import type { NetworkHooks } from './network-hooks.ts'
import { serveNetwork } from './serve-network.ts'

/** Gives ports behind which an app's own `fetch` and `headers` answer; undefined where it has none. */
export function networkPort({ fetch, headers }: NetworkHooks): () => MessagePort | undefined {
  const hooks: NetworkHooks = { ...(fetch && { fetch }), ...(headers && { headers }) }
  return () => {
    if (!fetch && !headers) return undefined
    const { port1, port2 } = new MessageChannel()
    serveNetwork(port1, hooks)
    return port2
  }
}
