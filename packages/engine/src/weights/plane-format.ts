import type { TensorType } from '../formats/checkpoint.ts'

/**
 * GPU layout of a weight matrix `[rows, columns]`, `columns` padded with zeros to a multiple of 32 (256 for the `k` types).
 * A row is a run of groups of 32 weights; every plane is row-major over (row, group). All planes of a matrix lie in ONE
 * buffer, each starting at a multiple of 16 bytes, in the order below; offsets are in u32 words from the buffer's start.
 *
 *   quants   4/5/6-bit: 4 words a group, nibbles: word w holds weights 8w … 8w+7, weight 8w+i in bits 4i … 4i+3
 *            8-bit:     8 words a group, signed bytes: word w holds weights 4w … 4w+3, weight 4w+i in bits 8i … 8i+7
 *            f16/bf16: 16 words a group, weight 2w in the low half; f32: 32 words a group
 *   high     5-bit: 1 word a group, bit i = fifth bit of weight i
 *            6-bit: 2 words a group, weights 16w … 16w+15 in word w, weight 16w+i in bits 2i, 2i+1
 *   scales   by `scale` below
 *   blocks   by `scale` below (sz8 and k types only)
 *
 * The value of weight i is `s · (q − zero) − m`, with q the unsigned 4/5/6-bit or signed 8-bit quant:
 *   's16'    m = 0; scales: one f16 a group, two a word (even group low); row padded to an even number of groups.
 *            `zero` = 8 (4-bit), 16 (5-bit), 0 (8-bit)
 *   'sm16'   scales: one word a group, f16 s low, f16 m high (m is minus GGUF's min); `zero` = 0
 *   'sz8'    scales: one word per two groups, bytes (sc, z) of the even then the odd group; row padded to an even number of
 *            groups; blocks: one f32 d a row; s = d·sc², `zero` = z/16, m = 0
 *   'k45'    scales: one word per two groups, bytes (sc, mn) of the even then the odd group; blocks: per 256 weights two
 *            f32 (d, dmin); s = d·sc, m = dmin·mn; `zero` = 0
 *   'k6'     scales: one word per two groups, four signed bytes, one per 16 weights; blocks: per 256 weights one f32 d;
 *            s = d·sc (per 16 weights), m = 0; `zero` = 32
 *   'none'   f16/bf16/f32
 *
 * s16 and sm16 scales are stored multiplied by 2^`scaleShift`, one exponent a matrix, so that none of weight is an f16 subnormal
 * (a GPU may flush those): the kernel multiplies its f32 result by 2^-`scaleShift`.
 */
export type QuantBits = 4 | 5 | 6 | 8
export type PlaneKind =
  | { readonly bits: 4 | 5 | 8; readonly scale: 's16' }
  | { readonly bits: 4 | 5; readonly scale: 'sm16' }
  | { readonly bits: 4; readonly scale: 'sz8' }
  | { readonly bits: 4 | 5; readonly scale: 'k45' }
  | { readonly bits: 6; readonly scale: 'k6' }
  | { readonly bits: 'f16' | 'bf16' | 'f32'; readonly scale: 'none' }

/** What planes mean, whatever their size. */
export interface PlaneFormat {
  readonly kind: PlaneKind
  readonly scaleShift: number
}

/** One source tensor's part of a (possibly fused) matrix. */
export interface PlaneSection extends PlaneFormat {
  readonly rows: number
  /** Columns of the source; `paddedColumns` is what the planes hold. */
  readonly columns: number
  readonly paddedColumns: number
  /** Offsets in u32 words from the start of the buffer; equal to the next plane's where a plane is absent. */
  readonly quants: number
  readonly high: number
  readonly scales: number
  readonly blocks: number
  /** First word after this section (a multiple of 4). */
  readonly end: number
}

/** What a GGUF type becomes without loss. */
export const planeKindOf: Readonly<Record<TensorType, PlaneKind>> = {
  F32: { bits: 'f32', scale: 'none' },
  F16: { bits: 'f16', scale: 'none' },
  BF16: { bits: 'bf16', scale: 'none' },
  Q4_0: { bits: 4, scale: 's16' },
  Q4_1: { bits: 4, scale: 'sm16' },
  Q5_0: { bits: 5, scale: 's16' },
  Q5_1: { bits: 5, scale: 'sm16' },
  Q8_0: { bits: 8, scale: 's16' },
  Q4_K: { bits: 4, scale: 'k45' },
  Q5_K: { bits: 5, scale: 'k45' },
  Q6_K: { bits: 6, scale: 'k6' },
}

/** What 16- and 32-bit weights become when they are quantised on load; the README says what either costs. */
export const quantisedKinds: Readonly<Record<4 | 8, PlaneKind>> = {
  4: { bits: 4, scale: 'sz8' },
  8: planeKindOf.Q8_0,
}

/** Every kind that a tensor can be stored in. */
export const planeKinds: readonly PlaneKind[] = [...Object.values(planeKindOf), ...Object.values(quantisedKinds)]
