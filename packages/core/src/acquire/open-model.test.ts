import { readFileSync } from 'node:fs'
import { bytesSource, crc32c, openGguf, packCheckpoint, planeFormatVersion } from '@sampan/engine'
import { describe, expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import type { Network } from '../network/network.ts'
import { hashModel, hashOpened } from '../sampan/model-hash.ts'
import { readIndex, writeIndex } from '../store/model-file.ts'
import type { ModelIndex, StoredForm } from '../store/store-types.ts'
import type { WantedForm } from './acquire-types.ts'
import { type OpenedModel, openModel } from './open-model.ts'
import { planesFor, planesOf } from './wanted-form.ts'

const file = Uint8Array.from(readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url)))
const checkpoint = await openGguf(bytesSource(file, 'tiny.gguf'))
const planes: StoredForm = { kind: 'planes', version: planeFormatVersion }
const { signal } = new AbortController()
const claimed = `sampan-model-1:${'f'.repeat(64)}`

/** The parts of a file, each at a multiple of 16. */
class Parts {
  readonly parts: Uint8Array<ArrayBuffer>[] = []
  length = 0

  append(bytes: Uint8Array<ArrayBuffer>): number {
    const offset = this.length
    const part = new Uint8Array(Math.ceil(bytes.length / 16) * 16)
    part.set(bytes)
    this.parts.push(part)
    this.length += part.length
    return offset
  }
}

/** A `.sampan` file as somebody may make one. */
async function sampanFile(form: StoredForm, changes: Partial<ModelIndex> = {}): Promise<Blob> {
  const parts = new Parts()
  const isSource = form.kind === 'source'
  const headBytes = Math.min(...[...checkpoint.tensors.values()].map(({ start }) => start))
  const head = isSource ? file : file.slice(0, headBytes)
  const offset = parts.append(head)
  const whole = { offset, bytes: head.length, crc: crc32c(head) }
  const index: ModelIndex = {
    ...{ format: 'sampan-model', version: 1, id: 'a'.repeat(40), name: 'tiny', keys: [], checkpoint: 'gguf', form },
    files: [{ path: 'm.gguf', url: 'https://hub.example/m.gguf', bytes: file.length, ...(isSource && { offset }) }],
    texts: [{ name: 'm.gguf', offset, bytes: headBytes, crc: crc32c(file.subarray(0, headBytes)) }],
    ...(isSource
      ? { pieces: [whole] }
      : { tensors: await packCheckpoint(checkpoint, { append: (bytes) => parts.append(bytes.slice()) }) }),
    ...{ about: {}, stored: '2026-11-22T12:00:00.000Z' },
    ...changes,
  }
  return new Blob([...parts.parts, writeIndex(index, parts.length)])
}

const offline: Network = {
  fetch: () => Promise.reject(new Error('no request is to be made')),
}

const open = (blob: Blob, wanted: WantedForm = planesFor({})): Promise<OpenedModel> =>
  openModel({ kind: 'blob', blob, name: 'tiny.sampan' }, wanted, { hub: huggingFace, network: offline, signal })

describe('a .sampan file', () => {
  it('with planes has no hash, neither one that it says nor one of bytes that are not there', async () => {
    for (const changes of [{ hash: claimed }, {}]) {
      const opened = await open(await sampanFile(planes, changes))
      expect(opened.form).toEqual(planes)
      expect(opened).not.toHaveProperty('hash')
      const hashed = hashOpened(opened)
      expect(await hashed.hash(signal)).toBeUndefined()
      expect(hashed.checkpoint).toBe(opened.checkpoint)
    }
  })

  it('with the files as they were is hashed, whatever it says to be its hash', async () => {
    const opened = await open(await sampanFile({ kind: 'source' }, { hash: claimed }), { kind: 'source' })
    const whole = await hashModel(checkpoint, opened.texts).hash(signal)
    expect(await hashOpened(opened).hash(signal)).toBe(whole)
  })

  it('with planes of another version is refused, and told what to do', async () => {
    const version = planeFormatVersion + 1
    const known = await sampanFile({ kind: 'planes', version })
    const index = await readIndex(await sampanFile(planes))
    const kinds = [{ name: 'x', kind: { bits: 3, scale: 's3' }, scaleShift: 0, runs: [] }]
    const later = { ...index, form: { kind: 'planes', version }, tensors: kinds, texts: [] } as const
    // @ts-expect-error: kinds as a later version may have them
    const unknown = new Blob([writeIndex(later, 0)])
    for (const blob of [known, unknown])
      await expect(open(blob)).rejects.toMatchObject({
        code: 'format-unsupported',
        message: expect.stringMatching(/another version of Sampan.*from where it came/),
        details: { version, supported: planeFormatVersion },
      })
  })
})

it('a model in the store has the hash that it got there', async () => {
  const opened = await open(await sampanFile(planes))
  expect(await hashOpened({ ...opened, hash: claimed }).hash(signal)).toBe(claimed)
})

describe('planesOf', () => {
  it('takes what was packed where an option is not given', () => {
    const packed: StoredForm = { ...planes, bits: 8, embeddingBits: 16 }
    expect(planesOf(packed, {})).toEqual({ kind: 'planes', bits: 8, embeddingBits: 16 })
    expect(planesOf(packed, { bits: 4 })).toEqual({ kind: 'planes', bits: 4, embeddingBits: 16 })
    expect(planesOf(packed, { embeddingBits: 8 })).toEqual({ kind: 'planes', bits: 8, embeddingBits: 8 })
  })

  it.each<StoredForm | undefined>([undefined, planes, { kind: 'source' }])(
    'is as the engine does otherwise: %j',
    (form) => {
      expect(planesOf(form, {})).toEqual({ kind: 'planes', bits: 4, embeddingBits: 8 })
      expect(planesOf(form, { bits: 16 })).toEqual({ kind: 'planes', bits: 16, embeddingBits: 16 })
    },
  )
})
