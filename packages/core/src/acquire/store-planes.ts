import { type ByteSource, type Checkpoint, type PackedTensor, packCheckpoint } from '@sampan/engine'
import type { StoredForm } from '../store/store-types.ts'
import type { DownloadJob } from './download-job.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'

/** Reads all weights, those with uncommonly large values twice, and puts them into the store as the GPU takes them. */
export function storePlanes(
  job: DownloadJob,
  opened: RemoteCheckpoint,
  { bits, embeddingBits }: StoredForm & { readonly kind: 'planes' },
  signal: AbortSignal,
): Promise<readonly PackedTensor[]> {
  return packCheckpoint(readFrom(opened, job), {
    readAgain: (source) => again(source, job),
    ...(bits !== undefined && { bits }),
    ...(embeddingBits !== undefined && { embeddingBits }),
    ...(job.resumed?.pack && { from: job.resumed.pack }),
    signal,
    append: (bytes) => job.writer.append(bytes),
    onPacked: (state) => job.step(() => ({ pack: state() })),
  })
}

function again(source: ByteSource, job: DownloadJob): ByteSource {
  const files: readonly ByteSource[] = job.files
  return job.again(files.indexOf(source))
}

/** The same checkpoint, its weights read from the download. */
function readFrom({ checkpoint, files }: RemoteCheckpoint, job: DownloadJob): Checkpoint {
  const downloads = new Map(files.map(({ source }, index) => [source, job.files[index] ?? source] as const))
  const tensors = [...checkpoint.tensors].map(
    ([name, tensor]) => [name, { ...tensor, source: downloads.get(tensor.source) ?? tensor.source }] as const,
  )
  return { ...checkpoint, tensors: new Map(tensors) }
}
