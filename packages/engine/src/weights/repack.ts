import type { TensorType } from '../formats/checkpoint.ts'
import { blockSizes } from '../formats/tensor-types.ts'
import type { PlaneSection } from './plane-format.ts'
import { repackBrain, repackFloat32, repackHalf } from './repack-float.ts'
import { repackK6Blocks, repackK45Blocks } from './repack-k.ts'
import { repackByteBlocks, repackNibbleBlocks } from './repack-legacy.ts'
import { rowWords } from './section.ts'

/**
 * `overflow`: a scale left binary16 after `scaleShift`, or a value left f16: the planes hold an infinity and are of no
 * use. `invalid`: the source holds a NaN or an infinity.
 */
export type RepackOutcome = 'done' | 'overflow' | 'invalid'

/** What the repackers of one type work on: whole rows, and where the first of them begins in each plane (u32 words). */
export interface RepackJob {
  readonly source: Uint8Array
  readonly words: Uint32Array
  /** `words` as f16 bits. */
  readonly halves: Uint16Array
  /** `words` as float32. */
  readonly floats: Float32Array
  readonly rows: number
  readonly columns: number
  /** Groups of 32 in a padded row. */
  readonly groups: number
  readonly quants: number
  readonly high: number
  readonly scales: number
  readonly blocks: number
  readonly scaleShift: number
}

/**
 * Converts whole rows of a tensor into a section's planes. `source` holds rows `[firstRow, firstRow + n)` in the section's
 * order, `words` the whole buffer that the section's offsets refer to. Written for hundreds of megabytes a load: nothing is
 * allocated per element or group.
 */
export function repackRows(
  type: TensorType,
  source: Uint8Array,
  section: PlaneSection,
  firstRow: number,
  words: Uint32Array,
): RepackOutcome {
  const block = blockSizes[type]
  const rows = source.byteLength / ((section.columns / block.elements) * block.bytes)
  if (!Number.isInteger(rows) || firstRow + rows > section.rows || section.end > words.length)
    throw new RangeError(`repackRows: ${source.byteLength} bytes of ${type} are no rows of ${section.columns}`)
  const own = rowWords(section.kind, section.columns)
  const job: RepackJob = {
    source,
    words,
    halves: new Uint16Array(words.buffer, words.byteOffset, words.length * 2),
    floats: new Float32Array(words.buffer, words.byteOffset, words.length),
    rows,
    columns: section.columns,
    groups: section.paddedColumns / 32,
    quants: section.quants + firstRow * own.quants,
    high: section.high + firstRow * own.high,
    scales: section.scales + firstRow * own.scales,
    blocks: section.blocks + firstRow * own.blocks,
    scaleShift: section.scaleShift,
  }
  switch (type) {
    case 'Q4_0':
      return repackNibbleBlocks(job, false, false)
    case 'Q4_1':
      return repackNibbleBlocks(job, true, false)
    case 'Q5_0':
      return repackNibbleBlocks(job, false, true)
    case 'Q5_1':
      return repackNibbleBlocks(job, true, true)
    case 'Q8_0':
      return repackByteBlocks(job)
    case 'Q4_K':
      return repackK45Blocks(job, false)
    case 'Q5_K':
      return repackK45Blocks(job, true)
    case 'Q6_K':
      return repackK6Blocks(job)
    case 'F16':
      return repackHalf(job, section.kind.bits)
    case 'BF16':
      return repackBrain(job, section.kind.bits)
    case 'F32':
      return repackFloat32(job, section.kind.bits)
    default:
      return type satisfies never
  }
}
