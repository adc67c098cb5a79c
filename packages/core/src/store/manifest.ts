import { createStore, get, type UseStore, update } from 'idb-keyval'
import type { Inspected } from './inspect-model.ts'
import { readForm } from './read-form.ts'
import { readAbout } from './read-model-index.ts'
import { isObject, readList, readNumber, readObject, readOneOf, readString } from './read-values.ts'
import { MAX_KEYS } from './store-limits.ts'
import type { StoredModel, StoreKind } from './store-types.ts'

export type ManifestEntries = ReadonlyMap<string, Inspected>
/** By id; undefined: the model is gone. */
export type ManifestChanges = ReadonlyMap<string, Inspected | undefined>

const VERSION = 1
const MAX_MODELS = 1 << 16

/**
 * What is stored, to be read at once, in `idb-keyval`. Only a memory of what was seen in the store itself: where it cannot be read or
 * written, all is looked at again.
 */
export class Manifest {
  readonly #store: UseStore
  readonly #key: string

  constructor(root: string, kind: StoreKind) {
    this.#store = createStore(root, 'manifest')
    this.#key = `models:${kind}`
  }

  async read(): Promise<ManifestEntries> {
    try {
      return readEntries(await get<unknown>(this.#key, this.#store))
    } catch {
      return new Map()
    }
  }

  /** In one transaction, so that tabs do not undo each other's. */
  async change(changes: ManifestChanges): Promise<void> {
    try {
      await update<unknown>(this.#key, (before) => withChanges(before, changes), this.#store)
    } catch {
      // As it was; the next who reads it sees that it is wrong.
    }
  }
}

function withChanges(before: unknown, changes: ManifestChanges): unknown {
  let entries = new Map<string, Inspected>()
  try {
    entries = readEntries(before)
  } catch {
    // Damaged: begun anew.
  }
  for (const [id, entry] of changes) {
    if (entry) entries.set(id, entry)
    else entries.delete(id)
  }
  return { version: VERSION, models: [...entries.values()] }
}

/** @throws SampanError where it is not what this wrote */
function readEntries(value: unknown): Map<string, Inspected> {
  if (!isObject(value) || value['version'] !== VERSION) return new Map()
  const entries = readList(value['models'], 'models', MAX_MODELS, readEntry)
  return new Map(entries.map((entry) => [entry.model.id, entry]))
}

function readEntry(value: unknown, where: string): Inspected {
  const entry = readObject(value, where)
  const crc = entry['crc']
  return {
    model: readStoredModel(entry['model'], `${where}.model`),
    ...(crc !== undefined && { crc: readNumber(crc, `${where}.crc`, 0) }),
  }
}

function readStoredModel(value: unknown, where: string): StoredModel {
  const model = readObject(value, where)
  const { downloaded, total, revision, about } = model
  return {
    id: readString(model['id'], `${where}.id`),
    name: readString(model['name'], `${where}.name`),
    keys: readList(model['keys'], `${where}.keys`, MAX_KEYS, readString),
    form: readForm(model['form'], `${where}.form`),
    state: readOneOf(model['state'], `${where}.state`, ['complete', 'partial']),
    bytes: readNumber(model['bytes'], `${where}.bytes`, 0),
    ...(downloaded !== undefined && { downloaded: readNumber(downloaded, `${where}.downloaded`, 0) }),
    ...(total !== undefined && { total: readNumber(total, `${where}.total`, 0) }),
    changed: readString(model['changed'], `${where}.changed`),
    ...(revision !== undefined && { revision: readString(revision, `${where}.revision`) }),
    ...(about !== undefined && { about: readAbout(about) }),
  }
}
