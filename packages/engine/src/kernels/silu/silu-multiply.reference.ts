export function siluReference(gate: Float32Array, up: Float32Array): number[] {
  return Array.from(gate, (value, i) => (value / (1 + Math.exp(-value))) * (up[i] ?? Number.NaN))
}
