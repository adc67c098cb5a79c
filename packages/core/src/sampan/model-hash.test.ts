import { readFileSync } from 'node:fs'
import {
  type ByteSource,
  blobSource,
  bytesSource,
  type Checkpoint,
  openGguf,
  openSafetensors,
  type TensorInfo,
} from '@sampan/engine'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { tinyFolder } from '../test-support/tiny-folder.ts'
import { hashModel } from './model-hash.ts'

const file = Uint8Array.from(readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url)))
const open = (bytes = file, name = 'tiny.gguf'): Promise<Checkpoint> => openGguf(bytesSource(bytes, name))
const { signal } = new AbortController()

/** Without anything read before. */
const hashOf = (checkpoint: Checkpoint, texts = {}): Promise<string | undefined> =>
  hashModel(checkpoint, texts).hash(signal)
const whole = await hashOf(await open())

/** One tensor of several pieces of 4 MiB, in a file with other bytes around it. */
async function largeCheckpoint(offset: number, changeAt = -1): Promise<Checkpoint> {
  const checkpoint = await open()
  const byteLength = 9_000_004
  const bytes = new Uint8Array(offset + byteLength + 100)
  for (let at = 0; at < byteLength; at++) bytes[offset + at] = (at * 7) ^ (at >> 11)
  if (changeAt >= 0) bytes[offset + changeAt] = (bytes[offset + changeAt] ?? 0) ^ 1
  const tensor: TensorInfo = {
    name: 'norm.weight',
    type: 'F32',
    shape: [byteLength / 4],
    source: bytesSource(bytes, 'large'),
    start: offset,
    byteLength,
  }
  return { ...checkpoint, tensors: new Map([[tensor.name, tensor]]) }
}

/** Reads all tensors in pieces of `step` bytes, some reads under way beside each other. */
async function readAll(checkpoint: Checkpoint, step: number): Promise<void> {
  for (const { source, start, byteLength } of [...checkpoint.tensors.values()].toSorted((a, b) => a.start - b.start)) {
    const reads: Promise<unknown>[] = []
    for (let at = start; at < start + byteLength; at += step)
      reads.push(source.read(at, Math.min(at + step, start + byteLength)))
    await Promise.all(reads)
  }
}

function counting(source: ByteSource): { readonly source: ByteSource; bytes: number } {
  const counted = { bytes: 0, source }
  counted.source = {
    ...source,
    read(start, end) {
      counted.bytes += end - start
      return source.read(start, end)
    },
  }
  return counted
}

