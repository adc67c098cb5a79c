import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import { type PlaneFormat, type PlaneSection, planeKindOf } from './plane-format.ts'
import type { PlaneTarget } from './plane-target.ts'
import type { TensorSink } from './read-plan.ts'
import { repackRows } from './repack.ts'
import type { LoadScratch } from './scratch.ts'
import { layoutSection } from './section.ts'
import type { TensorRows } from './tensor-shape.ts'

/** Turns a tensor's rows into planes. */
export interface Packer extends TensorSink {
  /** Kind and scale shift that the planes have in the end. */
  readonly format: PlaneFormat
  /** The planes hold infinities: {@link fallBack}, then give all rows again. */
  readonly overflowed: boolean
  /**
   * Chooses the wider format. The layout stays the same.
   * @throws EngineError `tensor-values-invalid` when there is none
   */
  fallBack(): void
}

export const overflowed = (packers: readonly Packer[]): Packer[] => packers.filter((packer) => packer.overflowed)

export class MatrixPacker implements Packer {
  readonly tensor: TensorInfo
  readonly shape: TensorRows
  readonly #scratch: LoadScratch
  readonly #target: PlaneTarget
  #format: PlaneFormat
  #overflowed: boolean

  /** `overflowed`: it is known already that a value is too large for `format`. */
  constructor(
    scratch: LoadScratch,
    tensor: TensorInfo,
    shape: TensorRows,
    format: PlaneFormat,
    target: PlaneTarget,
    overflowed = false,
  ) {
    this.#scratch = scratch
    this.#overflowed = overflowed
    this.tensor = tensor
    this.shape = shape
    this.#format = { kind: format.kind, scaleShift: format.scaleShift }
    this.#target = target
  }

  get format(): PlaneFormat {
    return this.#format
  }

  get overflowed(): boolean {
    return this.#overflowed
  }

  take(rows: Uint8Array<ArrayBuffer>, firstRow: number): void | Promise<void> {
    if (this.#overflowed) return
    const count = rows.byteLength / this.shape.rowBytes
    const { kind, scaleShift } = this.#format
    const run = layoutSection(kind, count, this.shape.columns, 0, scaleShift)
    const words = this.#scratch.words(run.end)
    clearPlaneEnds(run, words)
    const outcome = repackRows(this.tensor.type, rows, run, 0, words)
    if (outcome === 'invalid')
      throw new EngineError(
        'tensor-values-invalid',
        `${this.tensor.name} holds values that are no finite numbers (in rows ${firstRow}–${firstRow + count - 1}): the file is damaged or was converted wrongly. Download it again or choose another.`,
        { tensor: this.tensor.name, firstRow, rows: count },
      )
    if (outcome === 'done') return this.#target.put(run, words, firstRow)
    this.#overflowed = true
  }

  /** Scales without shift, bf16 for f16. */
  fallBack(): void {
    const wider = widerFormat(this.#format)
    if (wider === undefined)
      throw new EngineError(
        'tensor-values-invalid',
        `${this.tensor.name} holds values too large to be quantised to ${this.#format.kind.bits} bits: load the model with bits: 16, or choose another checkpoint.`,
        { tensor: this.tensor.name },
      )
    this.#format = wider
    this.#overflowed = false
  }
}

/** What is taken where a value is too large for `format`. */
export function widerFormat({ kind, scaleShift }: PlaneFormat): PlaneFormat | undefined {
  if (scaleShift > 0) return { kind, scaleShift: 0 }
  return kind.bits === 'f16' ? { kind: planeKindOf.BF16, scaleShift: 0 } : undefined
}

/** Between planes lie up to three words that belong to none: the same rows shall give the same bytes. */
function clearPlaneEnds({ high, scales, blocks, end }: PlaneSection, words: Uint32Array): void {
  for (const next of [high, scales, blocks, end]) words.fill(0, Math.max(0, next - 3), next)
}
