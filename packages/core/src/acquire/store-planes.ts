import { type Checkpoint, type PackedTensor, packCheckpoint } from '@sampan/engine'
import type { StoredForm } from '../store/store-types.ts'
import type { DownloadJob } from './download-job.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** Reads all weights once and puts them into the store as the GPU takes them. */
export function storePlanes(
  job: DownloadJob,
  opened: RemoteCheckpoint,
  { bits, embeddingBits }: StoredForm & { readonly kind: 'planes' },
  signal: AbortSignal,
): Promise<readonly PackedTensor[]> {
  return packCheckpoint(readFrom(opened, job), {
    ...(bits !== undefined && { bits }),
    ...(embeddingBits !== undefined && { embeddingBits }),
    ...(job.resumed?.pack && { from: job.resumed.pack }),
    signal,
    append: (bytes) => job.writer.append(bytes),
    onPacked: (state) => job.step(() => ({ pack: state() })),
  })
}

/** The same checkpoint, its weights read from the download. */
function readFrom({ checkpoint, files }: RemoteCheckpoint, job: DownloadJob): Checkpoint {
  const downloads = new Map(files.map(({ source }, index) => [source, job.files[index] ?? source] as const))
  const tensors = [...checkpoint.tensors].map(
    ([name, tensor]) => [name, { ...tensor, source: downloads.get(tensor.source) ?? tensor.source }] as const,
  )
  return { ...checkpoint, tensors: new Map(tensors) }
}
