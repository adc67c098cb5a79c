import type { Gpu } from '../../device/gpu.ts'
import type { PlaneKind, PlaneSection } from '../../weights/plane-format.ts'
import { type PlaneReader, planeReader } from '../plane-reader.ts'
import quants from '../quants.wgsl?raw'
import { specialise, type TemplateValues } from '../template.ts'
import lane from './matmul-lane.wgsl?raw'
import tile from './matmul-tile.wgsl?raw'
import vector from './matmul-vector.wgsl?raw'
import matrixText from './matrix.wgsl?raw'

/**
 * `store`: y = Wx (+ bias). `add`: y += Wx (+ bias). `silu-pair`: sections 0 and 1 are a gate and an up projection of the same shape
 * and kind, y = silu(gate · x) ⊙ (up · x).
 */
export type MatmulEpilogue = 'store' | 'add' | 'silu-pair'

/** How the work is laid on the device; see the header of the `.wgsl` file of each. */
export type MatmulVariant =
  /** `share`: needs subgroups of at least four. */
  | { readonly kernel: 'lane'; readonly tokens: 1 | 4 | 8; readonly share: boolean }
  | { readonly kernel: 'vector'; readonly workgroup: 32 | 64; readonly subgroups: boolean; readonly norm: boolean }
  | { readonly kernel: 'tile'; readonly half: boolean }

export interface MatmulShape {
  readonly sections: readonly PlaneSection[]
  readonly epilogue: MatmulEpilogue
  readonly bias: boolean
  readonly variant: MatmulVariant
}

/** Tokens that one workgroup row of the grid covers: activation buffers hold a multiple of this many rows. */
export function tokenBlock(variant: MatmulVariant): number {
  return variant.kernel === 'tile' ? 32 : variant.kernel === 'lane' ? variant.tokens : 1
}

const laneWorkgroup = 16
const blockRows = 4

/** Blocks of four outputs; a silu pair makes two outputs of four weight rows. */
function blocks(rows: number, epilogue: MatmulEpilogue): number {
  return Math.ceil(rows / (epilogue === 'silu-pair' ? 2 : blockRows))
}

function blockCount(shape: MatmulShape): number {
  const [first] = shape.sections
  if (shape.epilogue === 'silu-pair') return blocks(first?.rows ?? 0, 'silu-pair')
  return shape.sections.reduce((sum, section) => sum + blocks(section.rows, shape.epilogue), 0)
}

/** Workgroups for a batch of `tokens`, within 65,535 a dimension. */
export function matmulGrid(shape: MatmulShape, tokens: number): readonly [number, number, number] {
  const { variant } = shape
  const limit = 65_535
  switch (variant.kernel) {
    case 'lane': {
      const groups = Math.ceil(blockCount(shape) / laneWorkgroup)
      const folds = Math.ceil(groups / limit)
      return [Math.ceil(groups / folds), Math.ceil(tokens / variant.tokens), folds]
    }
    case 'vector': {
      const folds = Math.ceil(blockCount(shape) / limit)
      return [Math.ceil(blockCount(shape) / folds), folds, 1]
    }
    case 'tile': {
      const tiles = shape.sections.reduce((sum, section) => sum + Math.ceil(section.rows / 32), 0)
      return [tiles, Math.ceil(tokens / 32), 1]
    }
    default:
      return variant satisfies never
  }
}

export interface MatmulStrides {
  /** f32 between two input rows, a multiple of 32. */
  readonly x: number
  /** f32 between two output rows. */
  readonly y: number
  /** Output column of each section's row 0; default: section after section from 0. A silu pair has only the first. */
  readonly firstRows?: readonly number[]
  /** Of the fused norm. */
  readonly epsilon: number
}

/** As in matrix.wgsl. */
const mostSections = 3

/** The words of the `Matrix` uniform. */
export function matrixUniform(shape: MatmulShape, strides: MatmulStrides): Uint32Array<ArrayBuffer> {
  if (shape.sections.length > mostSections) throw new Error(`matrix.wgsl knows ${mostSections} sections a matrix`)
  const words = new Uint32Array(8 + mostSections * 8)
  const floats = new Float32Array(words.buffer)
  const [first] = shape.sections
  if (!first) throw new Error('a matrix has at least one section')
  words.set([first.paddedColumns / 32, strides.x / 4, strides.y, blockCount(shape), first.columns])
  floats[5] = strides.epsilon
  let block = 0
  let row = 0
  shape.sections.forEach((section, i) => {
    const at = 8 + 8 * i
    const { rows, quants, high, scales, blocks: blockPlane } = section
    words.set([block, rows, strides.firstRows?.[i] ?? row, quants / 4, high, scales, blockPlane], at)
    floats[at + 7] = 2 ** -section.scaleShift
    block += blocks(section.rows, shape.epilogue)
    row += section.rows
  })
  return words
}

/**
 * Bindings: 0 `Matrix` uniform, 1 and 2 the weights buffer, 3 x, 4 y, then the norm's gain (variant with `norm`), then the
 * bias (one f32 an output, indexed like y's columns).
 */
export function matmulPipeline(gpu: Gpu, shape: MatmulShape): Promise<GPUComputePipeline> {
  return gpu.pipeline(`matmul-${shape.variant.kernel}`, matmulCode(shape))
}

