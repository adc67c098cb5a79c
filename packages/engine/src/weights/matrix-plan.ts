import type { WeightBits } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import type { TensorInfo } from '../formats/checkpoint.ts'
import type { PlaneSection } from './plane-format.ts'
import { layoutSection } from './section.ts'
import { planeFormatOf } from './tensor-format.ts'
import { matrixShape } from './tensor-shape.ts'

/**
 * A GPU matrix made of one or more tensors with the same number of columns.
 *
 * `stacked`: their rows follow each other (q, k, v): the matrix has as many rows as all tensors together.
 * `paired`: row r of the matrix is row r of every tensor (gate, up): all have the same number of rows.
 */
export interface MatrixSpec {
  readonly tensors: readonly TensorInfo[]
  readonly arrangement: 'stacked' | 'paired'
  /** `packed`: as they are packed. */
  readonly bits: WeightBits | 'packed'
}

/** Rows `[tensorRow, tensorRow + rows)` of tensor `tensorIndex`, as planes. */
export interface PartSection extends PlaneSection {
  readonly tensorIndex: number
  readonly tensorRow: number
}

/**
 * What one buffer holds: rows `[rowStart, rowStart + rows)` of the matrix. Stacked sections divide these rows among
 * themselves in order; each paired section has all of them.
 */
export interface PartPlan {
  readonly rowStart: number
  readonly rows: number
  readonly sections: readonly PartSection[]
  /** Size of the buffer in u32 words. */
  readonly words: number
}

export interface MatrixPlan {
  readonly arrangement: MatrixSpec['arrangement']
  readonly rows: number
  readonly columns: number
  readonly parts: readonly PartPlan[]
}

/** Parts begin at multiples of this many rows, so that no kernel's tile of rows lies across two. */
export const partRowUnit = 64

/**
 * Lays a matrix out in as few equal parts as keep each under `maxPartBytes`.
 * @throws EngineError `tensor-shape-mismatch` when the tensors do not fit together or their bytes do not fit their shape;
 * `device-limit-exceeded` when 64 rows alone pass the limit; `option-invalid` where a tensor is packed to other bits.
 */
export function planMatrix(label: string, spec: MatrixSpec, maxPartBytes: number): MatrixPlan {
  const shapes = spec.tensors.map(matrixShape)
  const [first] = shapes
  if (first === undefined) throw new RangeError(`Matrix ${label} has no tensors`)
  for (const [index, shape] of shapes.entries()) {
    if (shape.columns === first.columns && (spec.arrangement === 'stacked' || shape.rows === first.rows)) continue
    const name = spec.tensors[index]?.name
    throw new EngineError(
      'tensor-shape-mismatch',
      `${name} is ${shape.rows} × ${shape.columns}, which does not go with ${spec.tensors[0]?.name} (${first.rows} × ${first.columns}). The checkpoint does not fit its own config: download it again or choose another.`,
      { tensor: name, shape: [shape.rows, shape.columns], other: [first.rows, first.columns] },
    )
  }
  const rows = spec.arrangement === 'paired' ? first.rows : shapes.reduce((sum, shape) => sum + shape.rows, 0)
  for (let count = 1; ; count++) {
    const unit = count === 1 ? rows : Math.ceil(rows / count / partRowUnit) * partRowUnit
    const parts: PartPlan[] = []
    for (let rowStart = 0; rowStart < rows; rowStart += unit)
      parts.push(planPart(spec, shapes, first.columns, rowStart, Math.min(rows, rowStart + unit)))
    const largest = parts.reduce((words, part) => Math.max(words, part.words), 0) * 4
    if (largest <= maxPartBytes) return { arrangement: spec.arrangement, rows, columns: first.columns, parts }
    if (unit <= partRowUnit)
      throw new EngineError(
        'device-limit-exceeded',
        `${unit} rows of ${label} take ${largest} bytes, over this device's limit of ${maxPartBytes} a buffer. Choose a smaller model or fewer bits.`,
        { needed: largest, limit: maxPartBytes },
      )
  }
}

function planPart(
  spec: MatrixSpec,
  shapes: readonly { readonly rows: number }[],
  columns: number,
  start: number,
  end: number,
): PartPlan {
  const sections: PartSection[] = []
  let words = 0
  let tensorStart = 0
  for (const [tensorIndex, tensor] of spec.tensors.entries()) {
    const tensorRows = shapes[tensorIndex]?.rows ?? 0
    const from = Math.max(start, tensorStart)
    const to = Math.min(end, tensorStart + tensorRows)
    if (from < to) {
      const { kind, scaleShift } = planeFormatOf(tensor, spec.bits)
      const section = layoutSection(kind, to - from, columns, words, scaleShift)
      sections.push({ ...section, tensorIndex, tensorRow: from - tensorStart })
      words = section.end
    }
    if (spec.arrangement === 'stacked') tensorStart += tensorRows
  }
  return { rowStart: start, rows: end - start, sections, words }
}
