import { expect, it } from 'vitest'
import { indexOf, type MadeUpModel, madeUpModel, partBytes, planes } from '../test-support/store-models.ts'
import { isModelFile, readIndex, TRAILER_BYTES, writeIndex } from './model-file.ts'
import type { ModelIndex, StoredForm } from './store-types.ts'

const sizes = [40, 64, 30]

async function makeFile(
  change: (index: ModelIndex) => object = (index) => index,
  form: StoredForm = planes,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly index: ModelIndex; readonly model: MadeUpModel }> {
  const model = await madeUpModel('file', sizes, form)
  const offsets: number[] = []
  let data = new Uint8Array()
  for (const part of sizes.keys()) {
    const offset = Math.ceil(data.length / 16) * 16
    offsets.push(offset)
    data = joined(data, offset, partBytes(model, part))
  }
  const index = indexOf(model, offsets)
  const end = Math.ceil(data.length / 16) * 16
  // What a stranger writes is of no type.
  return { bytes: joined(data, end, writeIndex(Object.assign(Object.create(null), change(index)), end)), index, model }
}

function joined(first: Uint8Array, offset: number, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(offset + second.length)
  bytes.set(first)
  bytes.set(second, offset)
  return bytes
}

it.each([planes, { kind: 'source' } as const])('an index comes back as it was written: %j', async (form) => {
  const { bytes, index } = await makeFile(undefined, form)
  expect(await readIndex(new Blob([bytes]))).toEqual(index)
  expect(await isModelFile(new Blob([bytes]))).toBe(true)
})

it('no byte of index or trailer can change, and no file be cut or grow, without being found', async () => {
  const { bytes, index } = await makeFile()
  const begin = bytes.length - TRAILER_BYTES - new TextEncoder().encode(JSON.stringify(index)).length
  for (let at = begin; at < bytes.length; at++) {
    for (const flip of [1, 0x80, 0xff]) {
      const damaged = bytes.slice()
      damaged[at] = (damaged[at] ?? 0) ^ flip
      await expect(readIndex(new Blob([damaged]))).rejects.toSatisfy(isTyped)
    }
    await expect(readIndex(new Blob([bytes.subarray(0, at)]))).rejects.toMatchObject({ code: 'file-truncated' })
  }
  await expect(readIndex(new Blob([bytes, 'x']))).rejects.toMatchObject({ code: 'file-truncated' })
  expect(await isModelFile(new Blob([bytes, 'x']))).toBe(false)
  expect(await isModelFile(new Blob([]))).toBe(false)
})

function isTyped(error: unknown): boolean {
  const { code }: { code?: unknown } = Object(error)
  return code === 'file-malformed' || code === 'file-truncated' || code === 'file-limit-exceeded'
}

const run = { firstRow: 0, rows: 1, offset: 48, bytes: 64, crc: 1 }
const tensor = { name: 'a', kind: { bits: 4, scale: 's16' }, scaleShift: 0, runs: [run] }
const text = { name: 'config.json', offset: 0, bytes: 40, crc: 1 }

it.each<[string, object]>([
  ['another format', { format: 'else' }],
  ['another version', { version: 2 }],
  ['an id that is a path', { id: '../../etc/passwd' }],
  ['an id that is too short', { id: 'abc' }],
  ['no name', { name: 7 }],
  ['keys that are none', { keys: [1] }],
  ['a checkpoint of another kind', { checkpoint: 'onnx' }],
  ['no form', { form: null }],
  ['bits that there are not', { form: { kind: 'planes', version: 1, bits: 3 } }],
  ['files that are no list', { files: {} }],
  ['a file of a negative size', { files: [{ path: 'a', url: 'b', bytes: -1 }] }],
  ['a file of a broken size', { files: [{ path: 'a', url: 'b', bytes: 1.5 }] }],
  ['a text outside', { texts: [{ ...text, offset: 160 }] }],
  ['a text that ends outside', { texts: [{ ...text, bytes: 2 ** 40 }] }],
  ['a text at no multiple of 16', { texts: [{ ...text, offset: 8, bytes: 8 }] }],
  ['a checksum that is none', { texts: [{ ...text, crc: 2 ** 32 }] }],
  [
    'two texts of one name',
    {
      texts: [
        { ...text, bytes: 8 },
        { ...text, offset: 16, bytes: 8 },
      ],
    },
  ],
  ['a text over a tensor', { texts: [{ ...text, bytes: 49 }] }],
  ['tensors over each other', { tensors: [tensor, { ...tensor, name: 'b' }] }],
  ['a kind of planes that there is not', { tensors: [{ ...tensor, kind: { bits: 6, scale: 's16' } }] }],
  ['a run outside', { tensors: [{ ...tensor, runs: [{ ...run, offset: 2 ** 52 }] }] }],
  ['no tensors', { tensors: undefined }],
  ['about that is none', { about: [] }],
  ['a licence that is none', { about: { licence: {} } }],
  ['no time', { stored: 1 }],
])('%s is malformed', async (_, change) => {
  const { bytes } = await makeFile((index) => ({ ...index, ...change }))
  await expect(readIndex(new Blob([bytes]))).rejects.toMatchObject({ code: 'file-malformed' })
})

it('pieces cover the files that are stored as they were', async () => {
  const source = { kind: 'source' } as const
  const { bytes } = await makeFile(({ pieces = [], ...index }) => ({ ...index, pieces: pieces.slice(1) }), source)
  await expect(readIndex(new Blob([bytes]))).rejects.toMatchObject({ code: 'file-malformed' })
  const hole = await makeFile(({ pieces = [], ...index }) => ({ ...index, pieces: pieces.slice(0, 1) }), source)
  await expect(readIndex(new Blob([hole.bytes]))).rejects.toMatchObject({ code: 'file-malformed' })
})

it('claims that no real model makes are refused before they cost anything', async () => {
  const deep = await makeFile((index) => ({ ...index, more: JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`) }))
  const keys = await makeFile((index) => ({ ...index, keys: Array.from({ length: 300 }, String) }))
  const long = await makeFile((index) => ({ ...index, name: 'n'.repeat(1 << 15) }))
  for (const { bytes } of [deep, keys, long])
    await expect(readIndex(new Blob([bytes]))).rejects.toMatchObject({ code: 'file-limit-exceeded' })
})

it('what an app might make a link of is a web address', async () => {
  const about = { licence: 'MIT', licenceUrl: 'javascript:alert(1)', page: 'data:text/html,x' }
  const { bytes } = await makeFile((index) => ({ ...index, about }))
  expect((await readIndex(new Blob([bytes]))).about).toEqual({ licence: 'MIT' })
})

it('what the index says besides is left out', async () => {
  const { bytes, index } = await makeFile((own) => ({ ...own, constructor: 'x', about: { ...own.about, evil: 1 } }))
  expect(await readIndex(new Blob([bytes]))).toEqual(index)
})
