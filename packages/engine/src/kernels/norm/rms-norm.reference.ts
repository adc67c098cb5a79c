export function normReference(x: Float32Array, gain: Float32Array, epsilon: number): number[] {
  const scale = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + epsilon)
  return Array.from(x, (value, i) => value * scale * (gain[i] ?? Number.NaN))
}
