import type { RopeScaling } from '../../formats/checkpoint.ts'

/**
 * cos and sin of every angle, `[positions][headSize / 2][2]`, computed in float64 and rounded once.
 * Scaling rules as in transformers' `modeling_rope_utils.py`.
 */
export function ropeTable(
  base: number,
  headSize: number,
  scaling: RopeScaling,
  first: number,
  positions: number,
): Float32Array<ArrayBuffer> {
  const pairs = headSize / 2
  const frequencies = ropeFrequencies(base, headSize, scaling)
  const magnitude = scaling.kind === 'yarn' ? scaling.attentionFactor : 1
  const table = new Float32Array(positions * pairs * 2)
  for (let position = 0; position < positions; position += 1) {
    for (let pair = 0; pair < pairs; pair += 1) {
      const angle = (first + position) * (frequencies[pair] ?? 0)
      const at = (position * pairs + pair) * 2
      table[at] = magnitude * Math.cos(angle)
      table[at + 1] = magnitude * Math.sin(angle)
    }
  }
  return table
}

/** Radians a position, one per rotated pair. Rounded to float32 as every reference implementation does. */
export function ropeFrequencies(base: number, headSize: number, scaling: RopeScaling): number[] {
  const pairs = headSize / 2
  const plain = Array.from({ length: pairs }, (_, pair) => Math.fround(1 / base ** (pair / pairs)))
  switch (scaling.kind) {
    case 'none':
      return plain
    case 'linear':
      return plain.map((frequency) => Math.fround(frequency / scaling.factor))
    case 'divisors':
      return plain.map((frequency, pair) => Math.fround(frequency / (scaling.divisors[pair] ?? 1)))
    case 'llama3':
      return plain.map((frequency) => {
        const wavelength = (2 * Math.PI) / frequency
        const turns = scaling.originalContextLength / wavelength
        if (turns > scaling.highFrequencyFactor) return frequency
        if (turns < scaling.lowFrequencyFactor) return Math.fround(frequency / scaling.factor)
        const smooth = (turns - scaling.lowFrequencyFactor) / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor)
        return Math.fround(((1 - smooth) * frequency) / scaling.factor + smooth * frequency)
      })
    case 'yarn': {
      const dimensionOf = (turns: number): number =>
        (headSize * Math.log(scaling.originalContextLength / (turns * 2 * Math.PI))) / (2 * Math.log(base))
      const low = Math.max(Math.floor(dimensionOf(scaling.betaFast)), 0)
      const high = Math.min(Math.ceil(dimensionOf(scaling.betaSlow)), headSize - 1)
      return plain.map((frequency, pair) => {
        const ramp = Math.min(1, Math.max(0, (pair - low) / Math.max(high - low, 0.001)))
        return Math.fround((frequency / scaling.factor) * ramp + frequency * (1 - ramp))
      })
    }
    default:
      return scaling satisfies never
  }
}
