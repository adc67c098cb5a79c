/** softmax(q · kᵀ) · v for one query that sees all of `keys`; q already scaled. float64. */
export function attentionReference(
  query: Float32Array,
  keys: readonly Float32Array[],
  values: readonly Float32Array[],
): number[] {
  const scores = keys.map((key) => key.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0))
  const maximum = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(score - maximum))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return Array.from(
    query,
    (_, i) => values.reduce((sum, value, p) => sum + (weights[p] ?? 0) * (value[i] ?? 0), 0) / total,
  )
}
