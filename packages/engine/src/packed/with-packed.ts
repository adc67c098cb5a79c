import { EngineError } from '../errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import type { Checkpoint, TensorInfo } from '../formats/checkpoint.ts'
import { rowsOfRun } from '../weights/row-pieces.ts'
import { canBecome } from '../weights/tensor-format.ts'
import { findOverlap } from './find-overlap.ts'
import type { PackedRun, PackedTensor } from './packed-types.ts'
import { readPackedTensors } from './read-packed-tensors.ts'
import { runSection } from './run-section.ts'
import { type UsedTensor, unpacked, usedTensors } from './used-tensors.ts'

/** Bytes of one run: what 2 MiB of rows of very few columns, or 16 MiB of a single row, can become. Usual ones take 2 MiB. */
const maxPackedRunBytes = 32 * 1024 * 1024
const largestCrc = 0xffff_ffff

/**
 * The same checkpoint with its tensors in a packed file: `loadEngine` reads them there, checks each run and uploads it as it is.
 * Its own files are not read again. Nothing that `tensors` and `file` say is trusted.
 * @param checkpoint config and directory of what was packed, of which the weights need not be at hand
 * @throws EngineError as `describeModel`; `file-limit-exceeded` for rows of over 16 MiB; `file-malformed` where `tensors` do not go with
 * the checkpoint; `file-truncated` where they pass the end of the file. Loading: `file-damaged` with {tensor, run, firstRow, rows, offset,
 * bytes} for a run whose bytes are not those that were packed; `option-invalid` where other `bits` are asked for than it is packed to.
 */
export function withPacked(checkpoint: Checkpoint, file: ByteSource, tensors: readonly PackedTensor[]): Checkpoint {
  const used = new Map(usedTensors(unpacked(checkpoint), {}).map((tensor) => [tensor.tensor.name, tensor]))
  const places = new Map<string, TensorInfo>()
  const read = readPackedTensors(file.name, tensors)
  for (const tensor of read) {
    const own = used.get(tensor.name)
    if (own === undefined) throw malformed(file, tensor.name, 'the model has no such tensor')
    if (places.has(tensor.name)) throw malformed(file, tensor.name, 'it is there twice')
    checkTensor(file, own, tensor)
    places.set(tensor.name, { ...own.tensor, packed: { file, tensor } })
  }
  const overlapping = findOverlap(read)
  if (overlapping) throw malformed(file, overlapping.name, 'bytes of it are of other rows too')
  for (const name of used.keys()) if (!places.has(name)) throw malformed(file, name, 'it is missing')
  return { ...checkpoint, tensors: new Map([...checkpoint.tensors, ...places]) }
}

function checkTensor(file: ByteSource, { tensor: info, shape, vector }: UsedTensor, tensor: PackedTensor): void {
  const { name, kind, scaleShift, runs } = tensor
  if (!canBecome(info, tensor))
    throw malformed(file, name, `${info.type} does not become planes of ${kind.bits} ${kind.scale} ${scaleShift}`)
  const step = rowsOfRun(info, shape)
  let row = 0
  for (const run of runs) {
    if (!isRun(run, row, shape.rows, step, info.interleavedRopeHeadSize))
      throw malformed(file, name, `its rows ${run.firstRow}–${run.firstRow + run.rows - 1} are out of place`)
    row += run.rows
    const bytes = 4 * runSection(tensor, run.rows, vector ? undefined : shape.columns).end
    if (run.bytes !== bytes || bytes > maxPackedRunBytes)
      throw malformed(file, name, `${run.rows} rows do not take ${run.bytes} bytes`)
    if (run.offset + run.bytes <= file.size) continue
    throw new EngineError(
      'file-truncated',
      `${file.name} ends at byte ${file.size}, but ${name} is stored up to ${run.offset + run.bytes}: delete the model and download it again.`,
      { name: file.name, size: file.size, tensor: name, end: run.offset + run.bytes },
    )
  }
  if (row !== shape.rows) throw malformed(file, name, `${row} of ${shape.rows} rows are there`)
}

/** @param head rows that change places, and are packed together */
function isRun({ firstRow, rows, offset, crc }: PackedRun, next: number, all: number, most: number, head = 1): boolean {
  const fits = firstRow === next && rows > 0 && rows <= Math.min(most, all - next) && rows % head === 0
  return fits && offset % 16 === 0 && crc <= largestCrc
}

function malformed({ name }: ByteSource, tensor: string, why: string): EngineError {
  return new EngineError(
    'file-malformed',
    `${name} does not hold ${tensor} as its model needs it (${why}): delete the model and download it again.`,
    { name, tensor },
  )
}
