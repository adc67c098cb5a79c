import { describe, expect, it } from 'vitest'
import type { TensorType } from '../../formats/checkpoint.ts'
import { blockSizes } from '../../formats/tensor-types.ts'
import { type PlaneSection, planeKindOf } from '../../weights/plane-format.ts'
import { randomBlocks } from '../../weights/random-blocks.ts'
import { repackRows } from '../../weights/repack.ts'
import { layoutSection, planeKindFor } from '../../weights/section.ts'
import { dispatch, randomRows, readFloats, rowsOf, storageOf, testGpu } from '../testing.ts'
import { dequantisedRows, matmulReference } from './matmul.reference.ts'
import {
  type MatmulShape,
  type MatmulVariant,
  matmulGrid,
  matmulPipeline,
  matrixUniform,
  tokenBlock,
} from './matmul.ts'

const tileTypes: readonly TensorType[] = ['BF16', 'Q4_0', 'Q5_1', 'Q8_0', 'Q4_K', 'Q6_K']
const types = Object.keys(planeKindOf) as TensorType[]

interface Trial {
  /** `bits`: quantised on load; default: as it is. */
  readonly sections: readonly { readonly type: TensorType; readonly rows: number; readonly bits?: 4 | 8 }[]
  readonly columns: number
  readonly tokens: number
  readonly epilogue?: MatmulShape['epilogue']
  readonly bias?: boolean
}

function planes(trial: Trial): { readonly sections: PlaneSection[]; readonly words: Uint32Array<ArrayBuffer> } {
  let end = 0
  const sections = trial.sections.map(({ type, rows, bits }) => {
    const section = layoutSection(planeKindFor(type, bits ?? 'source'), rows, trial.columns, end)
    end = section.end
    return section
  })
  const words = new Uint32Array(end)
  trial.sections.forEach(({ type, rows }, i) => {
    const section = sections[i]
    if (!section) return
    const columns = Math.ceil(trial.columns / blockSizes[type].elements) * blockSizes[type].elements
    expect(repackRows(type, randomBlocks(type, rows, columns, 7 + i), section, 0, words)).toBe('done')
  })
  return { sections, words }
}

/** Largest error relative to the largest magnitude of the expected values. */
async function errorOf(trial: Trial, variant: MatmulVariant): Promise<number> {
  const gpu = await testGpu()
  const { sections, words } = planes(trial)
  const shape: MatmulShape = { sections, epilogue: trial.epilogue ?? 'store', bias: trial.bias ?? false, variant }
  const rows = dequantisedRows(words, sections)
  const stride = Math.ceil(trial.columns / 32) * 32
  const outputs = shape.epilogue === 'silu-pair' ? (sections[0]?.rows ?? 0) : rows.length
  const yStride = outputs + 3
  const capacity = Math.ceil(trial.tokens / tokenBlock(variant)) * tokenBlock(variant)
  const norm = variant.kernel === 'vector' && variant.norm
  const epsilon = 1e-5
  const x = randomRows(trial.tokens, trial.columns, stride, capacity, 3)
  const gain = randomRows(1, trial.columns, stride, 1, 4)
  const bias = randomRows(1, outputs + 2, outputs + 2, 1, 5)
  const before = randomRows(capacity, yStride, yStride, capacity, 6)
  const y = storageOf(gpu, before)
  const firstRow = 2
  const buffers = [
    gpu.uniform(
      'matrix',
      matrixUniform(shape, { x: stride, y: yStride, firstRows: firstRowsOf(sections, firstRow), epsilon }),
    ),
    ...[storageOf(gpu, words)].flatMap((weights) => [weights, weights]),
    storageOf(gpu, x),
    y,
    ...(norm ? [storageOf(gpu, gain)] : []),
    ...(shape.bias ? [storageOf(gpu, bias)] : []),
  ]
  dispatch(gpu, await matmulPipeline(gpu, shape), buffers, matmulGrid(shape, trial.tokens))
  const result = await readFloats(gpu, y)

  const inputs = rowsOf(x, trial.tokens, trial.columns, stride).map((row) => {
    if (!norm) return row
    const rstd = 1 / Math.sqrt(row.reduce((sum, v) => sum + v * v, 0) / row.length + epsilon)
    return row.map((v, k) => v * rstd * (gain[k] ?? 0))
  })
  const products = matmulReference(rows, inputs)
  let error = 0
  let scale = 1e-6
  products.forEach((product, token) => {
    for (let row = 0; row < outputs; row += 1) {
      const at = token * yStride + firstRow + row
      let expected = product[row] ?? Number.NaN
      if (shape.epilogue === 'silu-pair')
        expected = (expected / (1 + Math.exp(-expected))) * (product[row + outputs] ?? Number.NaN)
      if (shape.epilogue === 'add') expected += before[at] ?? Number.NaN
      if (shape.bias) expected += bias[firstRow + row] ?? Number.NaN
      error = Math.max(error, Math.abs((result[at] ?? Number.NaN) - expected))
      scale = Math.max(scale, Math.abs(expected))
      if (Number.isNaN(result[at])) error = Number.POSITIVE_INFINITY
    }
    // What lies before the first output must be untouched.
    expect(result[token * yStride + 1]).toBe(before[token * yStride + 1])
  })
  return error / scale
}

function firstRowsOf(sections: readonly PlaneSection[], first: number): number[] {
  let row = first
  return sections.map((section) => {
    row += section.rows
    return row - section.rows
  })
}

/** float32 sums of a few thousand products: 2^-24 · √n, with a margin of ten. */
const tolerance = 2e-5

