import type { Gpu } from '../device/gpu.ts'
import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { halfTable } from './half.ts'
import type { TensorSink } from './read-plan.ts'
import type { TensorRows } from './tensor-shape.ts'

/** Writes the elements of one F32, F16 or BF16 vector into a buffer as f32. */
export class VectorSink implements TensorSink {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  readonly #gpu: Gpu
  readonly #buffer: GPUBuffer
  readonly #start: number

  /** `start`: where the vector begins in the buffer, in elements. */
  constructor(gpu: Gpu, tensor: TensorInfo, shape: TensorRows, buffer: GPUBuffer, start: number) {
    this.#gpu = gpu
    this.tensor = tensor
    this.shape = shape
    this.#buffer = buffer
    this.#start = start
  }

  take(rows: Uint8Array, firstRow: number): void {
    const values = toFloats(this.tensor, rows)
    if (!values.every(Number.isFinite))
      throw new EngineError(
        'tensor-values-invalid',
        `${this.tensor.name} holds values that are no finite numbers: the file is damaged or was converted wrongly. Download it again or choose another.`,
        { tensor: this.tensor.name },
      )
    this.#gpu.write(this.#buffer, 4 * (this.#start + firstRow), values)
  }
}

function toFloats(tensor: TensorInfo, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (tensor.type) {
    case 'F32':
      return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true))
    case 'F16': {
      const table = halfTable()
      return Float32Array.from({ length: bytes.byteLength / 2 }, (_, i) => table[view.getUint16(2 * i, true)] ?? 0)
    }
    case 'BF16': {
      const bits = Uint32Array.from({ length: bytes.byteLength / 2 }, (_, i) => view.getUint16(2 * i, true) << 16)
      return new Float32Array(bits.buffer)
    }
    default:
      throw new RangeError(`${tensor.name}: vectors of ${tensor.type} are refused before loading`)
  }
}
