import type { WeightBits } from '../engine-types.ts'
import type { TensorType } from '../formats/checkpoint.ts'
import { type PlaneFormat, type PlaneKind, type PlaneSection, planeKindOf, quantisedKinds } from './plane-format.ts'

/**
 * Scales of a section are stored times 2^10 unless one of them reaches 64: this turns every binary16 subnormal (2^-24 … 2^-14)
 * into a normal number and is exact. Largest seen in real files: 0.77 for a scale, 9.3 for a minimum. A tensor with larger
 * ones is loaded again with shift 0, where binary16 holds whatever the file held.
 */
export const usualScaleShift = 10

/** u32 words that one row of `columns` (padded) takes in each plane. */
export interface RowWords {
  readonly quants: number
  readonly high: number
  readonly scales: number
  readonly blocks: number
}

export function paddedColumns(kind: PlaneKind, columns: number): number {
  const unit = kind.scale === 'k45' || kind.scale === 'k6' ? 256 : 32
  return Math.ceil(columns / unit) * unit
}

export function rowWords(kind: PlaneKind, columns: number): RowWords {
  const groups = paddedColumns(kind, columns) / 32
  switch (kind.scale) {
    case 'none':
      return { quants: groups * (kind.bits === 'f32' ? 32 : 16), high: 0, scales: 0, blocks: 0 }
    case 's16':
      return { ...integerWords(kind.bits, groups), scales: Math.ceil(groups / 2), blocks: 0 }
    case 'sm16':
      return { ...integerWords(kind.bits, groups), scales: groups, blocks: 0 }
    case 'sz8':
      return { ...integerWords(kind.bits, groups), scales: Math.ceil(groups / 2), blocks: 1 }
    case 'k45':
      return { ...integerWords(kind.bits, groups), scales: groups / 2, blocks: groups / 4 }
    case 'k6':
      return { ...integerWords(kind.bits, groups), scales: groups / 2, blocks: groups / 8 }
    default:
      return kind satisfies never
  }
}

function integerWords(bits: 4 | 5 | 6 | 8, groups: number): { quants: number; high: number } {
  return { quants: groups * (bits === 8 ? 8 : 4), high: groups * (bits === 5 ? 1 : bits === 6 ? 2 : 0) }
}

const aligned = (word: number): number => Math.ceil(word / 4) * 4

/** Where the planes of a `[rows, columns]` matrix lie when they start at or after `startWord` of their buffer. */
export function layoutSection(
  kind: PlaneKind,
  rows: number,
  columns: number,
  startWord: number,
  scaleShift: number = scaleShiftOf(kind),
): PlaneSection {
  const words = rowWords(kind, columns)
  const quants = aligned(startWord)
  const high = aligned(quants + rows * words.quants)
  const scales = aligned(high + rows * words.high)
  const blocks = aligned(scales + rows * words.scales)
  const end = aligned(blocks + rows * words.blocks)
  return {
    kind,
    rows,
    columns,
    paddedColumns: paddedColumns(kind, columns),
    quants,
    high,
    scales,
    blocks,
    end,
    scaleShift,
  }
}

const scaleShiftOf = ({ scale }: PlaneKind): number => (scale === 's16' || scale === 'sm16' ? usualScaleShift : 0)

/** What a tensor's planes are unless a value is too large for it. */
export function planeFormatFor(type: TensorType, bits: WeightBits): PlaneFormat {
  const kind = planeKindFor(type, bits)
  return { kind, scaleShift: scaleShiftOf(kind) }
}

/** Of every vector. */
export const vectorFormat: PlaneFormat = { kind: planeKindOf.F32, scaleShift: 0 }

/** Elements of a vector: one plane without padding. */
export function vectorSection(elements: number): PlaneSection {
  const end = aligned(elements)
  const planes = { quants: 0, high: end, scales: end, blocks: end, end }
  return { ...vectorFormat, rows: elements, columns: 1, paddedColumns: 1, ...planes }
}

/**
 * What a tensor becomes on the GPU. Quantised sources keep their bits, whatever is asked. F32 kept at 16 bits becomes f16
 * (relative error ≤ 2^-11, absolute ≤ 2^-25 below 6e-5), or bf16 when a value passes 65,504.
 */
export function planeKindFor(type: TensorType, bits: WeightBits): PlaneKind {
  const own = planeKindOf[type]
  if (own.scale !== 'none' || bits === 'source') return own
  if (bits === 16) return type === 'F32' ? planeKindOf.F16 : own
  return quantisedKinds[bits]
}
