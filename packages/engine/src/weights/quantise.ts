import { float16Bits, halfTable } from './half.ts'
import type { RepackJob, RepackOutcome } from './repack.ts'

/**
 * Where the largest weight of a group may land, in quants from zero; all three are tried and the one whose least-squares
 * scale leaves the least squared error is kept. −8 is Q4_0's own rule; more clips the largest weight in favour of the others.
 * On normally distributed weights: relative error 8.15 %, against 8.59 % by Q4_0's rule and 8.09 % with eight figures.
 */
const extremes = [8, 8.7, 7.3] as const

/** A padded row of float32 and the same memory as bits. */
export interface FloatRow {
  readonly values: Float32Array
  readonly bits: Uint32Array
}

/**
 * Quantises one padded row of float32 into row `index` of the job's planes.
 *
 * 4 bits: value = s·(q − 8), q in 0 … 15, 4.5 bits a weight. 8 bits: value = s·q, q in −127 … 127, 8.5 bits a weight,
 * s = largest/127. Scales are rounded to f16 first and the quants chosen for the rounded scale.
 */
export function quantiseRow(job: RepackJob, bits: 4 | 8, row: FloatRow, index: number): RepackOutcome {
  const { halves, groups } = job
  const toFloat = halfTable()
  const shift = 2 ** job.scaleShift
  const toHalf = 2 * job.scales + index * (groups + (groups & 1))
  const wordsPerGroup = bits === 4 ? 4 : 8
  let outcome: RepackOutcome = 'done'
  for (let group = 0; group < groups; group++) {
    const start = group * 32
    const extreme = row.values[extremeAt(row.bits, start)] ?? 0
    if (!Number.isFinite(extreme)) return 'invalid'
    const half = float16Bits((bits === 4 ? bestScale(row.values, start, extreme) : extreme / 127) * shift)
    if ((half & 0x7c00) === 0x7c00) outcome = 'overflow'
    halves[toHalf + group] = half
    const scale = (toFloat[half] ?? 0) / shift
    const inverse = scale === 0 ? 0 : 1 / scale
    const to = job.quants + (index * groups + group) * wordsPerGroup
    if (bits === 4) writeNibbles(job.words, to, row.values, start, inverse)
    else writeBytes(job.words, to, row.values, start, inverse)
  }
  if (groups & 1) halves[toHalf + groups] = 0
  return outcome
}

/** Index of the largest magnitude of a group. As bits without sign, NaN is above infinity, which is above every number. */
function extremeAt(bits: Uint32Array, start: number): number {
  let largest = 0
  let at = start
  for (let i = start; i < start + 32; i++) {
    const magnitude = (bits[i] ?? 0) & 0x7fffffff
    if (magnitude > largest) {
      largest = magnitude
      at = i
    }
  }
  return at
}

/** Of a value in quants from zero, at its sum with 8.5: the nearest that four bits hold. Sooner found here than bounded and converted. */
const nearest = Float64Array.from({ length: 32 }, (_, rounded) => Math.min(rounded, 15) - 8)

function bestScale(row: Float32Array, start: number, extreme: number): number {
  if (extreme === 0) return 0
  const inverseA = -extremes[0] / extreme
  const inverseB = -extremes[1] / extreme
  const inverseC = -extremes[2] / extreme
  let productsA = 0
  let productsB = 0
  let productsC = 0
  let squaresA = 0
  let squaresB = 0
  let squaresC = 0
  // One pass for the three: they share the loads, and their sums do not wait for each other.
  for (let i = start; i < start + 32; i++) {
    const value = row[i] ?? 0
    const quantA = nearest[(value * inverseA + 8.5) & 31] ?? 0
    const quantB = nearest[(value * inverseB + 8.5) & 31] ?? 0
    const quantC = nearest[(value * inverseC + 8.5) & 31] ?? 0
    productsA += value * quantA
    productsB += value * quantB
    productsC += value * quantC
    squaresA += quantA * quantA
    squaresB += quantB * quantB
    squaresC += quantC * quantC
  }
  // With scale = products/squares the squared error is Σx² − products²/squares.
  const gainA = (productsA * productsA) / squaresA
  const gainB = (productsB * productsB) / squaresB
  const gainC = (productsC * productsC) / squaresC
  if (gainB > gainA && gainB >= gainC) return productsB / squaresB
  if (gainC > gainA) return productsC / squaresC
  return productsA / squaresA
}

function writeNibbles(words: Uint32Array, to: number, row: Float32Array, start: number, inverse: number): void {
  let at = start
  for (let word = 0; word < 4; word++) {
    let packed = 0
    for (let i = 0; i < 32; i += 4) {
      let quant = ((row[at++] ?? 0) * inverse + 8.5) | 0
      if (quant > 15) quant = 15
      else if (quant < 0) quant = 0
      packed |= quant << i
    }
    words[to + word] = packed
  }
}

function writeBytes(words: Uint32Array, to: number, row: Float32Array, start: number, inverse: number): void {
  let at = start
  for (let word = 0; word < 8; word++) {
    let packed = 0
    for (let i = 0; i < 32; i += 8) {
      let quant = ((row[at++] ?? 0) * inverse + 128.5) | 0
      if (quant > 255) quant = 255
      else if (quant < 1) quant = 1
      packed |= ((quant - 128) & 255) << i
    }
    words[to + word] = packed
  }
}
