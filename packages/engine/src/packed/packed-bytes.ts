import type { Checkpoint } from '../formats/checkpoint.ts'
import { rowRuns } from '../weights/row-pieces.ts'
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
