import type { ByteSource } from '../formats/byte-source.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import { checkBits } from '../weights/check-bits.ts'
import { MatrixPacker, type Packer } from '../weights/matrix-packer.ts'
import { bytesOf, planReads, type ReadRange } from '../weights/read-plan.ts'
import { rowPieces } from '../weights/row-pieces.ts'
import { LoadScratch } from '../weights/scratch.ts'
import { streamReads } from '../weights/stream-tensors.ts'
import { VectorPacker } from '../weights/vector-packer.ts'
import { checkPackState } from './check-pack-state.ts'
import type { PackedTensor, PackOptions, PackState } from './packed-types.ts'
import { RunRecorder } from './run-recorder.ts'
import { type UsedTensor, unpacked, usedTensors } from './used-tensors.ts'

/** A tensor on its way into the file. */
interface Packing {
  readonly name: string
  readonly packer: Packer
  readonly recorder: RunRecorder
}

/**
 * Packs every tensor that the model uses: reads it, repacks its rows on the CPU and appends the planes, the very bits that
 * `loadEngine` would upload with the same options. JS memory stays under 16 MB, where no
 * single row or head takes more than 2 MiB and rows have 32 columns or more.
 *
 * Sources are read in order, each from its beginning to its end, one after the other as the checkpoint names them, four reads of
 * ≤ 2 MiB under way. Then those tensors are read once more, by `readAgain`, that have uncommonly large values; what was appended
 * of them before stays in the file unused.
 *
 * A call that ends early can be gone on with from any state that `onPacked` gave: the file is then, byte for byte, what one call
 * makes of it, if it is cut to where it was at that state.
 * @throws EngineError as `describeModel`; `option-invalid`; `tensor-values-invalid` for NaN, infinities and values too large for
 * any format; `file-truncated`; `file-limit-exceeded`; `file-damaged` where `from` is of another checkpoint, of other options, or of a
 * version that packed otherwise: what is there of the file is of no use, and packing begins anew; whatever a source, `append` or
 * `onPacked` throws; the signal's reason
 */
export async function packCheckpoint(checkpoint: Checkpoint, options: PackOptions): Promise<readonly PackedTensor[]> {
  checkBits(options)
  const { signal, onPacked, readAgain, append } = options
  const scratch = new LoadScratch()
  const used = usedTensors(unpacked(checkpoint), options)
  const from = options.from && checkPackState(options.from, used)
  const packings = used.map((tensor) => makePacking(tensor, scratch, append, from))
  const ranges = planReads(packings.flatMap(({ packer }) => rowPieces(packer, scratch)))
  const total = ranges.reduce((sum, range) => sum + bytesOf(range), 0)
  const again = new Set(from?.again)
  let reads = from?.reads ?? 0
  let loaded = ranges.slice(0, reads).reduce((sum, range) => sum + bytesOf(range), 0)
  const state = (): PackState => ({ reads, tensors: packings.flatMap(packedOf), again: [...again] })
  const stream = (rest: readonly ReadRange[], isFirst: boolean): Promise<void> =>
    streamReads(rest, {
      signal,
      onRead: (bytes) => {
        reads += 1
        if (isFirst) {
          loaded += bytes
          noteOverflows(packings, again)
        }
        return onPacked?.(state, { loaded, total })
      },
    })

  await stream(ranges.slice(reads), true)
  const wider = packings.filter(({ name }) => again.has(name))
  for (const { packer } of wider) packer.fallBack()
  const sources = new Map<ByteSource, ByteSource>()
  const second = wider.flatMap(({ packer }) => {
    const { source } = packer.tensor
    const other = sources.get(source) ?? readAgain?.(source) ?? source
    sources.set(source, other)
    return rowPieces(packer, scratch, undefined, other)
  })
  await stream(planReads(second).slice(reads - ranges.length), false)
  // Two formats are all there are: this says which tensor has values too large for both.
  for (const { packer } of wider) if (packer.overflowed) packer.fallBack()
  return packings.flatMap(packedOf)
}

function makePacking(
  { tensor, shape, vector, format }: UsedTensor,
  scratch: LoadScratch,
  append: PackOptions['append'],
  from: PackState | undefined,
): Packing {
  const { name } = tensor
  const recorder = new RunRecorder(append, from?.tensors.find((known) => known.name === name)?.runs ?? [])
  const packer = vector
    ? new VectorPacker(scratch, tensor, shape, recorder)
    : new MatrixPacker(scratch, tensor, shape, format, recorder, from?.again.includes(name))
  return { name, packer, recorder }
}

function noteOverflows(packings: readonly Packing[], again: Set<string>): void {
  for (const { name, packer, recorder } of packings) {
    if (!packer.overflowed || again.has(name)) continue
    again.add(name)
    recorder.clear()
  }
}

function packedOf({ name, packer, recorder }: Packing): PackedTensor[] {
  const { kind, scaleShift } = packer.format
  return recorder.runs.length === 0 ? [] : [{ name, kind, scaleShift, runs: [...recorder.runs] }]
}
