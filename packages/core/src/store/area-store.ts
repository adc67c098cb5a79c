import { crc32c } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { AreaWriter, type WriterContext } from './area-writer.ts'
import { piecesOf } from './check-places.ts'
import { explainMiss } from './explain-miss.ts'
import { type Inspected, inspectModel, isUnchanged, type OpenJournal, openJournal } from './inspect-model.ts'
import type { Manifest, ManifestEntries } from './manifest.ts'
import { readStoredFile } from './model-file.ts'
import { isSameForm } from './model-id.ts'
import { modelInUse, withModelAlone } from './model-locks.ts'
import { isBusy } from './patiently.ts'
import { checkRoom, isNoRoom, withMargin, writingRefused } from './quota.ts'
import { addToSidecar } from './sidecar.ts'
import type { StoreArea } from './store-area.ts'
import type {
  ModelIndex,
  ModelPlan,
  ModelStore,
  ModelWriter,
  StoredForm,
  StoredModel,
  StoredPiece,
  StoreKind,
  StoreMiss,
} from './store-types.ts'

/** The store over any kind of place for bytes. What lies there is the truth; the manifest saves looking at all of it. */
export class AreaStore implements ModelStore {
  readonly kind: StoreKind
  readonly reason?: string
  readonly #area: StoreArea
  readonly #manifest: Manifest | undefined

  constructor(area: StoreArea, manifest: Manifest | undefined, reason?: string) {
    this.kind = area.kind
    if (reason !== undefined) this.reason = reason
    this.#area = area
    this.#manifest = manifest
  }

