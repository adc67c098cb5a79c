import { describe, expect, it } from 'vitest'
import type { WeightBits } from '../engine-types.ts'
import type { TensorType } from '../formats/checkpoint.ts'
import { dequantize } from '../formats/dequantize.ts'
import { failure } from '../formats/testing.ts'
import { readPlanes } from '../weights/read-planes.ts'
import { crc32c } from './crc32c.ts'
import { packCheckpoint } from './pack-checkpoint.ts'
import { packRun } from './pack-run.ts'
import { packedBytes } from './packed-bytes.ts'
import type { PackedTensor, PackState } from './packed-types.ts'
import { runSection } from './run-section.ts'
import { firstDifference, MemoryFile, type SmallCheckpoint, smallCheckpoint, stored, testFile } from './testing.ts'

const types: readonly TensorType[] = [
  'F32',
  'F16',
  'BF16',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q4_K',
  'Q5_K',
  'Q6_K',
]

interface Packed {
  readonly file: MemoryFile
  readonly tensors: readonly PackedTensor[]
}

async function pack({ checkpoint }: SmallCheckpoint, bits?: WeightBits): Promise<Packed> {
  const file = new MemoryFile()
  return { file, tensors: await packCheckpoint(checkpoint, { bits, append: file.append }) }
}

/** With values that the first format cannot hold: two matrices are packed twice. */
const withLargeValues = (type: TensorType): SmallCheckpoint =>
  smallCheckpoint(type, (name, bytes) => {
    if (name === 'embed_tokens.weight' && type.endsWith('_0')) bytes.setUint16(0, 0x5400, true)
    if (name.endsWith('o_proj.weight') && type === 'F32') bytes.setFloat32(400, 1e5, true)
    if (name.endsWith('v_proj.weight')) bytes.setUint16(34, 0xd400, true)
  })

describe.each(types)('%s', (type) => {
  it('is packed to planes that read back as the source does', async () => {
    const { checkpoint, files } = smallCheckpoint(type)
    const { file, tensors } = await pack({ checkpoint, files }, 'source')
    expect(tensors.map(({ name }) => name)).toEqual([...checkpoint.tensors.keys()])
    const all = file.bytes
    for (const { name, runs, ...format } of stored(tensors)) {
      const info = checkpoint.tensors.get(name)
      if (!info) throw new Error(`no ${name}`)
      const [rows = 0, columns = 1] = info.shape
      const source = files.find((one) => one.source === info.source)?.bytes ?? new Uint8Array()
      const values = dequantize(info.type, source.subarray(info.start, info.start + info.byteLength), rows * columns)
      let next = 0
      for (const { firstRow, rows: count, offset, bytes, crc } of runs) {
        expect([firstRow, offset % 16]).toEqual([next, 0])
        const part = all.slice(offset, offset + bytes)
        expect(crc32c(part)).toBe(crc)
        const words = new Uint32Array(part.buffer)
        const vector = info.shape.length === 1
        const section = runSection(format, count, vector ? undefined : columns)
        expect(4 * section.end).toBe(bytes)
        for (let row = 0; row < (vector ? 0 : count); row++) {
          const from = columns * fileRow(firstRow + row, info.interleavedRopeHeadSize)
          expect(firstDifference(readPlanes(words, section, row), values.subarray(from, from + columns))).toBe(-1)
        }
        if (vector) expect(new Float32Array(part.buffer, 0, count)).toEqual(values)
        next += count
      }
      expect(next).toBe(rows)
    }
  })

  it('takes what packedBytes says, with any bits', async () => {
    const small = smallCheckpoint(type)
    for (const bits of [4, 8, 16, 'source'] as const) {
      const { file } = await pack(small, bits)
      expect(packedBytes(small.checkpoint, { bits })).toBe(file.length)
    }
  })

  it('is the same when it ends after any read and is gone on with', async () => {
    expect(await readsSurvived(withLargeValues(type))).toBeGreaterThan(12)
  })

  it('gives each run once more, from the source', async () => {
    const { checkpoint } = withLargeValues(type)
    const { file, tensors } = await pack({ checkpoint, files: [] }, 16)
    const all = file.bytes
    for (const tensor of stored(tensors))
      for (const run of tensor.runs) {
        const bytes = await packRun(checkpoint, tensor, run)
        expect(firstDifference(bytes, all.subarray(run.offset, run.offset + run.bytes))).toBe(-1)
      }
  })
})

/** Packs with an end after every read, each time gone on with, and compares with packing at once. Resolves to the number of reads. */
async function readsSurvived(small: SmallCheckpoint): Promise<number> {
  const { checkpoint } = small
  const whole = await pack(small, 16)
  const wholeCrc = crc32c(whole.file.bytes)
  for (let kill = 1; ; kill++) {
    const file = new MemoryFile()
    let kept: { state: string; length: number } | undefined
    const first = packCheckpoint(checkpoint, {
      bits: 16,
      append: file.append,
      onPacked: (state) => {
        kept = { state: JSON.stringify(state()), length: file.length }
        if (state().reads === kill) throw new Error('killed')
      },
    })
    const ended = await first.then(
      () => 'done',
      (error: unknown) => String(error),
    )
    if (ended === 'done') return kill - 1
    expect(ended).toBe('Error: killed')
    if (!kept) throw new Error('no state')
    // What came after the state is lost, and so is what was written of the next read.
    file.cut(kept.length)
    const from: PackState = JSON.parse(kept.state)
    const tensors = await packCheckpoint(checkpoint, { bits: 16, append: file.append, from })
    expect(stored(tensors)).toEqual(stored(whole.tensors))
    expect([file.length, crc32c(file.bytes)]).toEqual([whole.file.length, wholeCrc])
  }
}

