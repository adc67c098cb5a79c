import type { ByteSource } from '../formats/byte-source.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import type { TensorRows } from './tensor-shape.ts'

/** Bytes of one read: a run of rows of a large tensor, or several small tensors that lie together. */
export const maxReadBytes = 2 * 1024 * 1024
/** Small pieces further apart than this are read apart. */
const maxGapBytes = 64 * 1024

/** What takes a tensor's rows, in the order of the Hugging Face matrix, in runs from first to last. */
export interface TensorSink {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  take(rows: Uint8Array<ArrayBuffer>, firstRow: number): void | Promise<void>
}

/** Bytes that are wanted together, and who takes them. */
export interface ReadPiece {
  readonly source: ByteSource
  readonly start: number
  readonly end: number
  /** The array is not kept. */
  readonly take: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>
}

export interface ReadRange {
  readonly source: ByteSource
  readonly start: number
  readonly end: number
  readonly pieces: readonly ReadPiece[]
}

/** Reads that bring every piece, in file order (files in the order in which pieces name them), each ≤ 2 MiB unless a piece is longer. */
export function planReads(pieces: readonly ReadPiece[]): ReadRange[] {
  const sources = new Map<ByteSource, number>()
  for (const { source } of pieces) if (!sources.has(source)) sources.set(source, sources.size)
  const order = ({ source }: ReadPiece): number => sources.get(source) ?? 0
  const sorted = [...pieces].sort((a, b) => order(a) - order(b) || a.start - b.start)

  const ranges: { source: ByteSource; start: number; end: number; pieces: ReadPiece[] }[] = []
  for (const piece of sorted) {
    const last = ranges.at(-1)
    const gap = last === undefined ? Number.NaN : piece.start - last.end
    if (last?.source === piece.source && gap >= 0 && gap <= maxGapBytes && piece.end - last.start <= maxReadBytes) {
      last.pieces.push(piece)
      last.end = piece.end
    } else ranges.push({ source: piece.source, start: piece.start, end: piece.end, pieces: [piece] })
  }
  return ranges
}

/** Tensor bytes of a read. */
export const bytesOf = ({ pieces }: ReadRange): number =>
  pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0)
