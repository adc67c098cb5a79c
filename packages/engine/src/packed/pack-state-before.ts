import type { ByteSource } from '../formats/byte-source.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import { planReads } from '../weights/read-plan.ts'
import { rowPieces } from '../weights/row-pieces.ts'
import { LoadScratch } from '../weights/scratch.ts'
import type { PackBits, PackState } from './packed-types.ts'
import { unpacked, usedTensors } from './used-tensors.ts'

export interface EarlierPackState {
  readonly state: PackState
  /** Of which nothing is there any more: the one that was asked for, and those that are read after it. */
  readonly dropped: ReadonlySet<ByteSource>
}

/**
 * A state as it was before the first read of `source`, whose bytes were not what they should have been: the files that are read before it
 * stay as they are. The packed file may be cut to where the last run of the state ends.
 * @param bits as they were packed with
 * @throws EngineError as `describeModel`
 */
export function packStateBefore(
  checkpoint: Checkpoint,
  bits: PackBits,
  { reads, tensors, again }: PackState,
  source: ByteSource,
): EarlierPackState {
  const scratch = new LoadScratch()
  const used = usedTensors(unpacked(checkpoint), bits)
  const ranges = planReads(used.flatMap(({ tensor, shape }) => rowPieces({ tensor, shape, take: () => {} }, scratch)))
  const first = ranges.findIndex((range) => range.source === source)
  // Nothing reads it.
  if (first < 0) return { state: { reads, tensors, again }, dropped: new Set([source]) }
  const dropped = new Set(ranges.slice(first).map((range) => range.source))
  const gone = new Set(used.filter(({ tensor }) => dropped.has(tensor.source)).map(({ tensor }) => tensor.name))
  const stays = (name: string): boolean => !gone.has(name)
  const waiting = again.filter(stays)
  // What waits to be packed a second time has nothing till then.
  const kept = tensors.filter(({ name }) => stays(name) && !waiting.includes(name))
  return { state: { reads: Math.min(reads, first), tensors: kept, again: waiting }, dropped }
}
