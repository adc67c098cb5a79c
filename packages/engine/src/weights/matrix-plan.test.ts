import { describe, expect, it } from 'vitest'
import { EngineError } from '../errors.ts'
import { bytesSource } from '../formats/bytes-source.ts'
import type { ModelConfig, TensorInfo, TensorType } from '../formats/checkpoint.ts'
import { blockSizes } from '../formats/tensor-types.ts'
import { planMatrix } from './matrix-plan.ts'
import { maxReadBytes, planReads, type ReadPiece } from './read-plan.ts'
import { undoInterleavedRope } from './rope-order.ts'
import { rowPieces } from './row-pieces.ts'
import { LoadScratch } from './scratch.ts'
import { matrixShape, requireTensor, vectorShape } from './tensor-shape.ts'

const source = bytesSource(new Uint8Array(0), 'none')

function tensor(name: string, type: TensorType, shape: readonly number[], more: Partial<TensorInfo> = {}): TensorInfo {
  const block = blockSizes[type]
  const byteLength = (shape.reduce((a, b) => a * b, 1) / block.elements) * block.bytes
  return { name, type, shape, source, start: 0, byteLength, ...more }
}

const thrownBy = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    if (EngineError.isInstance(error)) return error.code
    throw error
  }
  return 'nothing'
}

describe('planMatrix', () => {
  const qkv = [tensor('q', 'Q5_0', [896, 896]), tensor('k', 'Q5_0', [128, 896]), tensor('v', 'Q8_0', [128, 896])]

  it('stacks sections of different kinds in one buffer', () => {
    const plan = planMatrix('qkv', { tensors: qkv, arrangement: 'stacked', bits: 4 }, 1 << 27)
    expect(plan.rows).toBe(1152)
    expect(plan.parts).toHaveLength(1)
    const [part] = plan.parts
    expect(part?.sections.map((section) => [section.kind.bits, section.rows, section.tensorRow])).toEqual([
      [5, 896, 0],
      [5, 128, 0],
      [8, 128, 0],
    ])
    const sections = part?.sections ?? []
    for (const [index, section] of sections.entries()) {
      expect(section.quants).toBe(sections[index - 1]?.end ?? 0)
      expect(
        [section.quants, section.high, section.scales, section.blocks, section.end].every((word) => word % 4 === 0),
      ).toBe(true)
    }
  })

  it.each([
    ['stacked', 2304],
    ['paired', 1152],
  ] as const)('splits %s matrices by rows at multiples of 64, evenly', (arrangement, rows) => {
    const tensors = [tensor('a', 'BF16', [1152, 96]), tensor('b', 'F32', [1152, 96])]
    const limit = 100_000
    const plan = planMatrix('ab', { tensors, arrangement, bits: 16 }, limit)
    expect(plan.parts.length).toBeGreaterThan(3)
    let next = 0
    const seen = [0, 0]
    for (const part of plan.parts) {
      expect(part.rowStart).toBe(next)
      expect(part.rowStart % 64).toBe(0)
      expect(part.words * 4).toBeLessThanOrEqual(limit)
      next += part.rows
      for (const section of part.sections) {
        expect(section.tensorRow).toBe(seen[section.tensorIndex])
        seen[section.tensorIndex] = section.tensorRow + section.rows
        if (arrangement === 'paired') expect(section.rows).toBe(part.rows)
      }
    }
    expect(next).toBe(rows)
    expect(seen).toEqual([1152, 1152])
  })

  it("fits the real 1.5B's output head in WebGPU's default limits", () => {
    const head = tensor('lm_head.weight', 'BF16', [151_936, 1536])
    const plan = planMatrix('head', { tensors: [head], arrangement: 'stacked', bits: 8 }, 128 * 1024 * 1024)
    expect(plan.parts.map((part) => part.rows)).toEqual([75_968, 75_968])
  })

  it('refuses what does not go together or never fits', () => {
    const wide = tensor('w', 'F16', [128, (1 << 20) + 32])
    const odd = tensor('o', 'F16', [127, 896])
    const plan = (tensors: TensorInfo[], arrangement: 'stacked' | 'paired') => () =>
      planMatrix('m', { tensors, arrangement, bits: 16 }, 1 << 27)
    expect(thrownBy(plan([wide], 'stacked'))).toBe('device-limit-exceeded')
    expect(thrownBy(plan([...qkv, wide], 'stacked'))).toBe('tensor-shape-mismatch')
    expect(thrownBy(plan([odd, tensor('p', 'F16', [128, 896])], 'paired'))).toBe('tensor-shape-mismatch')
    expect(thrownBy(plan([odd, tensor('p', 'F16', [128, 896])], 'stacked'))).toBe('nothing')
  })
})

