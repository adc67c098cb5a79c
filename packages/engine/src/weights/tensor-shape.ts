import { EngineError } from '../errors.ts'
import type { Checkpoint, TensorInfo } from '../formats/checkpoint.ts'
import { blockSizes } from '../formats/tensor-types.ts'

/**
 * The tensor of that canonical name and shape.
 * @throws EngineError `tensor-missing`, `tensor-shape-mismatch`
 */
export function requireTensor(checkpoint: Checkpoint, name: string, shape: readonly number[]): TensorInfo {
  const tensor = checkpoint.tensors.get(name)
  if (tensor === undefined)
    throw new EngineError(
      'tensor-missing',
      `The checkpoint has no tensor ${name}, which ${checkpoint.config.architecture} needs: it is incomplete or of another architecture. Download it again or choose another.`,
      { tensor: name },
    )
  if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis]))
    throw new EngineError(
      'tensor-shape-mismatch',
      `${name} has the shape [${tensor.shape.join(', ')}], but the config asks for [${shape.join(', ')}]: config and weights are not of the same model.`,
      { tensor: name, shape: [...tensor.shape], expected: [...shape] },
    )
  return tensor
}

export interface TensorRows {
  readonly rows: number
  readonly columns: number
  readonly rowBytes: number
}

/**
 * A matrix as the loader walks it. The directory of the file is not trusted: the bytes must be those of the shape.
 * @throws EngineError `tensor-shape-mismatch`
 */
export function matrixShape(tensor: TensorInfo): TensorRows {
  const [rows = 0, columns = 0] = tensor.shape
  return checked(tensor, tensor.shape.length === 2, rows, columns)
}

/**
 * A vector as the loader walks it: rows of one element.
 * @throws EngineError `tensor-shape-mismatch`; `format-unsupported` for a quantised one
 */
export function vectorShape(tensor: TensorInfo): TensorRows {
  if (blockSizes[tensor.type].elements !== 1)
    throw new EngineError(
      'format-unsupported',
      `${tensor.name} is a vector in ${tensor.type}; norms and biases must be F32, F16 or BF16. Choose a checkpoint that keeps them so.`,
      { tensor: tensor.name, type: tensor.type },
    )
  return checked(tensor, tensor.shape.length === 1, tensor.shape[0] ?? 0, 1)
}

function checked(tensor: TensorInfo, rank: boolean, rows: number, columns: number): TensorRows {
  const block = blockSizes[tensor.type]
  const rowBytes = (columns / block.elements) * block.bytes
  const head = tensor.interleavedRopeHeadSize
  if (
    !rank ||
    !(rows > 0 && columns > 0) ||
    !Number.isInteger(rows) ||
    !Number.isSafeInteger(rowBytes * rows) ||
    columns % block.elements !== 0 ||
    rowBytes * rows !== tensor.byteLength ||
    (head !== undefined && (!(head > 0) || head % 2 !== 0 || rows % head !== 0))
  )
    throw new EngineError(
      'tensor-shape-mismatch',
      `${tensor.name} (${tensor.type}) says it is [${tensor.shape.join(', ')}] in ${tensor.byteLength} bytes${head === undefined ? '' : ` with heads of ${head}`}, which do not go together: the file is damaged, download it again.`,
      { tensor: tensor.name, shape: [...tensor.shape], byteLength: tensor.byteLength },
    )
  return { rows, columns, rowBytes }
}
