import type { ByteSource } from './byte-source.ts'
import { checkRange } from './check-range.ts'

/** A file that is in memory already. `bytes` is not copied and must not change while it is read from. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    async read(start, end, signal) {
      signal?.throwIfAborted()
      checkRange(name, bytes.byteLength, start, end)
      return new Uint8Array(bytes.subarray(start, end))
    },
  }
}