describe('shapes from a damaged file', () => {
  it.each([
    tensor('rank', 'F32', [2, 3, 4]),
    tensor('none', 'F32', [0, 32]),
    tensor('bytes', 'Q4_0', [2, 64], { byteLength: 35 }),
    tensor('blocks', 'Q4_K', [8, 128]),
    tensor('head', 'F32', [12, 32], { interleavedRopeHeadSize: 5 }),
    tensor('heads', 'F32', [12, 32], { interleavedRopeHeadSize: 8 }),
    tensor('fraction', 'F32', [1.5, 32]),
  ])('refuses $name', (bad) => {
    expect(thrownBy(() => matrixShape(bad))).toBe('tensor-shape-mismatch')
  })

  it('refuses quantised vectors and tensors that are missing or of another shape', () => {
    expect(thrownBy(() => vectorShape(tensor('bias', 'Q8_0', [32])))).toBe('format-unsupported')
    const config: ModelConfig = {
      architecture: 'qwen2',
      hiddenSize: 8,
      layerCount: 1,
      headCount: 2,
      keyValueHeadCount: 1,
      headSize: 4,
      feedForwardSize: 16,
      vocabularySize: 4,
      contextLength: 32,
      normEpsilon: 1e-6,
      ropeBase: 1e4,
      ropeScaling: { kind: 'none' },
      tiedEmbeddings: true,
    }
    const checkpoint = {
      format: 'gguf',
      config,
      tensors: new Map([['a', tensor('a', 'F32', [4, 8])]]),
      metadata: new Map(),
    } as const
    expect(thrownBy(() => requireTensor(checkpoint, 'b', [4, 8]))).toBe('tensor-missing')
    expect(thrownBy(() => requireTensor(checkpoint, 'a', [8, 4]))).toBe('tensor-shape-mismatch')
    expect(requireTensor(checkpoint, 'a', [4, 8]).name).toBe('a')
  })
})

describe('planReads', () => {
  const taken: [string, number][] = []
  const pieces = (info: TensorInfo): ReadPiece[] =>
    rowPieces(
      {
        tensor: info,
        shape: matrixShape(info),
        take: (_, firstRow) => {
          taken.push([info.name, firstRow])
        },
      },
      new LoadScratch(),
    )

  it('reads in file order, ≤ 2 MiB a time, whole heads, small tensors together', () => {
    const large = tensor('large', 'F16', [9000, 896], { start: 40_000, interleavedRopeHeadSize: 1000 })
    const small = tensor('small', 'F32', [1, 32], { start: 1000 })
    const near = tensor('near', 'F32', [1, 32], { start: 1200 })
    const after = tensor('after', 'F32', [1, 32], { start: large.start + large.byteLength })
    const ranges = planReads([large, after, near, small].flatMap(pieces))
    expect(ranges[0]?.pieces).toHaveLength(3)
    expect(ranges.at(-1)?.pieces).toHaveLength(2)
    let end = 0
    for (const range of ranges) {
      expect(range.start).toBeGreaterThanOrEqual(end)
      expect(range.end - range.start).toBeLessThanOrEqual(maxReadBytes)
      end = range.end
      for (const piece of range.pieces) piece.take(new Uint8Array(piece.end - piece.start))
    }
    const rows = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000]
    expect(taken).toEqual([['small', 0], ['near', 0], ...rows.map((row) => ['large', row]), ['after', 0]])
  })

  it('reads what two sinks share twice, and refuses runs that would fill memory', () => {
    const shared = tensor('shared', 'F32', [4, 32])
    expect(planReads([shared, shared].flatMap(pieces))).toHaveLength(2)
    const huge = tensor('huge', 'F32', [128, 65_536], { interleavedRopeHeadSize: 128 })
    expect(thrownBy(() => pieces(huge))).toBe('file-limit-exceeded')
  })
})

it("puts llama.cpp's interleaved rows into Hugging Face's order", () => {
  const from = Uint8Array.from([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7])
  const to = new Uint8Array(16)
  undoInterleavedRope(from, to, 2, 4)
  expect([...to]).toEqual([0, 0, 2, 2, 1, 1, 3, 3, 4, 4, 6, 6, 5, 5, 7, 7])
})
