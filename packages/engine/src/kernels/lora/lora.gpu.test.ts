import { describe, expect, it } from 'vitest'
import { bfloat16Value, float16Value } from '../../formats/half.ts'
import { normalNumbers } from '../../weights/random-blocks.ts'
import { dispatch, randomRows, readFloats, rowsOf, storageOf, testGpu } from '../testing.ts'
import { loraReference } from './lora.reference.ts'
import {
  downGrid,
  downPipeline,
  downUniform,
  type FactorType,
  type LoraSection,
  type LoraShape,
  type LoraVariant,
  upGrid,
  upPipeline,
  upUniform,
} from './lora.ts'

interface Trial {
  readonly type: FactorType
  readonly variant: LoraVariant
  readonly inputs: number
  /** Of each section: outputs and rank. */
  readonly sections: readonly (readonly [rows: number, rank: number])[]
  readonly tokens: number
}

/** A number that the type holds, in u32 words as they lie in the buffer. */
function encode(type: FactorType, values: readonly number[]): [Uint32Array<ArrayBuffer>, number[]] {
  if (type === 'f32') {
    const floats = Float32Array.from(values)
    return [new Uint32Array(floats.buffer), [...floats]]
  }
  // Bit patterns of both kinds that stand for small normal numbers.
  const bits = values.map((value) => (value < 0 ? 0x8000 : 0) | (0x3800 + (Math.floor(Math.abs(value) * 300) % 0x400)))
  const halves = Uint16Array.from([...bits, ...Array(values.length % 2).fill(0)])
  return [
    new Uint32Array(halves.buffer),
    bits.map((word) => (type === 'f16' ? float16Value(word) : bfloat16Value(word))),
  ]
}

async function errorOf({ type, variant, inputs, sections: parts, tokens }: Trial): Promise<number> {
  const gpu = await testGpu()
  const columns = Math.ceil(inputs / 4)
  const chunks = parts.map(([, rank]) => Math.ceil(rank / 4))
  const rowChunks = chunks.reduce((sum, count) => sum + count, 0)
  const normal = normalNumbers(9)
  const padded = (rows: number, width: number, rowCount: number, stride: number): number[] =>
    Array.from({ length: rowCount * stride }, (_, i) =>
      Math.floor(i / stride) < rows && i % stride < width ? normal() : 0,
    )
  const a = parts.map(([, rank], i) => padded(rank, inputs, 4 * (chunks[i] ?? 0), 4 * columns))
  const b = parts.map(([rows, rank], i) => padded(rows, rank, rows, 4 * (chunks[i] ?? 0)))
  // Zeros stay zeros in every type but f32's stand-ins, so padding is put back below.
  const flat = [...a.flat(), ...b.flat()]
  const [words, held] = encode(type, flat)
  const values = held.map((value, i) => (flat[i] === 0 ? 0 : value))
  if (type !== 'f32') {
    const halves = new Uint16Array(words.buffer)
    for (const [i, value] of flat.entries()) if (value === 0) halves[i] = 0
  }
  let [start, row] = [rowChunks * 4 * columns, 3]
  const sections = parts.map(([rows], i): LoraSection => {
    const section = { row, rows, chunks: chunks[i] ?? 0, start, scale: 0.5 + i }
    start += rows * section.chunks
    row += rows + 5
    return section
  })
  const shape: LoraShape = { type, inputs, columns, rowChunks, sections }

  const [xStride, yStride, capacity] = [Math.ceil(inputs / 32) * 32, row, Math.ceil(tokens / 4) * 4]
  const x = randomRows(tokens, inputs, xStride, capacity, 3)
  const gain = randomRows(1, inputs, xStride, 1, 4)
  const before = randomRows(capacity, yStride, yStride, capacity, 6)
  const [factors, low, y] = [
    storageOf(gpu, words),
    storageOf(gpu, new Float32Array(4 * rowChunks * capacity)),
    storageOf(gpu, before),
  ]
  const [epsilon, strength] = [1e-5, -1.5]
  const down = [gpu.uniform('down', downUniform(shape, xStride, epsilon)), factors, storageOf(gpu, x), low]
  if (variant.norm) down.push(storageOf(gpu, gain))
  dispatch(gpu, await downPipeline(gpu, type, variant), down, downGrid(shape, variant, tokens))
  const up = [gpu.uniform('up', upUniform(shape, yStride, strength)), factors, low, y]
  dispatch(gpu, await upPipeline(gpu, type, variant), up, upGrid(shape, variant, tokens))
  const result = await readFloats(gpu, y)

  const expected = Float64Array.from(before)
  rowsOf(x, tokens, inputs, xStride).forEach((input, token) => {
    const rstd = 1 / Math.sqrt(input.reduce((sum, v) => sum + v * v, 0) / inputs + epsilon)
    const read = variant.norm ? input.map((v, k) => v * rstd * (gain[k] ?? 0)) : input
    let firstRow = 0
    sections.forEach((section, s) => {
      const rowsA = Array.from({ length: 4 * section.chunks }, (_, r) => {
        const at = (4 * firstRow + r) * 4 * columns
        return values.slice(at, at + inputs)
      })
      const rowsB = Array.from({ length: section.rows }, (_, r) => {
        const at = 4 * (section.start + r * section.chunks)
        return values.slice(at, at + 4 * section.chunks)
      })
      loraReference(rowsA, rowsB, read).forEach((value, r) => {
        const at = token * yStride + section.row + r
        expected[at] = (expected[at] ?? 0) + strength * section.scale * value
      })
      firstRow += chunks[s] ?? 0
    })
  })
  const scale = Math.max(1, ...expected.subarray(0, tokens * yStride).map(Math.abs))
  let error = 0
  for (let i = 0; i < tokens * yStride; i += 1)
    error = Math.max(error, Math.abs((result[i] ?? Number.NaN) - (expected[i] ?? Number.NaN)))
  return error / scale
}

const lane = (tokens: 1 | 4): LoraVariant => ({ kernel: 'lane', tokens, norm: false })
const group = (tokens: 1 | 4, norm = false): LoraVariant => ({ kernel: 'group', tokens, norm })

describe('low-rank products equal the plain ones', () => {
  const trials: readonly Trial[] = [
    { type: 'f32', variant: lane(1), inputs: 48, sections: [[16, 4]], tokens: 1 },
    {
      type: 'f32',
      variant: lane(4),
      inputs: 7,
      sections: [
        [5, 1],
        [9, 6],
        [65, 3],
      ],
      tokens: 6,
    },
    {
      type: 'f16',
      variant: lane(1),
      inputs: 33,
      sections: [
        [3, 8],
        [4, 2],
      ],
      tokens: 1,
    },
    { type: 'bf16', variant: lane(4), inputs: 100, sections: [[130, 70]], tokens: 4 },
    {
      type: 'f32',
      variant: group(1),
      inputs: 896,
      sections: [
        [70, 16],
        [1, 5],
      ],
      tokens: 1,
    },
    {
      type: 'f32',
      variant: group(1, true),
      inputs: 300,
      sections: [
        [8, 4],
        [8, 4],
        [8, 4],
      ],
      tokens: 1,
    },
    { type: 'f16', variant: group(4), inputs: 20, sections: [[40, 9]], tokens: 5 },
    {
      type: 'bf16',
      variant: group(4),
      inputs: 516,
      sections: [
        [3, 64],
        [66, 1],
      ],
      tokens: 9,
    },
  ]
  it.each(trials)('$variant.kernel, $type, $inputs inputs, $sections, $tokens tokens', async (trial) => {
    expect(await errorOf(trial)).toBeLessThan(2e-6)
  })
})
