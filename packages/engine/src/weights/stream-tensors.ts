import { EngineError } from '../errors.ts'
import { planReads, type ReadPiece, type ReadRange, type TensorSink } from './read-plan.ts'
import { undoInterleavedRope } from './rope-order.ts'

/** Reads under way while one is being repacked: hides the latency of a URL, at 2 MiB each. */
const readsAhead = 3

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined
  /** After each read, with the tensor bytes that it brought; awaited before the next. */
  readonly onRead: (bytes: number) => Promise<void>
}

/**
 * Reads the tensors of `sinks` in file order and gives each its rows.
 * @throws whatever a source, a sink or `onRead` throws; the signal's reason when it is aborted. No read is left under way.
 */
export async function streamTensors(sinks: readonly TensorSink[], { signal, onRead }: StreamOptions): Promise<void> {
  signal?.throwIfAborted()
  const ranges = planReads(sinks)
  const stop = new AbortController()
  const combined = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const reads: Promise<Uint8Array>[] = []
  let next = 0
  let scratch = new Uint8Array(0)
  try {
    for (const range of ranges) {
      while (next < ranges.length && reads.length <= readsAhead) {
        const wanted = ranges[next++]
        if (wanted !== undefined) reads.push(begin(wanted, combined))
      }
      const bytes = await reads.shift()
      signal?.throwIfAborted()
      if (bytes?.byteLength !== range.end - range.start)
        throw new EngineError(
          'file-truncated',
          `${range.source.name} gave ${bytes?.byteLength ?? 0} bytes of ${range.end - range.start} from byte ${range.start}: the file is incomplete, download it again.`,
          { name: range.source.name, start: range.start, end: range.end },
        )
      for (const piece of range.pieces) scratch = give(piece, bytes, range.start, scratch)
      await onRead(range.pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0))
    }
  } catch (error) {
    stop.abort()
    await Promise.allSettled(reads)
    throw error
  }
}

function begin(range: ReadRange, signal: AbortSignal): Promise<Uint8Array> {
  const read = range.source.read(range.start, range.end, signal)
  // Awaited later and in order: a failure meanwhile must not count as unhandled.
  read.catch(() => {})
  return read
}

function give(
  piece: ReadPiece,
  bytes: Uint8Array,
  start: number,
  scratch: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const rows = bytes.subarray(piece.start - start, piece.end - start)
  const { tensor, shape } = piece.sink
  if (tensor.interleavedRopeHeadSize === undefined) {
    piece.sink.take(rows, piece.firstRow)
    return scratch
  }
  const room = scratch.byteLength < rows.byteLength ? new Uint8Array(rows.byteLength) : scratch
  undoInterleavedRope(rows, room, shape.rowBytes, tensor.interleavedRopeHeadSize)
  piece.sink.take(room.subarray(0, rows.byteLength), piece.firstRow)
  return room
}
