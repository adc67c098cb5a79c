/** Σ_j B[row, j] · Σ_k A[j, k] · x[k] in float64. */
export function loraReference(
  a: readonly ArrayLike<number>[],
  b: readonly ArrayLike<number>[],
  x: ArrayLike<number>,
): number[] {
  const dot = (first: ArrayLike<number>, second: ArrayLike<number>): number => {
    let sum = 0
    for (let k = 0; k < first.length; k += 1) sum += (first[k] ?? Number.NaN) * (second[k] ?? Number.NaN)
    return sum
  }
  const low = a.map((row) => dot(row, x))
  return b.map((row) => dot(row, low))
}
