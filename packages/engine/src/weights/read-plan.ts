import { EngineError } from '../errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import type { TensorRows } from './tensor-shape.ts'

/** Bytes of one read: a run of rows of a large tensor, or several small tensors that lie together. */
export const maxReadBytes = 2 * 1024 * 1024
/** Small tensors further apart than this are read apart. */
const maxGapBytes = 64 * 1024
/** Most bytes that must be in memory together: a row, or a head whose rows change places. */
export const maxRunBytes = 16 * 1024 * 1024

/** What takes a tensor's rows, in the order of the Hugging Face matrix, in runs from first to last. */
export interface TensorSink {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  take(rows: Uint8Array, firstRow: number): void
}

export interface ReadPiece {
  readonly sink: TensorSink
  readonly firstRow: number
  readonly start: number
  readonly end: number
}

export interface ReadRange {
  readonly source: ByteSource
  readonly start: number
  readonly end: number
  readonly pieces: readonly ReadPiece[]
}

/**
 * Reads that bring every sink its rows, in file order, each ≤ 2 MiB unless a single run of rows is longer.
 * @throws EngineError `file-limit-exceeded` when such a run passes 16 MiB
 */
export function planReads(sinks: readonly TensorSink[]): ReadRange[] {
  const sources = new Map<ByteSource, number>()
  for (const { tensor } of sinks) if (!sources.has(tensor.source)) sources.set(tensor.source, sources.size)
  const order = (sink: TensorSink): number => sources.get(sink.tensor.source) ?? 0
  const sorted = [...sinks].sort((a, b) => order(a) - order(b) || a.tensor.start - b.tensor.start)

  const ranges: { source: ByteSource; start: number; end: number; pieces: ReadPiece[] }[] = []
  for (const piece of sorted.flatMap(piecesOf)) {
    const { source } = piece.sink.tensor
    const last = ranges.at(-1)
    const gap = last === undefined ? Number.NaN : piece.start - last.end
    if (last?.source === source && gap >= 0 && gap <= maxGapBytes && piece.end - last.start <= maxReadBytes) {
      last.pieces.push(piece)
      last.end = piece.end
    } else ranges.push({ source, start: piece.start, end: piece.end, pieces: [piece] })
  }
  return ranges
}

function piecesOf(sink: TensorSink): ReadPiece[] {
  const { tensor, shape } = sink
  const unit = tensor.interleavedRopeHeadSize ?? 1
  if (unit * shape.rowBytes > maxRunBytes)
    throw new EngineError(
      'file-limit-exceeded',
      `${unit} rows of ${tensor.name} take ${unit * shape.rowBytes} bytes, over the limit of ${maxRunBytes}: no supported model has such a tensor.`,
      { tensor: tensor.name, needed: unit * shape.rowBytes, limit: maxRunBytes },
    )
  const step = Math.max(unit, Math.floor(maxReadBytes / shape.rowBytes / unit) * unit)
  const pieces: ReadPiece[] = []
  for (let firstRow = 0; firstRow < shape.rows; firstRow += step) {
    const start = tensor.start + firstRow * shape.rowBytes
    const end = tensor.start + Math.min(shape.rows, firstRow + step) * shape.rowBytes
    pieces.push({ sink, firstRow, start, end })
  }
  return pieces
}
