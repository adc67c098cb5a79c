import type { TensorInfo } from '../formats/checkpoint.ts'
import type { PlaneFormat, PlaneSection } from '../weights/plane-format.ts'
import { layoutSection, vectorSection } from '../weights/section.ts'

/** How the bytes of a run are laid out, from their own beginning on. `columns` is undefined for a vector. */
export function runSection({ kind, scaleShift }: PlaneFormat, rows: number, columns: number | undefined): PlaneSection {
  return columns === undefined ? vectorSection(rows) : layoutSection(kind, rows, columns, 0, scaleShift)
}

export const isVector = ({ shape }: TensorInfo): boolean => shape.length === 1
