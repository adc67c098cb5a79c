import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ByteSource } from '../byte-source.ts'
import { bytesSource } from '../bytes-source.ts'
import type { TensorInfo } from '../checkpoint.ts'
import { expectFailure } from '../testing.ts'
import { maximumStringBytes } from './limits.ts'
import { openGguf } from './open-gguf.ts'
import { openSplitGguf } from './open-split-gguf.ts'
import { readGguf } from './read-gguf.ts'
import { buildGguf, modelMetadata, type TestTensor, type TestValue, u32 } from './testing.ts'

const names = ['token_embd.weight', 'output_norm.weight', 'blk.0.attn_norm.weight', 'blk.1.attn_norm.weight']
const vectors = (...names: readonly string[]): readonly TestTensor[] =>
  names.map((name, index) => ({ name, dimensions: [8], type: 0, offset: index * 32 }))
const u16 = (value: number): TestValue => ({ type: 2, raw: Uint8Array.of(value, 0) })
const i32 = (value: number): TestValue => ({ type: 5, value })

interface PartChanges {
  readonly count?: number
  readonly tensors?: number
  readonly names?: readonly string[]
}

/** As llama-gguf-split writes them: all metadata in the first. */
function part(
  number: number,
  own: readonly string[],
  { count = 3, tensors = 4, names = own }: PartChanges = {},
): ByteSource {
  const split: readonly (readonly [string, TestValue])[] = [
    ['split.no', u16(number)],
    ['split.count', u16(count)],
    ['split.tensors.count', i32(tensors)],
  ]
  const metadata = number === 0 ? [...modelMetadata('llama', {}), ...split] : split
  const bytes = buildGguf({ metadata, tensors: vectors(...names), dataBytes: names.length * 32 })
  return bytesSource(bytes, `m-0000${number + 1}-of-00003.gguf`)
}

const first = part(0, [])
const second = part(1, names.slice(0, 2))
const third = part(2, names.slice(2))

test('is the same model as in one file, in whatever order its parts are given', async () => {
  const whole = await openGguf(
    bytesSource(buildGguf({ metadata: modelMetadata('llama', {}), tensors: vectors(...names), dataBytes: 128 }), 'm'),
  )
  const split = await openSplitGguf([third, first, second])
  expect(split.config).toEqual(whole.config)
  expect(split.metadata).toEqual(whole.metadata)
  const shape = ({ tensors }: typeof split): unknown =>
    [...tensors].map(([name, { type, shape, byteLength }]) => [name, type, shape, byteLength])
  expect(shape(split)).toEqual(shape(whole))
  const sources = [...split.tensors.values()].map(({ source }) => source)
  expect(sources).toEqual([second, second, third, third])
})

test('is a real file, byte for byte, that was split', async () => {
  const bytes = readFileSync(new URL('../../../../../test/fixtures/tiny.gguf', import.meta.url))
  const whole = await readGguf(bytesSource(Uint8Array.from(bytes), 'tiny.gguf'))
  const tensors = [...whole.tensors.values()]
  const directory = bytes.indexOf(tensors[0]?.name ?? '') - 8
  const parts = [[], tensors.slice(0, 5), tensors.slice(5)].map((own, number) =>
    splitPart(
      number,
      number === 0 ? { count: whole.metadata.size, bytes: bytes.subarray(24, directory) } : undefined,
      own,
      bytes,
    ),
  )
  const opened = await openSplitGguf(parts)
  const expected = await openGguf(bytesSource(Uint8Array.from(bytes), 'tiny.gguf'))
  expect(opened.config).toEqual(expected.config)
  expect(opened.metadata).toEqual(expected.metadata)
  expect([...opened.tensors.keys()]).toEqual([...expected.tensors.keys()])
  for (const [name, { source, start, byteLength }] of opened.tensors) {
    const from = expected.tensors.get(name)?.start ?? 0
    expect(Buffer.compare(await source.read(start, start + byteLength), bytes.subarray(from, from + byteLength))).toBe(
      0,
    )
  }
})

