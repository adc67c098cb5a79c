import type { Gpu } from '../device/gpu.ts'
import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { bfloat16Value, float16Value } from '../formats/half.ts'
import type { FactorType } from '../kernels/lora/lora.ts'
import type { TensorSink } from '../weights/read-plan.ts'
import { matrixShape, type TensorRows } from '../weights/tensor-shape.ts'
import { bytesPerChunk } from './factor-layout.ts'

export interface FactorTarget {
  /** What the adapter is called. */
  readonly adapter: string
  readonly buffer: GPUBuffer
  readonly type: FactorType
  /** Of its row 0, and from row to row, in vec4 of numbers. */
  readonly start: number
  readonly stride: number
}

/** Writes the rows of A or B to the GPU, padded with zeros to whole vec4. */
export class FactorSink implements TensorSink {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  readonly #gpu: Gpu
  readonly #target: FactorTarget

  constructor(gpu: Gpu, tensor: TensorInfo, target: FactorTarget) {
    this.#gpu = gpu
    this.tensor = tensor
    this.shape = matrixShape(tensor)
    this.#target = target
  }

  take(bytes: Uint8Array, firstRow: number): void {
    const { buffer, type, start, stride } = this.#target
    const { columns, rowBytes } = this.shape
    const count = bytes.byteLength / rowBytes
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const width = 4 * stride
    const out = type === 'f32' ? new Float32Array(count * width) : new Uint16Array(count * width)
    for (let row = 0; row < count; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const value = valueAt(this.tensor.type, data, row * rowBytes, column)
        if (!Number.isFinite(value)) throw this.#invalid()
        // 16-bit buffers are made of tensors of that very type: their bits go as they are.
        out[row * width + column] = type === 'f32' ? value : data.getUint16(row * rowBytes + 2 * column, true)
      }
    }
    this.#gpu.write(buffer, (start + firstRow * stride) * bytesPerChunk(type), out)
  }

  #invalid(): EngineError {
    return new EngineError(
      'tensor-values-invalid',
      `${this.tensor.name} of the adapter holds values that are no finite numbers: the file is damaged or its training failed. Download it again or choose another.`,
      { tensor: this.tensor.name, adapter: this.#target.adapter },
    )
  }
}

/** One of the types that `pairTargets` lets pass. */
function valueAt(type: TensorInfo['type'], data: DataView, row: number, column: number): number {
  switch (type) {
    case 'F32':
      return data.getFloat32(row + 4 * column, true)
    case 'F16':
      return float16Value(data.getUint16(row + 2 * column, true))
    case 'BF16':
      return bfloat16Value(data.getUint16(row + 2 * column, true))
    case 'Q8_0': {
      const block = row + 34 * Math.floor(column / 32)
      return float16Value(data.getUint16(block, true)) * data.getInt8(block + 2 + (column % 32))
    }
    default:
      throw new RangeError(`adapters in ${type} are refused before loading`)
  }
}
