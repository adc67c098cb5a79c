import { SampanError } from '../errors.ts'
import { canHash, sha256 } from '../sampan/sha256.ts'
import type { StoredAdapter } from './adapter-store.ts'
import { MAX_ADAPTER_BYTES } from './fetch-blob.ts'

/** Of the weights, and of the config where there is one. */
export async function digestOf({
  weights,
  config,
}: Pick<StoredAdapter, 'weights' | 'config'>): Promise<string | undefined> {
  if (!canHash()) return undefined
  if (weights.size > MAX_ADAPTER_BYTES)
    throw new SampanError(
      'file-limit-exceeded',
      `An adapter of ${weights.size} bytes is more than ${MAX_ADAPTER_BYTES}.`,
      {
        limit: MAX_ADAPTER_BYTES,
      },
    )
  const parts = [weights, ...(config === undefined ? [] : [new Blob([config])])]
  const digests: string[] = []
  for (const part of parts) digests.push(await sha256(new Uint8Array(await part.arrayBuffer())))
  const [only] = digests
  return digests.length === 1 ? only : sha256(new TextEncoder().encode(digests.join()))
}