/** One of three parts, with raw metadata before its own. */
function splitPart(
  number: number,
  raw: { readonly count: number; readonly bytes: Uint8Array } | undefined,
  tensors: readonly TensorInfo[],
  file: Uint8Array,
): ByteSource {
  const types: Readonly<Record<string, number>> = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 8 }
  let at = 0
  const directory = tensors.map(({ name, shape, type, byteLength }) => {
    const entry = { name, dimensions: shape.toReversed(), type: types[type] ?? -1, offset: at }
    at += Math.ceil(byteLength / 32) * 32
    return entry
  })
  const own: readonly (readonly [string, TestValue])[] = [
    ['split.no', u16(number)],
    ['split.count', u16(3)],
  ]
  const metadataCount = BigInt(own.length + (raw?.count ?? 0))
  const header = Buffer.from(buildGguf({ metadata: own, metadataCount, tensors: directory, alignment: 1 }))
  const head = Buffer.concat([header.subarray(0, 24), raw?.bytes ?? new Uint8Array(), header.subarray(24)])
  const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 31)])
  const data = tensors.map(({ start, byteLength }) => padded(file.subarray(start, start + byteLength)))
  return bytesSource(Uint8Array.from(Buffer.concat([padded(head), ...data])), `part ${number}`)
}

test('one file that is whole is opened as it is; one that is a part is not', async () => {
  const whole = bytesSource(buildGguf({ metadata: modelMetadata('llama', {}) }), 'm')
  expect((await openSplitGguf([whole])).metadata.size).toBeGreaterThan(0)
  await expectFailure(openSplitGguf([second]), 'format-unsupported', /one of 3 parts/)
})

test.each<[string, readonly ByteSource[], RegExp]>([
  ['no parts', [], /no part/],
  ['a part missing', [first, second], /has 3 parts, and 2 are given/],
  ['a part given twice', [first, second, second], /part 3 of 3 is missing/],
  ['a part of another count', [first, second, part(2, [], { count: 4 })], /has 4 parts/],
  [
    'a whole file among parts',
    [first, second, bytesSource(buildGguf({ metadata: [['x', u32(1)]] }), 'w')],
    /no part of a split/,
  ],
  ['a tensor in two parts', [first, second, part(2, names.slice(1, 3))], /output_norm.* is in another part/],
  [
    'fewer tensors than told',
    [part(0, [], { tensors: 9 }), second, third],
    /tells of 9 tensors, and all parts together have 4/,
  ],
])('refuses %s', async (_, sources, message) => {
  await expectFailure(openSplitGguf(sources), 'file-malformed', message)
})

test('refuses more parts than there can be unread', async () => {
  await expectFailure(openSplitGguf(Array.from({ length: 513 }, () => first)), 'file-limit-exceeded', /513 parts/)
})

test('gives all parts together the room of one file, in bytes of headers and in tensors', async () => {
  // 40 MiB each.
  const fatPart = (number: number): ByteSource => {
    const metadata: readonly (readonly [string, TestValue])[] = [
      ['split.no', u16(number)],
      ['split.count', u16(3)],
    ]
    const head = buildGguf({ metadata, metadataCount: 7n, alignment: 1 })
    return bytesSource(Uint8Array.from(Buffer.concat([head, ...[0, 1, 2, 3, 4].map(fatEntry)])), `fat ${number}`)
  }
  await expectFailure(
    openSplitGguf([fatPart(0), fatPart(1), third]),
    'file-limit-exceeded',
    /fat 1 is longer than \d+ bytes .*what the parts before it leave of 67108864/,
  )

  const many = (number: number): ByteSource =>
    part(
      number,
      Array.from({ length: 40_000 }, (_, i) => `${number}.${i}`),
    )
  await expectFailure(
    openSplitGguf([many(1), many(2), first]),
    'file-limit-exceeded',
    /declares 40000 tensors, more than the 25536 allowed/,
  )
})

/** A string of 8 MiB. */
function fatEntry(number: number): Uint8Array {
  const bytes = Buffer.alloc(8 + 1 + 4 + 8 + maximumStringBytes, 'a')
  bytes.writeBigUInt64LE(1n, 0)
  bytes.write(String(number), 8)
  bytes.writeUInt32LE(8, 9)
  bytes.writeBigUInt64LE(BigInt(maximumStringBytes), 13)
  return bytes
}
