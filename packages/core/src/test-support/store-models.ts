import { crc32c, planeFormatVersion } from '@sampan/engine'
import { piecesOf } from '../store/check-places.ts'
import { modelId } from '../store/model-id.ts'
import type {
  ModelIndex,
  ModelPlan,
  ModelStore,
  ModelWriter,
  StoredFile,
  StoredForm,
  StoredPiece,
} from '../store/store-types.ts'

/**
 * A model that is made up: a text, and runs of one tensor with bytes that its name decides; or pieces of a file, all but the last of
 * sizes that are multiples of 16.
 */
export interface MadeUpModel {
  readonly plan: ModelPlan
  readonly files: readonly StoredFile[]
  /** Bytes of the text and of each run. */
  readonly sizes: readonly number[]
}

export const planes: Extract<StoredForm, { kind: 'planes' }> = {
  kind: 'planes',
  version: planeFormatVersion,
  bits: 4,
  embeddingBits: 8,
}

/** Hexadecimal digits that a text decides; no digest. */
function digitsOf(text: string, count: number): string {
  const numbers = Array.from({ length: count }, (_, i) => crc32c(new TextEncoder().encode(`${i} ${text}`)))
  return numbers.map((number) => (number & 15).toString(16)).join('')
}

export async function madeUpModel(
  name: string,
  sizes: readonly number[],
  form: StoredForm = planes,
): Promise<MadeUpModel> {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const url = `https://hub.example/${name}/model.gguf`
  const offset = Math.ceil((sizes[0] ?? 0) / 16) * 16
  const file: StoredFile = {
    ...{ path: 'model.gguf', url, bytes: total - (sizes[0] ?? 0), sha256: digitsOf(name, 64) },
    ...(form.kind === 'source' && { offset }),
  }
  const id = await modelId([{ ...file, size: file.bytes }], form)
  const plan: ModelPlan = {
    id,
    name,
    key: `hub.example/${name}`,
    form,
    bytes: total + 16 * sizes.length + 4_096,
    total,
  }
  return { plan, files: [file], sizes }
}

/** The bytes of the part with this number. */
export function partBytes({ plan, sizes }: MadeUpModel, part: number): Uint8Array<ArrayBuffer> {
  let state = crc32c(new TextEncoder().encode(`${plan.name} ${part}`)) | 1
  const bytes = new Uint8Array(sizes[part] ?? 0)
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** What the index says of parts at these places. */
export function indexOf(model: MadeUpModel, offsets: readonly number[]): ModelIndex {
  const { plan, files, sizes } = model
  const [text, ...runs] = sizes.map(
    (bytes, part): StoredPiece => ({ offset: offsets[part] ?? 0, bytes, crc: crc32c(partBytes(model, part)) }),
  )
  const tensor = {
    name: 'blk.0.weight',
    kind: { bits: 4, scale: 's16' },
    scaleShift: 3,
    runs: runs.map((run, row) => ({ firstRow: row, rows: 1, ...run })),
  } as const
  return {
    ...{ format: 'sampan-model', version: 1, id: plan.id, name: plan.name, keys: [plan.key], checkpoint: 'gguf' },
    ...{ hub: 'https://hub.example', revision: 'f00d', form: plan.form, files },
    texts: text ? [{ name: 'model.gguf', ...text }] : [],
    ...(plan.form.kind === 'planes' ? { tensors: [tensor] } : { pieces: runs }),
    about: { licence: 'apache-2.0', summary: 'A model that is made up.' },
    stored: '2026-11-22T12:00:00.000Z',
  }
}

interface WriteOptions {
  /** A journal after so many parts. */
  readonly every?: number
  /** Called before each part; where it throws, what is there is left. */
  readonly before?: (part: number, writer: ModelWriter) => void | Promise<void>
}

interface WriteState {
  readonly part: number
  readonly offsets: readonly number[]
}

/** Stores a model, from where an earlier call was cut. Resolves to the number of the part that it went on with. */
export async function storeMadeUp(
  store: ModelStore,
  model: MadeUpModel,
  { every = 1, before }: WriteOptions = {},
): Promise<number> {
  const { plan, sizes } = model
  const writer = await store.write(plan)
  try {
    const from = readState(writer.resumed)
    const offsets = [...from.offsets]
    const downloadedBefore = (part: number): number => sizes.slice(0, part).reduce((sum, size) => sum + size, 0)
    for (let part = from.part; part < sizes.length; part++) {
      await before?.(part, writer)
      offsets.push(await writer.append(partBytes(model, part)))
      const next = part + 1
      if (next % every === 0)
        await writer.journal({ part: next, offsets }, { downloaded: downloadedBefore(next), total: plan.total })
    }
    await writer.commit(indexOf(model, offsets))
    return from.part
  } finally {
    await writer.close()
  }
}

/** What of a stored model is not as it should be: a list of words, empty where all is right. */
export async function faultsOf(store: ModelStore, model: MadeUpModel): Promise<string[]> {
  const { blob, index } = await store.open(model.plan.id)
  const faults: string[] = []
  const pieces = piecesOf(index)
  if (pieces.length !== model.sizes.length) faults.push(`${pieces.length} pieces`)
  for (const [part, { offset, bytes }] of pieces.entries()) {
    const stored = new Uint8Array(await blob.slice(offset, offset + bytes).arrayBuffer())
    if (!isSame(stored, partBytes(model, part))) faults.push(`part ${part}`)
  }
  return faults
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function readState(value: unknown): WriteState {
  if (value === undefined) return { part: 0, offsets: [] }
  const { part, offsets }: { part?: unknown; offsets?: unknown } = Object(value)
  if (typeof part !== 'number' || !Array.isArray(offsets) || offsets.length !== part)
    throw new Error(`a journal of something else: ${JSON.stringify(value)}`)
  return { part, offsets: offsets.map(Number) }
}