const variants: readonly MatmulVariant[] = [
  { kernel: 'lane', tokens: 1, share: false },
  { kernel: 'lane', tokens: 4, share: false },
  { kernel: 'vector', workgroup: 32, subgroups: false, norm: false },
  { kernel: 'vector', workgroup: 64, subgroups: false, norm: true },
  { kernel: 'tile', half: false },
]
const tokensFor = (variant: MatmulVariant): number => (tokenBlock(variant) === 1 ? 1 : tokenBlock(variant) + 3)

describe.each(variants.map((variant) => ({ name: Object.values(variant).join(' '), variant })))(
  'matmul $name',
  ({ variant }) => {
    const tokens = tokensFor(variant)
    // The tile kernel takes seconds to compile on SwiftShader: one type of every way to store quants and scales.
    const tried = variant.kernel === 'tile' ? types.filter((type) => tileTypes.includes(type)) : types
    it.each(tried)('multiplies by %s rows', async (type) => {
      const trial = { sections: [{ type, rows: 37 }], columns: 256, tokens }
      expect(await errorOf(trial, variant)).toBeLessThan(tolerance)
    })

    it('multiplies by rows that were quantised on load, of an odd number of groups', async () => {
      const sections = [
        { type: 'BF16', rows: 37, bits: 4 },
        { type: 'F32', rows: 6, bits: 4 },
      ] as const
      expect(await errorOf({ sections, columns: 152, tokens }, variant)).toBeLessThan(tolerance)
    })

    it('fuses three sections of two kinds, with bias', async () => {
      const sections = [
        { type: 'Q5_0', rows: 70 },
        { type: 'Q5_0', rows: 10 },
        { type: 'Q8_0', rows: 9 },
      ] as const
      expect(await errorOf({ sections, columns: 224, tokens, bias: true }, variant)).toBeLessThan(tolerance)
    })

    it('adds to what is there', async () => {
      const trial = {
        sections: [{ type: 'Q4_K', rows: 33 }],
        columns: 256,
        tokens,
        epilogue: 'add',
        bias: true,
      } as const
      expect(await errorOf(trial, variant)).toBeLessThan(tolerance)
    })

    it('multiplies one row of one group', async () => {
      expect(await errorOf({ sections: [{ type: 'Q8_0', rows: 1 }], columns: 32, tokens }, variant)).toBeLessThan(
        tolerance,
      )
    })

    it('pads columns that are no multiple of 32', async () => {
      expect(await errorOf({ sections: [{ type: 'F16', rows: 12 }], columns: 40, tokens }, variant)).toBeLessThan(
        tolerance,
      )
    })

    it.skipIf(variant.kernel === 'tile')('applies silu to a gate and multiplies (not in the tile kernel)', async () => {
      const sections = [
        { type: 'Q4_1', rows: 27 },
        { type: 'Q4_1', rows: 27 },
      ] as const
      expect(await errorOf({ sections, columns: 96, tokens, epilogue: 'silu-pair' }, variant)).toBeLessThan(tolerance)
    })
  },
)

const { subgroups, halfFloats } = await testGpu()

describe('matmul variants that need a feature', () => {
  it.skipIf(!subgroups).each([32, 64] as const)('sums %i lanes over subgroups (needs subgroups)', async (workgroup) => {
    const trial = { sections: [{ type: 'Q6_K', rows: 21 }], columns: 1280, tokens: 1 } as const
    expect(await errorOf(trial, { kernel: 'vector', workgroup, subgroups: true, norm: true })).toBeLessThan(tolerance)
  })

  it.skipIf(!subgroups).each([4, 8] as const)(
    'shares loads of %i tokens in a subgroup (needs subgroups)',
    async (tokens) => {
      const variant = { kernel: 'lane', tokens, share: true } as const
      // 37 rows are ten blocks: the last subgroup has lanes with nothing to do.
      const plain = { sections: [{ type: 'Q5_1', rows: 37 }], columns: 224, tokens: tokens + 1 } as const
      expect(await errorOf({ ...plain, epilogue: 'add', bias: true }, variant)).toBeLessThan(tolerance)
      const pair = [
        { type: 'Q6_K', rows: 27 },
        { type: 'Q6_K', rows: 27 },
      ] as const
      expect(await errorOf({ sections: pair, columns: 512, tokens, epilogue: 'silu-pair' }, variant)).toBeLessThan(
        tolerance,
      )
      const mixed = [
        { type: 'Q5_0', rows: 10 },
        { type: 'Q8_0', rows: 9 },
      ] as const
      expect(await errorOf({ sections: mixed, columns: 96, tokens }, variant)).toBeLessThan(tolerance)
    },
  )

  it.skipIf(!halfFloats).each(['Q4_K', 'Q6_K', 'Q8_0'] as const)(
    'keeps %s tiles in f16 (needs shader-f16)',
    async (type) => {
      const trial = { sections: [{ type, rows: 45 }], columns: 768, tokens: 35 }
      // Each weight is rounded to 11 bits.
      expect(await errorOf(trial, { kernel: 'tile', half: true })).toBeLessThan(2 ** -10)
    },
  )
})

describe('matmul grids', () => {
  it('stay within 65,535 workgroups a dimension', () => {
    const section = layoutSection(planeKindOf.Q8_0, 600_000, 32, 0)
    const shape = { sections: [section], epilogue: 'store', bias: false } as const
    for (const variant of variants) {
      const grid = matmulGrid({ ...shape, variant }, 64)
      expect(Math.max(...grid)).toBeLessThanOrEqual(65_535)
      expect(grid.reduce((product, n) => product * n, 1)).toBeGreaterThan(0)
    }
  })
})
