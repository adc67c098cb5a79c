import type { RemoteFile } from '../hub/remote-model.ts'
import { type HttpOptions, withRetries } from '../sources/http.ts'
import { sourceChanged } from './file-errors.ts'
import { FileHash, type HashPosition, type HashTask } from './file-hash.ts'
import type { RangeClient } from './range-client.ts'

/** What a file is read into whose server knows no ranges. */
export interface WholeSink {
  /** What was handed out and hashed: the reading goes on there. All that was taken after it is forgotten. */
  restart(): Promise<HashPosition>
  /** The next bytes; resolves when there is room for more. */
  take(part: Uint8Array<ArrayBuffer>): Promise<void>
  /** Bytes that came, also those that had been handed out before. */
  onBytes(bytes: number): void
}

/**
 * Reads a file from a server without ranges: once, from its first byte. When it is cut it begins anew, and what had been handed out is
 * compared by its hash and left out.
 * @throws SampanError as `RangeClient.fetchRange`
 */
export function readWholeFile(
  client: RangeClient,
  file: RemoteFile,
  task: HashTask,
  sink: WholeSink,
  options: HttpOptions,
): Promise<void> {
  let furthest = 0
  return withRetries(
    async (connection) => {
      const before = await sink.restart()
      const { from: _from, plan: _plan, ...whole } = task
      const skipped = new FileHash(whole)
      let at = 0
      const skip = (part: Uint8Array): number => {
        const length = Math.min(part.length, before.position - at)
        skipped.update(part.subarray(0, length))
        if (length > 0 && at + length === before.position) {
          skipped.mark()
          if (skipped.export(before.position).file !== before.file) throw sourceChanged(file.url, { size: task.size })
        }
        return length
      }
      await client.readWhole(connection, task.size, async (part) => {
        sink.onBytes(part.length)
        const known = at < before.position ? skip(part) : 0
        if (known < part.length) await sink.take(part.subarray(known))
        at += part.length
        furthest = Math.max(furthest, at)
      })
    },
    () => furthest,
    options,
  )
}