/** Row of the file that is row `row` of the matrix. */
function fileRow(row: number, headSize: number | undefined): number {
  if (headSize === undefined) return row
  const inHead = row % headSize
  return row - inHead + 2 * (inHead % (headSize / 2)) + Math.floor(inHead / (headSize / 2))
}

describe('packCheckpoint', () => {
  it('reads each file once and in order, and what has large values again in its own way', async () => {
    const { checkpoint, files } = withLargeValues('Q4_0')
    const again: [number, number][] = []
    const { append } = new MemoryFile()
    const total = [...checkpoint.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
    const loaded: number[] = []
    await packCheckpoint(checkpoint, {
      append,
      readAgain: (source) => {
        const file = files.find((one) => one.source === source)
        if (!file) throw new Error('another source')
        const copy = testFile(file.bytes, 'again')
        return {
          ...copy.source,
          read: (start, end, signal) => {
            again.push([start, end])
            return copy.source.read(start, end, signal)
          },
        }
      },
      onPacked: (_, progress) => {
        expect(progress.total).toBe(total)
        loaded.push(progress.loaded)
      },
    })
    for (const { reads } of files) {
      expect(reads).toHaveLength(6)
      expect(reads.toSorted(([a], [b]) => a - b)).toEqual(reads)
    }
    const rangeOf = (name: string): [number, number] => {
      const { start = 0, byteLength = 0 } = checkpoint.tensors.get(name) ?? {}
      return [start, start + byteLength]
    }
    expect(again).toEqual(['embed_tokens.weight', 'layers.0.self_attn.v_proj.weight'].map(rangeOf))
    expect(loaded.at(-1)).toBe(total)
    expect(loaded.toSorted((a, b) => a - b)).toEqual(loaded)
  })

  it('goes on within a tensor of several runs, whose values turn out too large in the second', async () => {
    const edit = (name: string, bytes: DataView): void => {
      if (name === 'lm_head.weight') bytes.setFloat32(2_100_000, 1e5, true)
    }
    // Embedding and head are two reads each, the head twice.
    expect(await readsSurvived(smallCheckpoint('F32', edit, 2100))).toBe(10 + 2 + 4)
  })

  it('names the tensor with values that no format holds, ends at an abort, and refuses unknown bits', async () => {
    const broken = smallCheckpoint('BF16', (name, bytes) => {
      if (name.endsWith('up_proj.weight')) bytes.setUint16(2, 0x7fc0, true)
    })
    const invalid = await failure(pack(broken))
    expect([invalid.code, invalid.details['tensor']]).toEqual(['tensor-values-invalid', 'layers.0.mlp.up_proj.weight'])

    const large = smallCheckpoint('F32', (name, bytes) => {
      if (name.endsWith('up_proj.weight')) bytes.setFloat32(4, 1e9, true)
    })
    const tooLarge = await failure(pack(large, 8))
    expect([tooLarge.code, tooLarge.details['tensor']]).toEqual([
      'tensor-values-invalid',
      'layers.0.mlp.up_proj.weight',
    ])

    const reason = new Error('enough')
    const controller = new AbortController()
    const { checkpoint } = smallCheckpoint('Q4_0')
    const { append } = new MemoryFile()
    const onPacked = (): void => controller.abort(reason)
    await expect(packCheckpoint(checkpoint, { append, onPacked, signal: controller.signal })).rejects.toBe(reason)

    const bits: number = 5
    // @ts-expect-error: JavaScript may ask for anything
    expect((await failure(packCheckpoint(checkpoint, { append, bits }))).code).toBe('option-invalid')
  })

  it('does not give a run of a source that has changed', async () => {
    const { checkpoint, files } = smallCheckpoint('Q4_0')
    const { tensors } = await pack({ checkpoint, files })
    const tensor = tensors.find(({ name }) => name.endsWith('gate_proj.weight'))
    const run = tensor?.runs[0]
    if (!tensor || !run) throw new Error('no run')
    const { start = 0 } = checkpoint.tensors.get(tensor.name) ?? {}
    const bytes = files[1]?.bytes
    if (!bytes) throw new Error('no file')
    bytes[start + 3] = 1 ^ (bytes[start + 3] ?? 0)
    expect((await failure(packRun(checkpoint, tensor, run))).code).toBe('file-damaged')
    for (const wrong of [{ firstRow: 1 }, { rows: 0 }, { rows: 1e9 }, { firstRow: -1 }])
      expect((await failure(packRun(checkpoint, tensor, { ...run, ...wrong }))).code).toBe('file-damaged')
    expect((await failure(packRun(checkpoint, { ...tensor, name: 'other' }, run))).code).toBe('tensor-missing')
  })
})
