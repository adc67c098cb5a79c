import type { PackedRun, PackedTensor } from './packed-types.ts'

/** A tensor of which a byte belongs to another run too. */
export function findOverlap(tensors: readonly PackedTensor[]): PackedTensor | undefined {
  const places = tensors.flatMap((tensor) =>
    tensor.runs.map((run): readonly [PackedTensor, PackedRun] => [tensor, run]),
  )
  let end = 0
  for (const [tensor, { offset, bytes }] of places.toSorted(([, a], [, b]) => a.offset - b.offset)) {
    if (offset < end) return tensor
    end = offset + bytes
  }
  return undefined
}
