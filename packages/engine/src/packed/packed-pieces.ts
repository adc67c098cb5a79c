import { EngineError } from '../errors.ts'
import type { PlaneTarget } from '../weights/plane-target.ts'
import type { ReadPiece } from '../weights/read-plan.ts'
import { crc32c } from './crc32c.ts'
import type { PackedPlace, PackedRun, PackedTensor } from './packed-types.ts'
import { runSection } from './run-section.ts'

/**
 * The runs of a packed tensor: each is checked when it is read, and put where it belongs. `withPacked` has checked their bounds.
 * @param columns undefined for a vector
 */
export function packedPieces(
  { file, tensor }: PackedPlace,
  columns: number | undefined,
  target: PlaneTarget,
): ReadPiece[] {
  return tensor.runs.map((run, index) => ({
    source: file,
    start: run.offset,
    end: run.offset + run.bytes,
    take: (bytes) => {
      if (crc32c(bytes) !== run.crc) throw damaged(file.name, tensor, run, index)
      return target.put(runSection(tensor, run.rows, columns), wordsOf(bytes), run.firstRow)
    },
  }))
}

function wordsOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Uint32Array(buffer, byteOffset, byteLength / 4)
}

function damaged(file: string, { name }: PackedTensor, run: PackedRun, index: number): EngineError {
  const { firstRow, rows, offset, bytes } = run
  return new EngineError(
    'file-damaged',
    `${bytes} bytes at ${offset} of ${file} are not those that were stored (rows ${firstRow}–${firstRow + rows - 1} of ${name}): mend them from the model's source, or delete it and download it again.`,
    { tensor: name, run: index, firstRow, rows, offset, bytes },
  )
}
