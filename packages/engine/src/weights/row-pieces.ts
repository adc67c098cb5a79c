import { EngineError } from '../errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { maxReadBytes, type ReadPiece, type TensorSink } from './read-plan.ts'
import { undoInterleavedRope } from './rope-order.ts'
import type { LoadScratch } from './scratch.ts'
import type { TensorRows } from './tensor-shape.ts'

/** Most bytes that must be in memory together: a row, or a head whose rows change places. */
export const maxRunBytes = 16 * 1024 * 1024

/** Rows that are read and repacked together. */
export interface RowRun {
  readonly firstRow: number
  readonly rows: number
}

/**
 * Rows of all runs of a tensor but the last: of at most 2 MiB, unless a single row or head is longer.
 * @throws EngineError `file-limit-exceeded` when that passes 16 MiB
 */
export function rowsOfRun({ name, interleavedRopeHeadSize: unit = 1 }: TensorInfo, { rowBytes }: TensorRows): number {
  if (unit * rowBytes > maxRunBytes)
    throw new EngineError(
      'file-limit-exceeded',
      `${unit} rows of ${name} take ${unit * rowBytes} bytes, over the limit of ${maxRunBytes}: no supported model has such a tensor.`,
      { tensor: name, needed: unit * rowBytes, limit: maxRunBytes },
    )
  return Math.max(unit, Math.floor(maxReadBytes / rowBytes / unit) * unit)
}

/** The rows of a tensor in runs. @throws EngineError as {@link rowsOfRun} */
export function rowRuns(tensor: TensorInfo, shape: TensorRows): RowRun[] {
  const { rows } = shape
  const step = rowsOfRun(tensor, shape)
  return Array.from({ length: Math.ceil(rows / step) }, (_, index) => ({
    firstRow: index * step,
    rows: Math.min(step, rows - index * step),
  }))
}

/** What must be read for a sink. `source`: where the tensor's bytes are read. @throws EngineError as {@link rowRuns} */
export function rowPieces(
  sink: TensorSink,
  scratch: LoadScratch,
  runs: readonly RowRun[] = rowRuns(sink.tensor, sink.shape),
  source: ByteSource = sink.tensor.source,
): ReadPiece[] {
  const { tensor, shape } = sink
  const head = tensor.interleavedRopeHeadSize
  return runs.map(({ firstRow, rows }) => ({
    source,
    start: tensor.start + firstRow * shape.rowBytes,
    end: tensor.start + (firstRow + rows) * shape.rowBytes,
    take: (bytes) => {
      if (head === undefined) return sink.take(bytes, firstRow)
      const ordered = scratch.bytes(bytes.byteLength)
      undoInterleavedRope(bytes, ordered, shape.rowBytes, head)
      return sink.take(ordered, firstRow)
    },
  }))
}
