import { connectToServer } from '@sampan/backends/openai-compatible'
import type { ServerCredentials, ServerSource } from '../load/fallback-types.ts'
import type { Place } from '../load/place.ts'
import { attempt, unwrap } from '../worker/error-envelope.ts'
import { splitting } from '../worker/split-thoughts.ts'
import { PageClient } from './page-client.ts'

/** A model on a server. Loaded when it is asked for: most pages never do. */
export async function openServer(
  { url, model, kind, patienceSeconds }: ServerSource,
  credentials: ServerCredentials,
  signal: AbortSignal,
): Promise<Place> {
  const options = {
    baseUrl: url,
    ...credentials,
    ...(model !== undefined && { model }),
    ...(kind !== undefined && { server: kind }),
    ...(patienceSeconds !== undefined && { patienceSeconds }),
  }
  // As across a Worker: every error is one of core's own.
  const remote = unwrap(await attempt(() => connectToServer(options, { signal })))
  return { client: new PageClient(splitting(remote)), info: remote.info }
}
