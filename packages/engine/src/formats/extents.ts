import { EngineError } from '../errors.ts'
import type { TensorInfo } from './checkpoint.ts'

/**
 * Checks that the tensors of one file lie inside it and share no byte.
 * @throws EngineError `file-truncated` when a tensor passes the end, `file-malformed` when two overlap.
 */
export function checkExtents(name: string, size: number, tensors: Iterable<TensorInfo>): void {
  const sorted = [...tensors].sort((a, b) => a.start - b.start)
  let previous: TensorInfo | undefined
  for (const tensor of sorted) {
    if (previous && tensor.start < previous.start + previous.byteLength)
      throw new EngineError(
        'file-malformed',
        `${name} is damaged: tensors ${previous.name} and ${tensor.name} overlap. Download it again or use another file.`,
        { name, tensors: [previous.name, tensor.name] },
      )
    const end = tensor.start + tensor.byteLength
    if (end > size)
      throw new EngineError(
        'file-truncated',
        `${name} ends at byte ${size}, but its tensor ${tensor.name} ends at ${end}: the file is incomplete, download it again.`,
        { name, size, tensor: tensor.name, end },
      )
    previous = tensor
  }
}
