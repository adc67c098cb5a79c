import type { ByteSource } from '../formats/byte-source.ts'
import type { Checkpoint } from '../formats/checkpoint.ts'
import { planReads } from '../weights/read-plan.ts'
import { rowPieces, rowRuns } from '../weights/row-pieces.ts'
import { LoadScratch } from '../weights/scratch.ts'
import type { PackBits } from './packed-types.ts'
import { runSection } from './run-section.ts'
import { unpacked, usedTensors } from './used-tensors.ts'

/**
 * What the packed tensors take in the file: exactly, but for tensors with uncommonly large values, which are there twice.
 * @throws EngineError as `describeModel`; `option-invalid`, `file-limit-exceeded`
 */
export function packedBytes(checkpoint: Checkpoint, bits: PackBits): number {
  let bytes = 0
  for (const { tensor, shape, vector, format } of usedTensors(unpacked(checkpoint), bits))
    for (const { rows } of rowRuns(tensor, shape))
      bytes += 4 * runSection(format, rows, vector ? undefined : shape.columns).end
  return bytes
}

/** Bytes `[start, end)` of a source. */
export interface SourceRange {
  readonly source: ByteSource
  readonly start: number
  readonly end: number
}

/**
 * What is read of a checkpoint's files when it is loaded or packed, besides their headers: in order, what touches put together.
 * @throws EngineError as `describeModel`
 */
export function sourceRanges(checkpoint: Checkpoint): SourceRange[] {
  const scratch = new LoadScratch()
  const sinks = usedTensors(unpacked(checkpoint), {}).map(({ tensor, shape }) => ({ tensor, shape, take: () => {} }))
  const ranges: { source: ByteSource; start: number; end: number }[] = []
  for (const { source, start, end } of planReads(sinks.flatMap((sink) => rowPieces(sink, scratch)))) {
    const last = ranges.at(-1)
    if (last?.source === source && last.end === start) last.end = end
    else ranges.push({ source, start, end })
  }
  return ranges
}
