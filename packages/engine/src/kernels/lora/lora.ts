import type { Gpu } from '../../device/gpu.ts'
import { specialise } from '../template.ts'
import downText from './lora-down.wgsl?raw'
import downGroup from './lora-down-group.wgsl?raw'
import downLane from './lora-down-lane.wgsl?raw'
import upText from './lora-up.wgsl?raw'

/** Of A and B in their buffer: 16-bit ones are pairs in u32 words. */
export type FactorType = 'f32' | 'f16' | 'bf16'

/** B of one matrix: `[rows][chunks]` vec4, whose outputs begin at column `row` of y. */
export interface LoraSection {
  readonly row: number
  readonly rows: number
  /** Rank in fours, rounded up: the rest is zeros. */
  readonly chunks: number
  /** Where its B begins, in vec4 of numbers from the buffer's beginning. */
  readonly start: number
  readonly scale: number
}

/**
 * The low-rank products of matrices with one input: A of all of them, one after the other, `[4 · rowChunks][columns]` in vec4 of
 * numbers from the buffer's beginning, each section's rows padded with zeros to a multiple of four; then B section by section.
 */
export interface LoraShape {
  readonly type: FactorType
  /** Inputs, before padding. */
  readonly inputs: number
  /** `inputs` in fours, rounded up. */
  readonly columns: number
  /** Chunks of all sections. */
  readonly rowChunks: number
  /** At most three, in the order of their A. */
  readonly sections: readonly LoraSection[]
}

export interface LoraVariant {
  readonly kernel: 'lane' | 'group'
  /** A divisor of every batch's capacity. */
  readonly tokens: 1 | 4
  /** RMSNorm of x inside: `group` with one token. */
  readonly norm: boolean
}

const laneWorkgroup = 16
const upWorkgroup = 64
/** As in lora-up.wgsl. */
const mostSections = 3

export type LoraGrid = readonly [number, number, number]

export const downGrid = (shape: LoraShape, variant: LoraVariant, tokens: number): LoraGrid => [
  variant.kernel === 'lane' ? Math.ceil(shape.rowChunks / laneWorkgroup) : shape.rowChunks,
  Math.ceil(tokens / variant.tokens),
  1,
]

export const upGrid = (shape: LoraShape, variant: LoraVariant, tokens: number): LoraGrid => [
  Math.ceil(rowsOf(shape) / upWorkgroup),
  Math.ceil(tokens / variant.tokens),
  1,
]

export const rowsOf = ({ sections }: LoraShape): number => sections.reduce((sum, { rows }) => sum + rows, 0)

/** `xStride`: f32 from row to row, a multiple of 4 with zeros behind the inputs. */
export function downUniform(shape: LoraShape, xStride: number, epsilon: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array([shape.columns, xStride / 4, shape.rowChunks, 0, 0, 0, 0, 0])
  new Float32Array(words.buffer).set([shape.inputs, epsilon], 4)
  return words
}

/** `strength`: all scales are multiplied by it. */
export function upUniform(shape: LoraShape, yStride: number, strength: number): Uint32Array<ArrayBuffer> {
  const { sections } = shape
  if (sections.length > mostSections) throw new Error(`lora-up.wgsl knows ${mostSections} sections`)
  const words = new Uint32Array(4 + mostSections * 8)
  const floats = new Float32Array(words.buffer)
  words.set([rowsOf(shape), yStride, shape.rowChunks])
  let [first, low] = [0, 0]
  for (let i = 0; i < mostSections; i += 1) {
    const section = sections[i]
    const at = 4 + 8 * i
    // No row comes after all of them.
    words[at] = section ? first : 0xffff_ffff
    if (!section) continue
    words.set([section.row, section.chunks, low, section.start], at + 1)
    floats[at + 5] = strength * section.scale
    first += section.rows
    low += section.chunks
  }
  return words
}

/** Bindings: 0 uniform, 1 A and B, 2 x, 3 low `[tokens][rowChunks]` vec4, and the norm's gain (variant with `norm`). */
export const downPipeline = (gpu: Gpu, type: FactorType, variant: LoraVariant): Promise<GPUComputePipeline> =>
  gpu.pipeline(`lora-down-${variant.kernel}`, downCode(type, variant))

/** Bindings: 0 uniform, 1 A and B, 2 low, 3 y. */
export const upPipeline = (gpu: Gpu, type: FactorType, variant: LoraVariant): Promise<GPUComputePipeline> =>
  gpu.pipeline('lora-up', upCode(type, variant))

export function downCode(type: FactorType, variant: LoraVariant): string {
  const shared = specialise(downText, { factors: factors(type) })
  if (variant.kernel === 'lane')
    return specialise(downLane, { shared, TOKENS: variant.tokens, WORKGROUP: laneWorkgroup })
  return specialise(downGroup, { shared, TOKENS: variant.tokens, NORM: variant.norm, PARTIALS: 64 * variant.tokens })
}

export const upCode = (type: FactorType, variant: LoraVariant): string =>
  specialise(upText, { factors: factors(type), TOKENS: variant.tokens })

/** Four numbers of A or B. */
function factors(type: FactorType): string {
  const binding = '@group(0) @binding(1) var<storage, read> factors:'
  const read = (word: string): string => {
    switch (type) {
      case 'f32':
        return ''
      case 'f16':
        return `unpack2x16float(${word})`
      case 'bf16':
        return `vec2<f32>(bitcast<f32>(${word} << 16u), bitcast<f32>(${word} & 0xffff0000u))`
      default:
        return type satisfies never
    }
  }
  if (type === 'f32') return `${binding} array<vec4<f32>>;\nfn factor(at: u32) -> vec4<f32> { return factors[at]; }`
  return [
    `${binding} array<vec2<u32>>;`,
    'fn factor(at: u32) -> vec4<f32> {',
    '  let words = factors[at];',
    `  return vec4<f32>(${read('words.x')}, ${read('words.y')});`,
    '}',
  ].join('\n')
}
