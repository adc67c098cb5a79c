import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gpu } from '../device/gpu.ts'
import type { WeightBits } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import type { ByteSource } from '../formats/byte-source.ts'
import { bytesSource } from '../formats/bytes-source.ts'
import type { TensorInfo, TensorType } from '../formats/checkpoint.ts'
import { dequantize } from '../formats/dequantize.ts'
import { readWords, testGpu } from '../kernels/testing.ts'
import { randomBlocks } from './random-blocks.ts'
import { readPlanes } from './read-planes.ts'
import { type Matrix, WeightLoader } from './weight-loader.ts'

/** A file made of tensors, one after the other, at uneven offsets. */
class TestFile {
  readonly tensors: TensorInfo[] = []
  readonly values: Float32Array[] = []
  readonly reads: [number, number][] = []
  underWay = 0
  mostUnderWay = 0
  readonly source: ByteSource
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(6)

  constructor() {
    const self = this
    this.source = {
      name: 'test',
      get size() {
        return self.#bytes.length
      },
      async read(start, end, signal) {
        self.reads.push([start, end])
        self.mostUnderWay = Math.max(self.mostUnderWay, ++self.underWay)
        await new Promise((resolve) => setTimeout(resolve, 1))
        self.underWay -= 1
        return bytesSource(self.#bytes, 'test').read(start, end, signal)
      },
    }
  }

  add(type: TensorType, shape: readonly number[], headSize?: number, edit?: (bytes: DataView) => void): TensorInfo {
    const [rows = 0, columns = 1] = shape
    const bytes = randomBlocks(type, rows, columns, this.tensors.length + 1)
    edit?.(new DataView(bytes.buffer))
    const start = this.#bytes.length
    const joined = new Uint8Array(start + bytes.length)
    joined.set(this.#bytes)
    joined.set(bytes, start)
    this.#bytes = joined
    const info = {
      name: `tensor${this.tensors.length}`,
      type,
      shape,
      source: this.source,
      start,
      byteLength: bytes.length,
    }
    const tensor = headSize === undefined ? info : { ...info, interleavedRopeHeadSize: headSize }
    this.tensors.push(tensor)
    this.values.push(ropeOrder(dequantize(type, bytes, rows * columns), columns, headSize))
    return tensor
  }

  cut(bytes: number): void {
    this.#bytes = this.#bytes.slice(0, this.#bytes.length - bytes)
  }

  valuesOf(tensor: TensorInfo): Float32Array {
    return this.values[this.tensors.indexOf(tensor)] ?? new Float32Array()
  }
}

function ropeOrder(values: Float32Array, columns: number, headSize: number | undefined): Float32Array {
  if (headSize === undefined) return values
  const out = new Float32Array(values.length)
  for (let row = 0; row < values.length / columns; row++) {
    const inHead = row % headSize
    const to = row - inHead + (inHead % 2) * (headSize / 2) + Math.floor(inHead / 2)
    out.set(values.subarray(row * columns, (row + 1) * columns), to * columns)
  }
  return out
}

let gpu: Gpu

beforeAll(async () => {
  gpu = await testGpu()
})
afterAll(() => gpu.destroy())

/** Rows of each tensor of the matrix, read back from the GPU. */
async function readBack(matrix: Matrix): Promise<Float32Array[]> {
  const tensors: Float32Array[] = []
  for (const part of matrix.parts) {
    const words = await readWords(gpu, part.buffer)
    for (const section of part.sections) {
      const known = tensors[section.tensorIndex] ?? new Float32Array()
      const joined = new Float32Array(known.length + section.rows * section.columns)
      joined.set(known)
      for (let row = 0; row < section.rows; row++)
        joined.set(readPlanes(words, section, row), known.length + row * section.columns)
      tensors[section.tensorIndex] = joined
    }
  }
  return tensors
}

async function load(file: TestFile, tensors: readonly TensorInfo[], bits: WeightBits = 'source', signal?: AbortSignal) {
  const loader = new WeightLoader(gpu)
  loader.addMatrix('m', { tensors, arrangement: 'stacked', bits })
  const progress: [number, number][] = []
  const loaded = await loader.load({ signal, onProgress: (done, total) => progress.push([done, total]) })
  const matrix = loaded.matrices.get('m')
  if (matrix === undefined) throw new Error('no matrix')
  return { matrix, progress, file }
}

const codeOf = async (action: Promise<unknown>): Promise<string> => {
  const error = await action.then(
    () => 'nothing',
    (reason: unknown) => reason,
  )
  return EngineError.isInstance(error) ? error.code : String(error)
}

describe('WeightLoader', () => {
  it('brings mixed types, permuted heads, fused rows and vectors to the GPU bit for bit', async () => {
    const file = new TestFile()
    const v = file.add('Q8_0', [128, 96])
    const bias = file.add('F16', [64], 8)
    const q = file.add('Q5_0', [448, 96], 8)
    const norm = file.add('BF16', [33])
    const k = file.add('F32', [128, 96], 16)
    const down = file.add('Q6_K', [64, 512])
    const loader = new WeightLoader(gpu)
    const plan = loader.addMatrix('qkv', { tensors: [q, k, v], arrangement: 'stacked', bits: 'source' })
    loader.addMatrix('down', { tensors: [down], arrangement: 'stacked', bits: 4 })
    loader.addVector('bias', [bias, norm])
    const progress: number[] = []
    const { matrices, vectors } = await loader.load({ onProgress: (done) => progress.push(done) })
    const qkv = matrices.get('qkv')
    const downMatrix = matrices.get('down')
    const vector = vectors.get('bias')
    if (!qkv || !downMatrix || !vector) throw new Error('a label is missing')
    expect(await readBack(qkv)).toEqual([q, k, v].map((tensor) => file.valuesOf(tensor)))
    expect(await readBack(downMatrix)).toEqual([file.valuesOf(down)])
    const floats = new Float32Array((await readWords(gpu, vector)).buffer, 0, 97)
    expect([...floats]).toEqual([...file.valuesOf(bias), ...file.valuesOf(norm)])
    expect(qkv.parts[0]?.sections).toEqual(plan.parts[0]?.sections)
    const total = file.tensors.reduce((sum, tensor) => sum + tensor.byteLength, 0)
    expect(progress.at(-1)).toBe(total)
    expect([...progress].sort((a, b) => a - b)).toEqual(progress)
    expect(gpu.ledger.snapshot().weights).toBeGreaterThan(0)
    gpu.ledger.releaseAll()
  })

  it('reads a large tensor in ranges of 2 MiB, four at a time, and quantises it', async () => {
    const file = new TestFile()
    const tensor = file.add('BF16', [2500, 4096])
    const { matrix } = await load(file, [tensor], 8)
    const [values = new Float32Array()] = await readBack(matrix)
    const wanted = file.valuesOf(tensor)
    let worst = 0
    for (const [i, value] of wanted.entries()) worst = Math.max(worst, Math.abs(value - (values[i] ?? 9)))
    expect(worst).toBeLessThan(0.0003)
    expect(file.reads).toHaveLength(10)
    expect(file.reads.every(([start, end]) => end - start <= 2 * 1024 * 1024)).toBe(true)
    expect(file.mostUnderWay).toBe(4)
    gpu.ledger.releaseAll()
  })

  it('falls back to unshifted scales and to bf16 for uncommonly large values', async () => {
    const file = new TestFile()
    const scales = file.add('Q4_0', [4, 64], undefined, (view) => view.setUint16(18, 0x5400, true))
    const floats = file.add('F32', [4, 64], undefined, (view) => view.setFloat32(0, 1e5, true))
    const { matrix } = await load(file, [scales, floats], 16)
    expect(matrix.parts[0]?.sections.map((section) => [section.kind.bits, section.scaleShift])).toEqual([
      [4, 0],
      ['bf16', 0],
    ])
    const [first, second] = await readBack(matrix)
    expect(first).toEqual(file.valuesOf(scales))
    expect(second?.[0]).toBe(99_840)
    gpu.ledger.releaseAll()
  })

  it('names the tensor with a NaN, a file cut short and an abort, and leaves nothing allocated', async () => {
    const broken = new TestFile()
    broken.add('Q8_0', [8, 64])
    const tensor = broken.add('Q4_K', [8, 512], undefined, (view) => view.setUint16(144, 0x7e00, true))
    await expect(load(broken, [tensor])).rejects.toThrow(/tensor1/)
    expect(await codeOf(load(broken, [tensor]))).toBe('tensor-values-invalid')

    const large = new TestFile()
    const weights = large.add('F32', [32, 32], undefined, (view) => view.setFloat32(4, 1e9, true))
    expect(await codeOf(load(large, [weights], 8))).toBe('tensor-values-invalid')

    const short = new TestFile()
    const cut = short.add('F16', [64, 64])
    short.cut(1)
    expect(await codeOf(load(short, [cut]))).toBe('file-truncated')

    const controller = new AbortController()
    const slow = new TestFile()
    const many = slow.add('F16', [4096, 4096])
    setTimeout(() => controller.abort(new Error('enough')), 2)
    expect(await codeOf(load(slow, [many], 8, controller.signal))).toBe('Error: enough')
    expect(slow.underWay).toBe(0)
    expect(slow.reads.length).toBeLessThan(12)
    expect(gpu.ledger.snapshot().total).toBe(0)
  })
})
