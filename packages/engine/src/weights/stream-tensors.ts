import { EngineError } from '../errors.ts'
import { bytesOf, planReads, type ReadRange, type TensorSink } from './read-plan.ts'
import { rowPieces } from './row-pieces.ts'
import { LoadScratch } from './scratch.ts'

/** Reads under way while one is being repacked: hides the latency of a URL, at 2 MiB each. */
const readsAhead = 3
/** Of all reads under way, unless one alone is longer: four of 2 MiB, which may be a little longer where planes are read. */
const maxBytesUnderWay = 10 * 1024 * 1024

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined
  /** After each read, with the tensor bytes that it brought; awaited before the next. */
  readonly onRead: (bytes: number) => void | Promise<void>
}

/**
 * Reads the tensors of `sinks` in file order and gives each its rows.
 * @throws as {@link streamReads}
 */
export function streamTensors(
  sinks: readonly TensorSink[],
  options: StreamOptions,
  scratch: LoadScratch = new LoadScratch(),
): Promise<void> {
  return streamReads(planReads(sinks.flatMap((sink) => rowPieces(sink, scratch))), options)
}

/**
 * Does the reads in their order, a few at a time, and gives each piece its bytes.
 * @throws EngineError `file-truncated`; whatever a source, a piece or `onRead` throws; the signal's reason when it is aborted. No
 * read is left under way.
 */
export async function streamReads(ranges: readonly ReadRange[], { signal, onRead }: StreamOptions): Promise<void> {
  signal?.throwIfAborted()
  const stop = new AbortController()
  const combined = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const reads: Promise<Uint8Array<ArrayBuffer>>[] = []
  let next = 0
  let underWay = 0
  try {
    for (const range of ranges) {
      for (let wanted = ranges[next]; wanted !== undefined && reads.length <= readsAhead; wanted = ranges[next]) {
        const length = wanted.end - wanted.start
        if (reads.length > 0 && underWay + length > maxBytesUnderWay) break
        reads.push(begin(wanted, combined))
        underWay += length
        next += 1
      }
      const bytes = await reads.shift()
      signal?.throwIfAborted()
      if (bytes?.byteLength !== range.end - range.start)
        throw new EngineError(
          'file-truncated',
          `${range.source.name} gave ${bytes?.byteLength ?? 0} bytes of ${range.end - range.start} from byte ${range.start}: the file is incomplete, download it again.`,
          { name: range.source.name, start: range.start, end: range.end },
        )
      for (const { start, end, take } of range.pieces) {
        const taken = take(bytes.subarray(start - range.start, end - range.start))
        if (taken) await taken
      }
      await onRead(bytesOf(range))
      underWay -= range.end - range.start
    }
  } catch (error) {
    stop.abort()
    await Promise.allSettled(reads)
    throw error
  }
}

function begin(range: ReadRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const read = range.source.read(range.start, range.end, signal)
  // Awaited later and in order: a failure meanwhile must not count as unhandled.
  read.catch(() => {})
  return read
}
