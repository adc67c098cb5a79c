import type { ModelSource } from '../backend.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import type { HubContext } from './hub-context.ts'
import type { RemoteModel } from './remote-model.ts'
import { resolveRepository } from './resolve-repository.ts'
import { resolveUrl } from './resolve-url.ts'

export type RemoteSource = Extract<ModelSource, { readonly kind: 'hub' | 'url' }>

/**
 * Finds the files of a model on a server by small requests: no weights, no headers. Of a hub, all is pinned to the commit that the
 * revision stands for now.
 * @throws SampanError `source-not-found`, `source-forbidden` (private, gated), `source-ambiguous`, `source-unavailable`, `network-failed`,
 *   `not-a-model-file`, `file-limit-exceeded`; EngineError of an index of shards that is none
 */
export function resolveModel(source: RemoteSource, context: HubContext): Promise<RemoteModel> {
  const { token, ...others } = context
  if (source.kind === 'url') return resolveUrl(source, others)
  const network = authorizedNetwork(context.network, context.hub, token)
  return resolveRepository(source, { ...others, network }, token !== undefined && token !== '')
}
