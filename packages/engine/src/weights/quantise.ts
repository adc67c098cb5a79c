import { float16Bits, halfTable } from './half.ts'
import { bestFit, type GroupFit } from './quantise-search.ts'
import type { RepackJob, RepackOutcome } from './repack.ts'

/** A padded row of float32 and the same memory as bits, and what is found out about its groups. */
export interface FloatRow {
  readonly values: Float32Array
  readonly bits: Uint32Array
  /** Scale and zero of each group, in turn. */
  readonly fits: Float64Array
}

export function floatRow(groups: number): FloatRow {
  const values = new Float32Array(groups * 32)
  return { values, bits: new Uint32Array(values.buffer), fits: new Float64Array(groups * 2) }
}

const fit: GroupFit = { scale: 0, zero: 0 }

/**
 * Quantises one padded row of float32 to four bits, into row `index` of the job's `sz8` planes: value = d·sc²·(q − z/16), q in
 * 0 … 15, one f32 d a row. What is written for a group's scale and zero is rounded first, and the quants chosen for that.
 * Scales are stored as squares, since one group of a row with a single huge weight would else leave the others few steps.
 */
export function quantiseRow4(job: RepackJob, row: FloatRow, index: number): RepackOutcome {
  const { groups, words } = job
  const { values, fits } = row
  let largest = 0
  for (let group = 0; group < groups; group++) {
    if (!bestFit(values, group * 32, fit)) return 'invalid'
    fits[2 * group] = fit.scale
    fits[2 * group + 1] = fit.zero
    if (fit.scale > largest) largest = fit.scale
  }
  const unit = Math.fround(largest / (255 * 255))
  job.floats[job.blocks + index] = unit
  const scalesPerRow = (groups + 1) >> 1
  const toScales = job.scales + index * scalesPerRow
  words.fill(0, toScales, toScales + scalesPerRow)
  for (let group = 0; group < groups; group++) {
    const wanted = fits[2 * group] ?? 0
    // A group of weights that are next to nothing keeps the least scale: none would lose them all.
    const root = wanted === 0 || unit === 0 ? 0 : Math.min(255, Math.max(1, Math.floor(Math.sqrt(wanted / unit) + 0.5)))
    const zero = fits[2 * group + 1] ?? 0
    const at = toScales + (group >> 1)
    words[at] = (words[at] ?? 0) | ((root | (zero << 8)) << (16 * (group & 1)))
    const inverse = root === 0 ? 0 : 1 / (unit * root * root)
    writeNibbles(words, job.quants + (index * groups + group) * 4, values, group * 32, inverse, zero / 16 + 0.5)
  }
  return 'done'
}

/**
 * Quantises one padded row of float32 to eight bits, into row `index` of the job's `s16` planes: value = s·q, q in −127 … 127,
 * s = largest/127. Scales are rounded to f16 first and the quants chosen for the rounded scale.
 */
export function quantiseRow8(job: RepackJob, row: FloatRow, index: number): RepackOutcome {
  const { halves, groups } = job
  const toFloat = halfTable()
  const shift = 2 ** job.scaleShift
  const toHalf = 2 * job.scales + index * (groups + (groups & 1))
  let outcome: RepackOutcome = 'done'
  for (let group = 0; group < groups; group++) {
    const start = group * 32
    const extreme = row.values[extremeAt(row.bits, start)] ?? 0
    if (!Number.isFinite(extreme)) return 'invalid'
    const half = float16Bits((extreme / 127) * shift)
    if ((half & 0x7c00) === 0x7c00) outcome = 'overflow'
    halves[toHalf + group] = half
    const scale = (toFloat[half] ?? 0) / shift
    writeBytes(job.words, job.quants + (index * groups + group) * 8, row.values, start, scale === 0 ? 0 : 1 / scale)
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

function writeNibbles(
  words: Uint32Array,
  to: number,
  row: Float32Array,
  start: number,
  inverse: number,
  zeroAndHalf: number,
): void {
  let at = start
  for (let word = 0; word < 4; word++) {
    let packed = 0
    for (let i = 0; i < 32; i += 4) {
      let quant = ((row[at++] ?? 0) * inverse + zeroAndHalf) | 0
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
