import type { HubDescription } from '../hub/hubs.ts'
import type { Network } from './network.ts'

/**
 * Sends `token` along with what is asked of the hub's own origin, and nowhere else: browsers drop `Authorization` on a redirect to another
 * origin, as to the CDN. Whoever asks through this need not know the token, so that it is in no error, log or stored data.
 */
export function authorizedNetwork(network: Network, hub: HubDescription, token: string | undefined): Network {
  if (token === undefined || token === '') return network
  const { origin } = new URL(hub.base)
  return {
    fetch: (request) =>
      network.fetch(
        new URL(request.url).origin === origin
          ? { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } }
          : request,
      ),
  }
}
