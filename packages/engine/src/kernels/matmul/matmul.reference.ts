import type { PlaneSection } from '../../weights/plane-format.ts'
import { readPlanes } from '../../weights/read-planes.ts'

/** Rows of all sections one after another, dequantised: `[rows][columns]`. */
export function dequantisedRows(words: Uint32Array, sections: readonly PlaneSection[]): Float32Array[] {
  return sections.flatMap((section) =>
    Array.from({ length: section.rows }, (_, row) => readPlanes(words, section, row)),
  )
}

/** y[token][row] = Σ_k x[token][k] · W[row][k] in float64. */
export function matmulReference(rows: readonly Float32Array[], x: readonly Float32Array[]): number[][] {
  return x.map((input) => rows.map((row) => row.reduce((sum, weight, k) => sum + weight * (input[k] ?? 0), 0)))
}
