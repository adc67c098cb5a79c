import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { halfTable } from './half.ts'
import type { Packer } from './matrix-packer.ts'
import type { PlaneTarget } from './plane-target.ts'
import type { LoadScratch } from './scratch.ts'
import { vectorFormat, vectorSection } from './section.ts'
import type { TensorRows } from './tensor-shape.ts'

/** Turns the elements of an F32, F16 or BF16 vector into f32. */
export class VectorPacker implements Packer {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  readonly format = vectorFormat
  readonly overflowed = false
  readonly #scratch: LoadScratch
  readonly #target: PlaneTarget

  constructor(scratch: LoadScratch, tensor: TensorInfo, shape: TensorRows, target: PlaneTarget) {
    this.#scratch = scratch
    this.tensor = tensor
    this.shape = shape
    this.#target = target
  }

  take(rows: Uint8Array<ArrayBuffer>, firstRow: number): void | Promise<void> {
    const run = vectorSection(rows.byteLength / this.shape.rowBytes)
    const words = this.#scratch.words(run.end)
    const values = new Float32Array(words.buffer, words.byteOffset, run.end)
    writeFloats(this.tensor, rows, values)
    values.fill(0, run.rows)
    if (!values.every(Number.isFinite))
      throw new EngineError(
        'tensor-values-invalid',
        `${this.tensor.name} holds values that are no finite numbers: the file is damaged or was converted wrongly. Download it again or choose another.`,
        { tensor: this.tensor.name },
      )
    return this.#target.put(run, words, firstRow)
  }

  fallBack(): void {
    throw new RangeError(`${this.tensor.name}: there is nothing wider than f32`)
  }
}

function writeFloats(tensor: TensorInfo, bytes: Uint8Array, values: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (tensor.type) {
    case 'F32':
      for (let i = 0; i < bytes.byteLength / 4; i++) values[i] = view.getFloat32(4 * i, true)
      return
    case 'F16': {
      const table = halfTable()
      for (let i = 0; i < bytes.byteLength / 2; i++) values[i] = table[view.getUint16(2 * i, true)] ?? 0
      return
    }
    case 'BF16': {
      const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
      for (let i = 0; i < bytes.byteLength / 2; i++) bits[i] = view.getUint16(2 * i, true) << 16
      return
    }
    default:
      throw new RangeError(`${tensor.name}: vectors of ${tensor.type} are refused before loading`)
  }
}