export function matmulCode(shape: MatmulShape): string {
  const kinds = distinctKinds(shape.sections)
  const readers = kinds.map(planeReader)
  const read = (kind: number): PlaneReader => {
    const reader = readers[kind]
    if (!reader) throw new Error(`no plane kind ${kind}`)
    return reader
  }
  const { variant } = shape
  const values: TemplateValues = {
    matrix: matrixText,
    quants,
    KINDS: kinds.length,
    BIAS: shape.bias,
    PAIR: shape.epilogue === 'silu-pair',
    load: (kind, slot) => read(kind ?? 0).load(slot ?? 0),
    scale: (kind, slot) => read(kind ?? 0).scale(slot ?? 0),
    chunk: (kind, slot, i) => read(kind ?? 0).chunk(slot ?? 0, i ?? 0),
    sum_inputs: (kind, t, i) => (read(kind ?? 0).minimum ? `total_${t} += x_${t}_${i};` : ''),
    half_way: (kind, t, i) =>
      read(kind ?? 0).twoScales && i === 3 ? `${scaled('s', t ?? 0)} part_${t} = vec4<f32>();` : '',
    finish: (kind, t) => finish(read(kind ?? 0), t ?? 0),
    choose_section: chooseSection(shape.sections.length),
    SECTION_BORDERS: shape.sections.length - 1,
  }
  const sectionKinds = shape.sections.map((section) => kinds.findIndex((kind) => sameKind(kind, section.kind)))
  switch (variant.kernel) {
    case 'lane': {
      // Lanes of a subgroup may stand before different sections: they share only where all go the same way.
      const share = variant.share && kinds.length === 1
      return specialise(lane, {
        ...values,
        SHARE: share,
        load_x: (t, i) => (share ? sharedLoad(t ?? 0, i ?? 0) : `let x_${t}_${i} = x[at_${t} + ${i}u];`),
        TOKENS: variant.tokens,
        WORKGROUP: laneWorkgroup,
        sums: Array.from({ length: variant.tokens }, (_, t) => `sum_${t}`).join(', '),
        choose_kind: chooseKind(sectionKinds, `array<vec4<f32>, ${variant.tokens}>`, 'token, sharer'),
        store: (t, r) =>
          store(
            shape,
            `out + ${t}u * matrix.y_stride + ${r}u`,
            `section.first_row + row + ${r}u`,
            `result[${t}][${r}]`,
          ),
      })
    }
    case 'vector':
      return specialise(vector, {
        ...values,
        WORKGROUP: variant.workgroup,
        SUBGROUPS: variant.subgroups,
        NORM: variant.norm,
        BIAS_BINDING: variant.norm ? 6 : 5,
        choose_kind: chooseKind(sectionKinds, 'Sums', 'lane'),
        store: (r) => store(shape, `out + ${r}u`, `out + ${r}u`, `sums[${r}]`),
      })
    case 'tile':
      return specialise(tile, {
        ...values,
        HALF: variant.half,
        FLOAT: variant.half ? 'f16' : 'f32',
        value: (kind, i) => read(kind ?? 0).value(0, i ?? 0),
        dequantise: sectionKinds
          .map((kind, s) => `        if (which == ${s}u) { dequantise_${kind}(section, row, g, to); }`)
          .join('\n'),
        store: (t, r) => store(shape, 'out', 'section.first_row + row', `sum_${t}[${r}]`),
      })
    default:
      return variant satisfies never
  }
}

/** Four lanes load four neighbouring vec4 of a token, one each. */
function sharedLoad(t: number, i: number): string {
  const held = `held_${t}_${i >> 2}`
  const load = i % 4 === 0 ? `let ${held} = x[at_${t} + ${i}u + sharer]; ` : ''
  return `${load}let x_${t}_${i} = subgroupBroadcast(${held}, ${i % 4}u);`
}

const sameKind = (a: PlaneKind, b: PlaneKind): boolean => a.bits === b.bits && a.scale === b.scale

function distinctKinds(sections: readonly PlaneSection[]): PlaneKind[] {
  const kinds: PlaneKind[] = []
  for (const { kind } of sections) if (!kinds.some((other) => sameKind(other, kind))) kinds.push(kind)
  return kinds
}

const scaled = (name: string, t: number): string =>
  `sum_${t} += vec4<f32>(${[0, 1, 2, 3].map((r) => `${name}_${r}`).join(', ')}) * part_${t};`

function finish(reader: PlaneReader, t: number): string {
  if (reader.twoScales) return scaled('t', t)
  if (!reader.minimum) return scaled('s', t)
  return `${scaled('s', t)} sum_${t} -= vec4<f32>(m_0, m_1, m_2, m_3) * dot(total_${t}, vec4<f32>(1.0));`
}

function chooseSection(count: number): string {
  const later = Array.from(
    { length: count - 1 },
    (_, i) => `  if (block >= matrix.sections[${i + 1}].first_block) { which = ${i + 1}u; }`,
  )
  return ['  var which = 0u;', ...later, '  let section = matrix.sections[which];'].join('\n')
}

function chooseKind(sectionKinds: readonly number[], type: string, argument: string): string {
  const call = (kind: number): string => `multiply_${kind}(section, section, rows, ${argument})`
  if (new Set(sectionKinds).size === 1) return `  let result = ${call(0)};`
  const choices = sectionKinds.map((kind, s) => `  if (which == ${s}u) { result = ${call(kind)}; }`)
  return [`  var result: ${type};`, ...choices].join('\n')
}

function store(shape: MatmulShape, out: string, biasIndex: string, value: string): string {
  return `y[${out}] ${shape.epilogue === 'add' ? '+=' : '='} ${value}${shape.bias ? ` + bias[${biasIndex}]` : ''};`
}
