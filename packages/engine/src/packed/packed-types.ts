import type { WeightBits } from '../engine-types.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import type { PlaneKind } from '../weights/plane-format.ts'

/** Names what the bytes of packed tensors mean (`weights/plane-format.ts`); kernels may change without it. */
export const planeFormatVersion = 1

/**
 * Rows `[firstRow, firstRow + rows)` of a matrix as planes, one after the other as `layoutSection(kind, rows, columns, 0)` lays them
 * out, or so many elements of a vector as f32. What is left to a multiple of 16 bytes is zero.
 */
export interface PackedRun {
  readonly firstRow: number
  readonly rows: number
  /** Where it lies in the packed file, in bytes; a multiple of 16. */
  readonly offset: number
  readonly bytes: number
  /** CRC-32C of these bytes, unsigned. */
  readonly crc: number
}

/** A tensor whose rows are stored as planes, in Hugging Face's order of rows. A vector's kind is f32. Plain JSON. */
export interface PackedTensor {
  /** Canonical. */
  readonly name: string
  readonly kind: PlaneKind
  readonly scaleShift: number
  /** All rows, in order. */
  readonly runs: readonly PackedRun[]
}

/** Where a checkpoint's tensor lies packed. */
export interface PackedPlace {
  readonly file: ByteSource
  readonly tensor: PackedTensor
}

/** How far packing has come: plain JSON. Only to be gone on with for the same checkpoint and options. */
export interface PackState {
  /** Reads of the plan that are done, with all they brought in the sink. */
  readonly reads: number
  /** Of the reads that are done. */
  readonly tensors: readonly PackedTensor[]
  /** Tensors with values too large for their first format, to be read again at the end. */
  readonly again: readonly string[]
}

/** Bits as `LoadEngineOptions` has them, with the same defaults. */
export interface PackBits {
  readonly bits?: WeightBits | undefined
  readonly embeddingBits?: WeightBits | undefined
}

export interface PackOptions extends PackBits {
  /** Where an earlier call was ended. */
  readonly from?: PackState | undefined
  readonly signal?: AbortSignal | undefined
  /** Puts bytes at the end of the packed file; the array is used again after that. Resolves to where they begin, a multiple of 16. */
  readonly append: (bytes: Uint8Array<ArrayBuffer>) => number | Promise<number>
  /**
   * How to read what has been read before, for tensors that are packed again because a value was too large for their first format:
   * for sources that can be read only once, in order. Default: the tensor's own source.
   */
  readonly readAgain?: ((source: ByteSource) => ByteSource) | undefined
  /** After each read, awaited. `state()` is what a later call goes on from; it is dear, so ask for it when it is to be kept. */
  readonly onPacked?: (
    state: () => PackState,
    progress: { readonly loaded: number; readonly total: number },
  ) => void | Promise<void>
}
