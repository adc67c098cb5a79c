import type { ByteSource, Checkpoint, TensorInfo } from '@sampan/engine'
import type { HashPlan, PieceDigests } from '../download/download-types.ts'
import { countedTensors, hashOfDigests } from '../sampan/model-hash.ts'
import type { DescriptionDigest } from '../sampan/model-hash-description.ts'
import { HASH_PIECE_BYTES } from '../sampan/model-hash-tensors.ts'

/** What is to be hashed of one file for the model's hash, and whose the ranges are. */
export interface FileHashing {
  readonly plan: HashPlan
  readonly tensors: readonly TensorInfo[]
}

/** Of each file of a checkpoint. */
export function planHashing(checkpoint: Checkpoint, files: readonly ByteSource[]): FileHashing[] {
  const counted = countedTensors(checkpoint)
  return files.map((file) => {
    const tensors = counted
      .filter(({ source, byteLength }) => source === file && byteLength > 0)
      .toSorted((a, b) => a.start - b.start)
    const ranges = tensors.map(({ start, byteLength }) => ({ start, end: start + byteLength }))
    return { plan: { pieceBytes: HASH_PIECE_BYTES, ranges }, tensors }
  })
}

/** The model's hash, of what was hashed on the way; undefined where something was not. */
export async function hashOfFiles(
  checkpoint: Checkpoint,
  description: readonly DescriptionDigest[],
  hashed: readonly { readonly hashing: FileHashing; readonly pieces: PieceDigests | undefined }[],
): Promise<string | undefined> {
  const digests = new Map<TensorInfo, readonly string[]>()
  for (const { hashing, pieces } of hashed) {
    if (pieces?.length !== hashing.tensors.length) return undefined
    hashing.tensors.forEach((tensor, index) => {
      digests.set(tensor, pieces[index] ?? [])
    })
  }
  const all = countedTensors(checkpoint).map((tensor) => [tensor, digests.get(tensor) ?? []] as const)
  return hashOfDigests(description, all)
}
