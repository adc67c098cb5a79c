import { normReference } from '../norm/rms-norm.reference.ts'

/** Turns one head, optionally normalised first. `table`: cos, sin of each pair at the token's position. */
export function ropeReference(head: Float32Array, table: Float32Array, gain?: Float32Array, epsilon = 0): number[] {
  const values = gain ? normReference(head, gain, epsilon) : Array.from(head)
  const pairs = values.length / 2
  return values.map((value, i) => {
    const pair = i % pairs
    const [cosine, sine] = [table[2 * pair] ?? 0, table[2 * pair + 1] ?? 0]
    return i < pairs ? value * cosine - (values[i + pairs] ?? 0) * sine : value * cosine + (values[pair] ?? 0) * sine
  })
}
