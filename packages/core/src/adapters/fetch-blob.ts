import { SampanError } from '../errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import type { Network } from '../network/network.ts'
import { canHash, sha256 } from '../sampan/sha256.ts'
import { checkpointBlob } from '../sources/checkpoint-blob.ts'
import { openRemoteFile } from '../sources/model-folder.ts'

/** An adapter is read whole: one of rank 256 over all of a 7B model has 1.3 GB in 16 bits. */
export const MAX_ADAPTER_BYTES = 2 ** 31

/** Bytes of a file that have come; they fall where it is fetched once more. */
type OnBytes = (loaded: number) => void

/**
 * A file of an adapter, whole, and what its hub says it is.
 * @throws SampanError `hash-mismatch` when it is another, twice; `file-limit-exceeded`
 */
export async function fetchBlob(
  file: RemoteFile,
  network: Network,
  signal: AbortSignal,
  { limit = MAX_ADAPTER_BYTES, onBytes = () => {} }: { readonly limit?: number; readonly onBytes?: OnBytes } = {},
): Promise<Blob> {
  // Once more: what was changed on the way may come whole the next time.
  const once = (network: Network): Promise<Blob | undefined> => fetchOnce(file, network, signal, limit, onBytes)
  const blob = (await once(network)) ?? (await once(fresh(network)))
  if (blob) return blob
  throw new SampanError(
    'hash-mismatch',
    `${file.path} is not the file that ${new URL(file.url).host} lists: its content was changed on the way or at the server. Try again later, or take another copy of the adapter.`,
    { file: file.path },
  )
}

/** Neither the browser's cache nor what was answered before. */
function fresh(network: Network): Network {
  return { fetch: (request) => network.fetch({ ...request, fresh: true }) }
}

/** Undefined for another file than is listed. */
async function fetchOnce(
  file: RemoteFile,
  network: Network,
  signal: AbortSignal,
  limit: number,
  onBytes: OnBytes,
): Promise<Blob | undefined> {
  const source = await openRemoteFile(file, network, signal)
  if (source.size > limit)
    throw new SampanError(
      'file-limit-exceeded',
      `${file.path} has ${source.size} bytes; an adapter’s may have ${limit}.`,
      {
        path: file.path,
        limit,
      },
    )
  const blob = await checkpointBlob(source, ({ loaded }) => onBytes(loaded), signal)
  if (file.sha256 === undefined || !canHash()) return blob
  return (await sha256(new Uint8Array(await blob.arrayBuffer()))) === file.sha256 ? blob : undefined
}
