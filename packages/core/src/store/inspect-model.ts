import { crc32c } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { type DownloadJournal, readJournal } from './download-journal.ts'
import { readStored, readTrailer, TRAILER_BYTES } from './model-file.ts'
import { isModelId } from './model-id.ts'
import { mergeKeys, readSidecar } from './sidecar.ts'
import { Slots } from './slots.ts'
import type { StoreArea } from './store-area.ts'
import { MAX_INDEX_BYTES } from './store-limits.ts'
import type { StoredModel } from './store-types.ts'

/** What lies in the folder of a model. */
export interface Inspected {
  readonly model: StoredModel
  /** CRC-32C of the index, of a complete one. */
  readonly crc?: number
}

/** Reads what is there; undefined where nothing is that could be used or deleted. */
export async function inspectModel(area: StoreArea, id: string): Promise<Inspected | undefined> {
  if (!isModelId(id)) return undefined
  const size = await area.dataSize(id)
  return (await inspectComplete(area, id, size)) ?? inspectPartial(area, id, size ?? 0)
}

/** Whether what was seen of a complete model before is still so, byte by byte of its index. */
export async function isUnchanged(area: StoreArea, { model, crc }: Inspected): Promise<boolean> {
  const size = model.bytes
  if (model.state !== 'complete' || (await area.dataSize(model.id)) !== size) return false
  const trailer = readTrailer(await area.readData(model.id, size - TRAILER_BYTES, size), size)
  if (trailer?.crc !== crc || trailer === undefined || trailer.length > MAX_INDEX_BYTES) return false
  return crc32c(await area.readData(model.id, trailer.offset, trailer.offset + trailer.length)) === crc
}

/** Where a partial model stands, and where that is written down. */
export interface OpenJournal {
  readonly slots: Slots
  /** The last journal whose bytes are all there. */
  readonly last: DownloadJournal | undefined
}

export async function openJournal(area: StoreArea, id: string, size: number): Promise<OpenJournal> {
  const slots = new Slots(area, id, 'journal')
  const usable = (value: unknown): DownloadJournal | undefined => {
    const journal = readJournal(value)
    return journal?.plan.id === id && journal.length <= size ? journal : undefined
  }
  const [last] = await slots.read((value) => usable(value) !== undefined)
  return { slots, last: usable(last) }
}

async function inspectComplete(area: StoreArea, id: string, size: number | undefined): Promise<Inspected | undefined> {
  if (size === undefined) return undefined
  try {
    const { index, trailer } = await readStored(size, (start, end) => area.readData(id, start, end))
    if (index.id !== id) return undefined
    const keys = mergeKeys(index.keys, (await readSidecar(area, id))?.keys ?? [])
    const { name, form, stored, revision, about } = index
    const told = { ...(revision !== undefined && { revision }), about }
    const model: StoredModel = { id, name, keys, form, state: 'complete', bytes: size, changed: stored, ...told }
    return { model, crc: trailer.crc }
  } catch (error) {
    if (SampanError.isInstance(error)) return undefined
    throw error
  }
}

async function inspectPartial(area: StoreArea, id: string, bytes: number): Promise<Inspected | undefined> {
  const { last: journal } = await openJournal(area, id, bytes)
  const sidecar = await readSidecar(area, id)
  if (!journal && !sidecar && bytes === 0) return undefined
  const { name = id, form = { kind: 'source' } } = journal?.plan ?? sidecar ?? {}
  return {
    model: {
      id,
      name,
      keys: mergeKeys(sidecar?.keys ?? [], journal ? [journal.plan.key] : []),
      form,
      state: 'partial',
      bytes,
      ...(journal && { downloaded: journal.downloaded, total: journal.total }),
      changed: journal?.changed ?? new Date(0).toISOString(),
    },
  }
}
