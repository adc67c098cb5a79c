import { EngineError } from '../errors.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import { MatrixPacker } from '../weights/matrix-packer.ts'
import type { PlaneTarget } from '../weights/plane-target.ts'
import { planReads } from '../weights/read-plan.ts'
import { maxRunBytes, rowPieces } from '../weights/row-pieces.ts'
import { LoadScratch } from '../weights/scratch.ts'
import { streamReads } from '../weights/stream-tensors.ts'
import { canBecome } from '../weights/tensor-format.ts'
import { matrixShape, vectorShape } from '../weights/tensor-shape.ts'
import { VectorPacker } from '../weights/vector-packer.ts'
import { crc32c } from './crc32c.ts'
import type { PackedRun, PackedTensor } from './packed-types.ts'
import { runBytes } from './run-recorder.ts'
import { isVector } from './run-section.ts'

/**
 * The bytes of one run once more, from the checkpoint's own files: to mend a packed file.
 * @throws EngineError `file-damaged` when they are not those that were packed: the checkpoint is another, or its file has changed;
 * `tensor-missing`, `tensor-shape-mismatch`, `tensor-values-invalid`, `file-truncated`; whatever a source throws; the signal's reason
 */
export async function packRun(
  checkpoint: Checkpoint,
  { name, kind, scaleShift }: PackedTensor,
  run: PackedRun,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const tensor = checkpoint.tensors.get(name)
  if (tensor === undefined)
    throw new EngineError(
      'tensor-missing',
      `The checkpoint has no tensor ${name}: it is not the one that was packed. Give the one that was.`,
      { tensor: name },
    )
  const shape = isVector(tensor) ? vectorShape(tensor) : matrixShape(tensor)
  const { firstRow, rows } = run
  const unit = tensor.interleavedRopeHeadSize ?? 1
  const isRun = rows > 0 && firstRow >= 0 && firstRow + rows <= shape.rows && firstRow % unit === 0 && rows % unit === 0
  if (!isRun || rows * shape.rowBytes > maxRunBytes || !canBecome(tensor, { kind, scaleShift }))
    throw differs(name, run)

  const scratch = new LoadScratch()
  let bytes = new Uint8Array(0)
  const target: PlaneTarget = {
    put: (section, words) => {
      bytes = runBytes(section, words).slice()
    },
  }
  const packer = isVector(tensor)
    ? new VectorPacker(scratch, tensor, shape, target)
    : new MatrixPacker(scratch, tensor, shape, { kind, scaleShift }, target)
  await streamReads(planReads(rowPieces(packer, scratch, [run])), { signal, onRead: () => {} })
  if (bytes.byteLength !== run.bytes || crc32c(bytes) !== run.crc) throw differs(name, run)
  return bytes
}

function differs(name: string, { firstRow, rows, offset, bytes }: PackedRun): EngineError {
  return new EngineError(
    'file-damaged',
    `Rows ${firstRow}–${firstRow + rows - 1} of ${name} are not in the model's files what was stored of them: delete the stored model and download it again.`,
    { tensor: name, firstRow, rows, offset, bytes },
  )
}
