import type { LoraTargetOutline } from '../formats/lora/lora-adapter.ts'
import type { FactorType, LoraShape } from '../kernels/lora/lora.ts'
import type { PlannedGroup } from './lora-plan.ts'

/** Where A's and B's rows of one part go, in vec4 of numbers. */
export interface PartPlace {
  readonly a: { readonly start: number; readonly stride: number }
  readonly b: { readonly start: number; readonly stride: number }
}

export interface FactorLayout {
  readonly shape: LoraShape
  readonly places: readonly PartPlace[]
  /** Of the whole buffer, in u32 words. */
  readonly words: number
}

export const bytesPerChunk = (type: FactorType): number => (type === 'f32' ? 16 : 8)

/** Lays A of all parts, then B of all parts, into one buffer; see `LoraShape`. */
export function layoutFactors(type: FactorType, { inputs, parts }: PlannedGroup<LoraTargetOutline>): FactorLayout {
  const columns = Math.ceil(inputs / 4)
  const chunksOf = parts.map(({ target }) => Math.ceil(target.rank / 4))
  const rowChunks = chunksOf.reduce((sum, chunks) => sum + chunks, 0)
  let a = 0
  let b = 4 * rowChunks * columns
  const places = parts.map(({ rows }, i): PartPlace => {
    const chunks = chunksOf[i] ?? 0
    const place = { a: { start: a, stride: columns }, b: { start: b, stride: chunks } }
    a += 4 * chunks * columns
    b += rows * chunks
    return place
  })
  const sections = parts.map(({ target, row, rows }, i) => ({
    row,
    rows,
    chunks: chunksOf[i] ?? 0,
    start: places[i]?.b.start ?? 0,
    scale: target.scale,
  }))
  return {
    shape: { type, inputs, columns, rowChunks, sections },
    places,
    words: (b * bytesPerChunk(type)) / 4,
  }
}
