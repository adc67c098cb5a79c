import { bfloat16Bits, float16Bits, halfTable } from './half.ts'
import type { PlaneKind } from './plane-format.ts'
import { type FloatRow, floatRow, quantiseRow4, quantiseRow8 } from './quantise.ts'
import type { RepackJob, RepackOutcome } from './repack.ts'

type Bits = PlaneKind['bits']

/** F16 rows: kept, or quantised to 4 or 8 bits. */
export function repackHalf(job: RepackJob, bits: Bits): RepackOutcome {
  const from = new Uint16Array(alignedBuffer(job.source, 2), alignedOffset(job.source, 2), job.source.byteLength / 2)
  if (bits === 'f16') return copyHalves(job, from, 0x7c00)
  const table = halfTable()
  const { columns } = job
  return quantise(job, bits, ({ values }, start) => {
    for (let i = 0; i < columns; i++) values[i] = table[from[start + i] ?? 0] ?? 0
  })
}

/** BF16 rows: kept, or quantised to 4 or 8 bits. */
export function repackBrain(job: RepackJob, bits: Bits): RepackOutcome {
  const from = new Uint16Array(alignedBuffer(job.source, 2), alignedOffset(job.source, 2), job.source.byteLength / 2)
  if (bits === 'bf16') return copyHalves(job, from, 0x7f80)
  const { columns } = job
  return quantise(job, bits, ({ bits: to }, start) => {
    for (let i = 0; i < columns; i++) to[i] = (from[start + i] ?? 0) << 16
  })
}

/** F32 rows: kept, rounded to f16 or bf16, or quantised to 4 or 8 bits. */
export function repackFloat32(job: RepackJob, bits: Bits): RepackOutcome {
  const buffer = alignedBuffer(job.source, 4)
  const from = new Float32Array(buffer, alignedOffset(job.source, 4), job.source.byteLength / 4)
  const fromBits = new Uint32Array(buffer, from.byteOffset, from.length)
  if (bits === 'f32') return copyWords(job, fromBits)
  if (bits === 'f16') return roundToHalves(job, from)
  if (bits === 'bf16') return roundToBrains(job, fromBits)
  return quantise(job, bits, (row, start) => row.values.set(from.subarray(start, start + job.columns)))
}

function quantise(job: RepackJob, bits: Bits, readRow: (row: FloatRow, start: number) => void): RepackOutcome {
  if (bits !== 4 && bits !== 8) throw new RangeError(`repackRows: no conversion to ${bits}`)
  const row = floatRow(job.groups)
  const quantiseRow = bits === 4 ? quantiseRow4 : quantiseRow8
  let outcome: RepackOutcome = 'done'
  for (let index = 0; index < job.rows; index++) {
    readRow(row, index * job.columns)
    const rowOutcome = quantiseRow(job, row, index)
    if (rowOutcome === 'invalid') return 'invalid'
    if (rowOutcome === 'overflow') outcome = 'overflow'
  }
  return outcome
}

function copyHalves(job: RepackJob, from: Uint16Array, exponent: number): RepackOutcome {
  const { halves, columns, rows, groups } = job
  let invalid = 0
  for (let i = 0; i < from.length; i++) invalid |= ((from[i] ?? 0) & exponent) === exponent ? 1 : 0
  for (let row = 0; row < rows; row++) {
    const to = 2 * job.quants + row * groups * 32
    halves.set(from.subarray(row * columns, (row + 1) * columns), to)
    halves.fill(0, to + columns, to + groups * 32)
  }
  return invalid === 0 ? 'done' : 'invalid'
}

function copyWords(job: RepackJob, from: Uint32Array): RepackOutcome {
  const { words, columns, rows, groups } = job
  let invalid = 0
  for (let i = 0; i < from.length; i++) invalid |= ((from[i] ?? 0) & 0x7f800000) === 0x7f800000 ? 1 : 0
  for (let row = 0; row < rows; row++) {
    const to = job.quants + row * groups * 32
    words.set(from.subarray(row * columns, (row + 1) * columns), to)
    words.fill(0, to + columns, to + groups * 32)
  }
  return invalid === 0 ? 'done' : 'invalid'
}

function roundToHalves(job: RepackJob, from: Float32Array): RepackOutcome {
  const { halves, columns, rows, groups } = job
  let overflow = false
  let check = 0
  for (let row = 0; row < rows; row++) {
    const to = 2 * job.quants + row * groups * 32
    for (let column = 0; column < columns; column++) {
      const value = from[row * columns + column] ?? 0
      check += value * 0
      const half = float16Bits(value)
      if ((half & 0x7c00) === 0x7c00) overflow = true
      halves[to + column] = half
    }
    halves.fill(0, to + columns, to + groups * 32)
  }
  return check !== 0 ? 'invalid' : overflow ? 'overflow' : 'done'
}

function roundToBrains(job: RepackJob, from: Uint32Array): RepackOutcome {
  const { halves, columns, rows, groups } = job
  let invalid = false
  for (let row = 0; row < rows; row++) {
    const to = 2 * job.quants + row * groups * 32
    for (let column = 0; column < columns; column++) {
      const brain = bfloat16Bits(from[row * columns + column] ?? 0)
      if ((brain & 0x7f80) === 0x7f80) invalid = true
      halves[to + column] = brain
    }
    halves.fill(0, to + columns, to + groups * 32)
  }
  return invalid ? 'invalid' : 'done'
}

/** Typed-array views need aligned bytes; safetensors does not promise them. */
function alignedBuffer(bytes: Uint8Array, unit: number): ArrayBufferLike {
  return bytes.byteOffset % unit === 0 ? bytes.buffer : bytes.slice().buffer
}
function alignedOffset(bytes: Uint8Array, unit: number): number {
  return bytes.byteOffset % unit === 0 ? bytes.byteOffset : 0
}
