import type { Gpu } from '../device/gpu.ts'
import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { type PlaneSection, planeKindOf } from './plane-format.ts'
import type { TensorSink } from './read-plan.ts'
import { repackRows } from './repack.ts'
import { layoutSection, rowWords } from './section.ts'
import type { TensorRows } from './tensor-shape.ts'

/** A section in the buffer that it lies in, and the row of the tensor with which it begins. */
export interface PlacedSection extends PlaneSection {
  readonly buffer: GPUBuffer
  readonly tensorRow: number
}

/** Words that sinks repack into, one after the other; it grows to the largest run of rows (≤ 16 MiB, usually 2.2). */
export class RepackScratch {
  #words = new Uint32Array(0)

  words(count: number): Uint32Array<ArrayBuffer> {
    if (this.#words.length < count) this.#words = new Uint32Array(count)
    return this.#words
  }
}

/** Repacks the rows of one tensor and writes them to the sections that hold them. */
export class MatrixSink implements TensorSink {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  readonly #gpu: Gpu
  readonly #scratch: RepackScratch
  readonly #targets: readonly PlacedSection[]
  #format: Pick<PlaneSection, 'kind' | 'scaleShift'>
  #overflowed = false

  constructor(
    gpu: Gpu,
    scratch: RepackScratch,
    tensor: TensorInfo,
    shape: TensorRows,
    targets: readonly PlacedSection[],
  ) {
    const [first] = targets
    if (first === undefined) throw new RangeError(`${tensor.name} has no section`)
    this.#gpu = gpu
    this.#scratch = scratch
    this.tensor = tensor
    this.shape = shape
    this.#targets = targets
    this.#format = { kind: first.kind, scaleShift: first.scaleShift }
  }

  /** Kind and scale shift that the planes have in the end. */
  get format(): Pick<PlaneSection, 'kind' | 'scaleShift'> {
    return this.#format
  }

  /** The planes hold infinities: {@link fallBack}, then give all rows again. */
  get overflowed(): boolean {
    return this.#overflowed
  }

  take(rows: Uint8Array, firstRow: number): void {
    if (this.#overflowed) return
    const count = rows.byteLength / this.shape.rowBytes
    const { kind, scaleShift } = this.#format
    const run = layoutSection(kind, count, this.shape.columns, 0, scaleShift)
    const words = this.#scratch.words(run.end)
    const outcome = repackRows(this.tensor.type, rows, run, 0, words)
    if (outcome === 'invalid')
      throw new EngineError(
        'tensor-values-invalid',
        `${this.tensor.name} holds values that are no finite numbers (in rows ${firstRow}–${firstRow + count - 1}): the file is damaged or was converted wrongly. Download it again or choose another.`,
        { tensor: this.tensor.name, firstRow, rows: count },
      )
    if (outcome === 'overflow') this.#overflowed = true
    else for (const target of this.#targets) this.#write(words, run, target, firstRow, count)
  }

  /**
   * Chooses the wider format: scales without shift, bf16 for f16. The layout stays the same.
   * @throws EngineError `tensor-values-invalid` when there is none
   */
  fallBack(): void {
    const { kind, scaleShift } = this.#format
    if (scaleShift > 0) this.#format = { kind, scaleShift: 0 }
    else if (kind.bits === 'f16') this.#format = { kind: planeKindOf.BF16, scaleShift: 0 }
    else
      throw new EngineError(
        'tensor-values-invalid',
        `${this.tensor.name} holds values too large to be quantised to ${kind.bits} bits: load the model with bits: 16, or choose another checkpoint.`,
        { tensor: this.tensor.name },
      )
    this.#overflowed = false
  }

  #write(
    words: Uint32Array<ArrayBuffer>,
    run: PlaneSection,
    target: PlacedSection,
    firstRow: number,
    count: number,
  ): void {
    const from = Math.max(firstRow, target.tensorRow)
    const to = Math.min(firstRow + count, target.tensorRow + target.rows)
    if (from >= to) return
    const own = rowWords(run.kind, run.columns)
    for (const plane of ['quants', 'high', 'scales', 'blocks'] as const) {
      const width = own[plane]
      if (width === 0) continue
      const start = run[plane] + (from - firstRow) * width
      const offset = target[plane] + (from - target.tensorRow) * width
      this.#gpu.write(target.buffer, 4 * offset, words.subarray(start, start + (to - from) * width))
    }
  }
}
