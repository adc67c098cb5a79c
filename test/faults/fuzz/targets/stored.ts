import { crc32c } from '@sampan/engine'
import { AreaStore } from '../../../../packages/core/src/store/area-store.ts'
import { importModel } from '../../../../packages/core/src/store/import-model.ts'
import { MemoryArea } from '../../../../packages/core/src/store/memory-area.ts'
import { readIndex, writeIndex } from '../../../../packages/core/src/store/model-file.ts'
import { modelId } from '../../../../packages/core/src/store/model-id.ts'
import { readModelIndex } from '../../../../packages/core/src/store/read-model-index.ts'
import type { ModelIndex } from '../../../../packages/core/src/store/store-types.ts'
import { mutateBytes } from '../mutate-bytes.ts'
import { mutateJson } from '../mutate-json.ts'
import { type FuzzTarget, oneOf } from '../target.ts'

const storedBytes = 1024
/** Of the zeros that everything stored here is. */
const crcOf = (bytes: number): number => crc32c(new Uint8Array(bytes))
const common = {
  format: 'sampan-model',
  version: 1,
  id: '0123456789abcdef0123456789abcdef01234567',
  name: 'org/name',
  keys: ['hub org/name main'],
  hub: 'https://hub.example',
  revision: 'main',
  checkpoint: 'safetensors',
  texts: [{ name: 'config.json', offset: 0, bytes: 100, crc: crcOf(100) }],
  about: { licence: 'mit', summary: 'A model.' },
  hash: 'sampan-1:00',
  stored: '2026-01-01T00:00:00.000Z',
} as const
const planes: ModelIndex = {
  ...common,
  form: { kind: 'planes', version: 1, bits: 4, embeddingBits: 8 },
  files: [{ path: 'model.safetensors', url: 'https://hub.example/f', bytes: 700, sha256: 'ab' }],
  tensors: [
    {
      name: 'norm.weight',
      kind: { bits: 'f32', scale: 'none' },
      scaleShift: 0,
      runs: [
        { firstRow: 0, rows: 64, offset: 112, bytes: 256, crc: crcOf(256) },
        { firstRow: 64, rows: 64, offset: 368, bytes: 256, crc: crcOf(256) },
      ],
    },
  ],
}
const source: ModelIndex = {
  ...common,
  form: { kind: 'source' },
  files: [{ path: 'model.gguf', url: 'https://hub.example/f', bytes: 900, offset: 112 }],
  pieces: [
    { offset: 112, bytes: 400, crc: crcOf(400) },
    { offset: 512, bytes: 500, crc: crcOf(500) },
  ],
}

/** A stored model, which anyone may hand over as a file to be imported. */
export async function storedTargets(): Promise<readonly FuzzTarget[]> {
  const seeds = await Promise.all([planes, source].map(named))
  const files = seeds.map((index) => {
    const end = writeIndex(index, storedBytes)
    const file = new Uint8Array(storedBytes + end.length)
    file.set(end, storedBytes)
    return file
  })
  return [
    {
      name: "a stored model's index",
      weight: 8,
      run: (pick) => {
        const json = mutateJson(JSON.stringify(oneOf(pick, seeds)), pick)
        return readModelIndex(new TextEncoder().encode(json), storedBytes)
      },
    },
    {
      name: 'a stored model, imported',
      weight: 2,
      run: async (pick) => {
        const index = oneOf(pick, seeds)
        const end = pick(3) === 0 ? writeIndex(index, storedBytes) : indexOf(mutateJson(JSON.stringify(index), pick))
        const whole = new Uint8Array([...new Uint8Array(storedBytes), ...end])
        const file = new Blob([pick(3) === 0 ? mutateBytes(whole, pick) : whole])
        const store = new AreaStore(new MemoryArea(), undefined)
        await importModel(store, file, new AbortController().signal, () => {})
      },
    },
    {
      name: 'a stored model',
      weight: 2,
      run: (pick) => {
        const sound = oneOf(pick, files)
        return readIndex(new Blob([pick(8) === 0 ? sound : mutateBytes(sound, pick)]))
      },
    },
  ]
}

/** With the id that its files give it. */
async function named(index: ModelIndex): Promise<ModelIndex> {
  const files = index.files.map(({ bytes, ...file }) => ({ ...file, size: bytes }))
  return { ...index, id: await modelId(files, index.form) }
}

/** A trailer as `writeIndex` makes it, of an index that says anything. */
function indexOf(json: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(json)
  const trailer = writeIndex(planes, storedBytes).slice(-32)
  const view = new DataView(trailer.buffer)
  view.setUint32(12, crc32c(bytes), true)
  view.setBigUint64(24, BigInt(bytes.length), true)
  return new Uint8Array([...bytes, ...trailer])
}
