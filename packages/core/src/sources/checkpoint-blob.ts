import type { ByteSource, Checkpoint } from '@sampan/engine'
import type { BackendProgress } from '../backend.ts'
import { SampanError } from '../errors.ts'

/** Read at once, in bytes: what a cut connection costs at most, and small beside what a Blob may keep on disk. */
const PART_BYTES = 8 << 20

/** Sources behind a URL hold about as much of their beginning, since headers are read first. */
const HEAD_BYTES = 1 << 20

/**
 * The one file of a checkpoint.
 * @throws SampanError `format-unsupported` when there are more
 */
export function checkpointFile({ tensors }: Checkpoint): ByteSource {
  const sources = new Set([...tensors.values()].map(({ source }) => source))
  const [file] = sources
  if (!file || sources.size > 1)
    throw new SampanError(
      'format-unsupported',
      'The CPU backend (wllama) runs models in one file only: join its parts.',
    )
  return file
}

/** A checkpoint's whole file as a Blob, read in ranges with the retries and checks that its source has. */
export async function checkpointBlob(
  file: ByteSource,
  onProgress: (progress: BackendProgress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const { size } = file
  const parts: Blob[] = []
  onProgress({ phase: 'weights', loaded: 0, total: size })
  for (let start = 0, end = HEAD_BYTES; start < size; start = end, end = start + PART_BYTES) {
    end = Math.min(size, end)
    // A Blob of each part at once: the browser may put it on disk while the next one comes.
    parts.push(new Blob([await file.read(start, end, signal)]))
    onProgress({ phase: 'weights', loaded: end, total: size })
  }
  return new Blob(parts)
}
