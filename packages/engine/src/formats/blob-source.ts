import type { ByteSource } from './byte-source.ts'
import { checkRange } from './check-range.ts'

/** A `File` the user chose, or any other `Blob`. */
export function blobSource(blob: Blob, name: string = 'name' in blob ? String(blob.name) : 'blob'): ByteSource {
  return {
    name,
    size: blob.size,
    async read(start, end, signal) {
      signal?.throwIfAborted()
      checkRange(name, blob.size, start, end)
      const buffer = await blob.slice(start, end).arrayBuffer()
      signal?.throwIfAborted()
      return new Uint8Array(buffer)
    },
  }
}