  async find(key: string, form: StoredForm): Promise<StoredModel | undefined> {
    const isIt = ({ model }: Inspected): boolean =>
      model.state === 'complete' && model.keys.includes(key) && isSameForm(model.form, form)
    const remembered = [...((await this.#manifest?.read()) ?? new Map<string, Inspected>()).values()].find(isIt)
    if (remembered && (await this.#holds(remembered))) return remembered.model
    return [...(await this.#look()).values()].find(isIt)?.model
  }

  async findId(id: string, key?: string): Promise<StoredModel | undefined> {
    const found = await this.#inspect(id)
    if (found?.model.state !== 'complete') return undefined
    const { model } = found
    if (key === undefined || model.keys.includes(key)) return model
    const known = { ...model, keys: [...model.keys, key] }
    // A page may be unable to write it; the manifest knows it then.
    await addToSidecar(this.#area, id, { name: model.name, form: model.form, keys: [key] }).catch(() => {})
    await this.#manifest?.change(new Map([[id, { ...found, model: known }]]))
    return known
  }

  async list(): Promise<readonly StoredModel[]> {
    const models = [...(await this.#look()).values()].map(({ model }) => model)
    return models.toSorted((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1))
  }

  async explainMiss(key: string, form: StoredForm): Promise<StoreMiss> {
    return explainMiss(await this.list(), key, form)
  }

  async open(id: string): Promise<{ readonly blob: Blob; readonly index: ModelIndex }> {
    const found = await this.#inspect(id)
    if (found?.model.state !== 'complete') throw notCached(id, found?.model)
    const blob = await this.#area.data(id)
    return { blob, index: (await readStoredFile(blob)).index }
  }

  async write(plan: ModelPlan): Promise<ModelWriter> {
    const area = this.#area
    const list = (): Promise<readonly StoredModel[]> => this.list()
    const explain = async (error: unknown, needed: number): Promise<unknown> =>
      isNoRoom(error) ? writingRefused(needed, list, error) : error
    const changed = (id: string): Promise<void> => this.#remember(id)
    try {
      if ((await inspectModel(area, plan.id))?.model.state === 'complete') throw new Error(`${plan.id} is there, whole`)
      const journal = await openJournal(area, plan.id, (await area.dataSize(plan.id)) ?? 0)
      if (this.kind !== 'memory') await checkRoom(missingBytes(plan, journal), list)
      return await this.#begin({ area, plan, explain, changed }, journal)
    } catch (error) {
      throw isBusy(error) ? modelInUse(plan.id, error) : error
    }
  }

  /** Leaves nothing behind of what could not be begun. */
  async #begin(context: WriterContext, journal: OpenJournal): Promise<ModelWriter> {
    const { area, plan, changed, explain } = context
    const { id, name, form, key } = plan
    const { slots, last } = journal
    const data = await area.openData(id)
    try {
      await slots.removeRefused()
      await data.truncate(last?.length ?? 0)
      if (!(await data.canGrow(withMargin(plan.bytes))))
        throw new DOMException(`no room for ${plan.bytes} bytes`, 'QuotaExceededError')
      await addToSidecar(area, id, { name, form, keys: [key] })
      if (!last) await slots.remove()
      const writer = new AreaWriter(context, data, journal)
      if (!last) await writer.journal(undefined, { downloaded: 0, total: plan.total })
      await changed(id)
      return writer
    } catch (error) {
      await data.close()
      if (!last) await area.removeModel(id).catch(() => {})
      throw await explain(error, withMargin(missingBytes(plan, journal)))
    }
  }

  async repair(id: string, { offset, bytes: length, crc }: StoredPiece, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { index } = await this.open(id)
    const known = piecesOf(index).some((one) => one.offset === offset && one.bytes === length && one.crc === crc)
    if (!known) throw new Error(`${id} has no such piece`)
    if (bytes.length !== length || crc32c(bytes) !== crc)
      throw new SampanError(
        'file-damaged',
        'What was fetched in place of a damaged part of a model is not what that part was: load the model anew.',
        { id, offset, bytes: length },
      )
    const data = await this.#area.openData(id)
    try {
      await data.write(bytes, offset)
      await data.flush()
    } finally {
      await data.close()
    }
  }

  async delete(id: string): Promise<void> {
    await withModelAlone(id, async () => {
      try {
        await this.#area.removeModel(id)
      } catch (error) {
        throw isBusy(error) ? modelInUse(id, error) : error
      }
      await this.#manifest?.change(new Map([[id, undefined]]))
    })
  }

  /** All that is there, and the manifest made right. */
  async #look(): Promise<ManifestEntries> {
    const remembered: ManifestEntries = (await this.#manifest?.read()) ?? new Map()
    const ids = new Set(await this.#area.ids())
    const seen = new Map<string, Inspected>()
    const changes = new Map<string, Inspected | undefined>()
    for (const id of remembered.keys()) if (!ids.has(id)) changes.set(id, undefined)
    for (const id of ids) {
      const before = remembered.get(id)
      const now = await this.#inspectAgain(id, before)
      if (now) seen.set(id, now)
      if (JSON.stringify(now) !== JSON.stringify(before)) changes.set(id, now)
    }
    if (changes.size > 0) await this.#manifest?.change(changes)
    return seen
  }

  async #inspectAgain(id: string, before: Inspected | undefined): Promise<Inspected | undefined> {
    if (before && (await this.#holds(before))) return before
    try {
      return await inspectModel(this.#area, id)
    } catch (error) {
      if (isBusy(error)) return before
      throw error
    }
  }

  /** What another tab has open may not be readable now: then it is as it was. */
  async #holds(before: Inspected): Promise<boolean> {
    try {
      return await isUnchanged(this.#area, before)
    } catch (error) {
      if (isBusy(error)) return true
      throw error
    }
  }

  async #inspect(id: string): Promise<Inspected | undefined> {
    return this.#inspectAgain(id, (await this.#manifest?.read())?.get(id))
  }

  async #remember(id: string): Promise<void> {
    await this.#manifest?.change(new Map([[id, await this.#inspectAgain(id, undefined)]]))
  }
}

function missingBytes({ bytes }: ModelPlan, { last }: OpenJournal): number {
  return Math.max(0, bytes - (last?.length ?? 0))
}

function notCached(id: string, model: StoredModel | undefined): SampanError {
  const what = model ? `Of ${model.name} only a part is kept on this device` : 'No such model is kept on this device'
  return new SampanError(
    'model-not-cached',
    `${what}: \`cache.list()\` tells what is; \`load\` with \`download: 'allow'\` brings it here.`,
    { id },
  )
}
