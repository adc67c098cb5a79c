import { crc32c } from '@sampan/engine'
import type { StoredPiece } from '../store/store-types.ts'
import type { DownloadJob } from './download-job.ts'

/** Bytes with a checksum of their own; a multiple of 16, so that the pieces of a file lie without gaps. */
const PIECE_BYTES = 2 << 20

/** Where each file begins in the store, and what there is of all. */
export interface StoredFiles {
  readonly offsets: readonly number[]
  readonly pieces: readonly StoredPiece[]
}

/** Puts the weights' files into the store as they are, one after another. */
export async function storeFiles(job: DownloadJob, signal: AbortSignal): Promise<StoredFiles> {
  const pieces: StoredPiece[] = [...(job.resumed?.pieces ?? [])]
  const offsets: number[] = []
  let index = 0
  for (const file of job.files) {
    const first = index
    for (let start = 0; start < file.size; index++) {
      const known = pieces[index]
      if (known) {
        start += known.bytes
        continue
      }
      const bytes = await file.read(start, Math.min(file.size, start + PIECE_BYTES), signal)
      pieces.push({ offset: await job.writer.append(bytes), bytes: bytes.length, crc: crc32c(bytes) })
      start += bytes.length
      await job.step(() => ({ pieces: [...pieces] }))
    }
    offsets.push(pieces[first]?.offset ?? job.writer.length)
  }
  return { offsets, pieces }
}