describe('the hash of a model', () => {
  it('names its scheme and is 256 bits', () => {
    expect(whole).toMatch(/^sampan-model-1:[0-9a-f]{64}$/)
  })

  it('does not depend on where the file comes from, nor on its name', async () => {
    expect(await hashOf(await open(file, 'another name.gguf'))).toBe(whole)
    expect(await hashOf(await openGguf(blobSource(new Blob([file]), 'blob')))).toBe(whole)
  })

  it.each([1000, 4096, 2_000_000, 1 << 22, 10_000_000])('is the same when read in steps of %i bytes', async (step) => {
    const checkpoint = await largeCheckpoint(17)
    const hashed = hashModel(checkpoint, {})
    await readAll(hashed.checkpoint, step)
    expect(await hashed.hash(signal)).toBe(await hashOf(await largeCheckpoint(4096)))
  })

  it.each([0, 4_194_303, 4_194_304, 9_000_003])('changes with byte %i of a tensor', async (at) => {
    expect(await hashOf(await largeCheckpoint(0, at))).not.toBe(await hashOf(await largeCheckpoint(0)))
  })

  it('reads nothing twice', async () => {
    const counted = counting(bytesSource(file, 'tiny.gguf'))
    const checkpoint = await openGguf(counted.source)
    const hashed = hashModel(checkpoint, {})
    counted.bytes = 0
    const size = [...checkpoint.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
    await readAll(hashed.checkpoint, 65_536)
    expect(counted.bytes).toBe(size)
    expect(await hashed.hash(signal)).toBe(whole)
    expect(counted.bytes).toBe(size)
  })

  it('reads nothing twice where reads beside each other end in another order', async () => {
    const checkpoint = await largeCheckpoint(0)
    const [tensor] = checkpoint.tensors.values()
    if (!tensor) throw new Error('no tensor')
    const counted = counting(tensor.source)
    const waiting: (() => void)[] = []
    const source: ByteSource = {
      ...counted.source,
      async read(start, end) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
        })
        return counted.source.read(start, end)
      },
    }
    const hashed = hashModel({ ...checkpoint, tensors: new Map([[tensor.name, { ...tensor, source }]]) }, {})
    const reading = readAll(hashed.checkpoint, 1_000_000)
    for (const resolve of waiting.toReversed()) {
      resolve()
      await new Promise((next) => setTimeout(next))
    }
    await reading
    expect(await hashed.hash(signal)).toBe(await hashOf(checkpoint))
    expect(counted.bytes).toBe(tensor.byteLength)
  })

  it('is the same when tensors were read out of order, in part, again or together with what lies between them', async () => {
    const hashed = hashModel(await open(), {})
    const tensors = [...hashed.checkpoint.tensors.values()].toSorted((a, b) => b.start - a.start)
    const [last, , third] = tensors
    const first = tensors.at(-1)
    const fourth = tensors.at(-4)
    for (const tensor of [last, first, third])
      await tensor?.source.read(tensor.start + 4, tensor.start + tensor.byteLength)
    await first?.source.read(first.start, first.start + 8)
    await first?.source.read(first.start, (fourth?.start ?? 0) + 3)
    await readAll(
      { ...hashed.checkpoint, tensors: new Map(tensors.slice(0, 2).map((tensor) => [tensor.name, tensor])) },
      500,
    )
    expect(await hashed.hash(signal)).toBe(whole)
  })

  it('is the same though a read failed and was made again', async () => {
    const checkpoint = await largeCheckpoint(0)
    const [tensor] = checkpoint.tensors.values()
    if (!tensor) throw new Error('no tensor')
    let failures = 1
    const source: ByteSource = {
      ...tensor.source,
      read: (start, end) =>
        start > 0 && failures-- > 0 ? Promise.reject(new Error('cut')) : tensor.source.read(start, end),
    }
    const hashed = hashModel({ ...checkpoint, tensors: new Map([[tensor.name, { ...tensor, source }]]) }, {})
    await expect(readAll(hashed.checkpoint, 3_000_000)).rejects.toThrow('cut')
    expect(await hashed.hash(signal)).toBe(await hashOf(checkpoint))
  })

  it('changes with name, type and shape of a tensor, config, metadata and texts', async () => {
    const checkpoint = await open()
    const [first] = checkpoint.tensors.values()
    if (!first) throw new Error('no tensor')
    const having = (tensor: TensorInfo): Checkpoint => ({
      ...checkpoint,
      tensors: new Map([...checkpoint.tensors, [first.name, tensor]]),
    })
    const metadata = (key: string, value: string | Uint8Array | bigint): Checkpoint => ({
      ...checkpoint,
      metadata: new Map([...checkpoint.metadata, [key, value]]),
    })
    const hashes = await Promise.all([
      hashOf(having({ ...first, name: 'other' })),
      hashOf(having({ ...first, type: 'Q5_0' })),
      hashOf(having({ ...first, shape: first.shape.toReversed() })),
      hashOf({ ...checkpoint, config: { ...checkpoint.config, ropeBase: 7 } }),
      hashOf(metadata('tokenizer.chat_template', 'another')),
      hashOf(metadata('new', '1')),
      hashOf(metadata('new', 1n << 60n)),
      hashOf(metadata('new', Uint8Array.of(0x22, 0x31, 0x22))),
      hashOf(checkpoint, { chatTemplate: 'x' }),
      hashOf(checkpoint, { tokenizer: 'x' }),
    ])
    expect(new Set([whole, ...hashes]).size).toBe(hashes.length + 1)
  })

  it('is there for tensors without bytes', async () => {
    const checkpoint = await open()
    const [first] = checkpoint.tensors.values()
    if (!first) throw new Error('no tensor')
    const empty = { ...first, name: 'empty', shape: [0], byteLength: 0 }
    const hash = await hashOf({ ...checkpoint, tensors: new Map([...checkpoint.tensors, ['empty', empty]]) })
    expect(hash).not.toBe(whole)
  })

  it('stops when it is aborted, and fails as its source does', async () => {
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    await expect(hashModel(await open(), {}).hash(controller.signal)).rejects.toThrow('enough')
  })

  it('does not depend on the order of metadata, tensors and fields', async () => {
    const checkpoint = await open()
    const reversed = {
      ...checkpoint,
      config: { ...Object.fromEntries(Object.entries(checkpoint.config).toReversed()), ...checkpoint.config },
      metadata: new Map([...checkpoint.metadata].toReversed()),
      tensors: new Map([...checkpoint.tensors].toReversed()),
    }
    expect(await hashOf(reversed)).toBe(whole)
  })

  it('leaves out an output head that is the embedding, and does not read it', async () => {
    const files = tinyFolder()
    const config = String(files.get('config.json'))
    const shards = [...files].filter(([name]) => name.endsWith('.safetensors'))
    const tied = config.replace('"tie_word_embeddings": false', '"tie_word_embeddings": true')
    expect(tied).not.toBe(config)
    const weights = shards.map(([name, bytes]) => counting(bytesSource(Uint8Array.from(bytes), name)))
    const checkpoint = await openSafetensors({ config: tied, weights: weights.map(({ source }) => source) })
    const without = new Map([...checkpoint.tensors].filter(([name]) => name !== 'lm_head.weight'))
    expect(without.size).toBe(checkpoint.tensors.size - 1)
    for (const one of weights) one.bytes = 0
    expect(await hashOf(checkpoint)).toBe(await hashOf({ ...checkpoint, tensors: without }))
    const size = [...without.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(weights.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(2 * size)
  })
})

describe('where there are no digests', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('there is no hash, and nothing is read for one', async () => {
    const checkpoint = await open()
    vi.stubGlobal('crypto', {})
    const hashed = hashModel(checkpoint, {})
    expect(hashed.checkpoint).toBe(checkpoint)
    expect(await hashed.hash(signal)).toBeUndefined()
  })
})
