import type { ModelStore, StoredModel } from '../store/store-types.ts'
import type { CachedModel, CacheUsage, ImportOptions, ModelCache } from './cache-types.ts'
import { isNamed } from './is-named.ts'

/** What the cache does in a Worker. */
export interface CacheWork {
  import(file: Blob, options: ImportOptions): Promise<StoredModel>
}

/** The store comes when it is first asked for: pages that never do are not to pay for it. */
export function makeCache(
  work: CacheWork,
  openStore: () => Promise<ModelStore> = async () => (await import('../store/open-store.ts')).openStore(),
): ModelCache {
  return {
    list: async () => [...(await (await openStore()).list()), ...(await (await adapterStore()).listStoredAdapters())],
    usage: async () => readUsage(await openStore()),
    delete: async (idOrSource) => {
      const isIt = (model: CachedModel): boolean => isNamed(model, idOrSource)
      const wasModel = await deleteModels(await openStore(), isIt)
      return (await (await adapterStore()).deleteStoredAdapters(isIt)) || wasModel
    },
    clear: async () => {
      await deleteModels(await openStore(), () => true)
      await (await adapterStore()).deleteStoredAdapters()
    },
    persist,
    export: async (id) => exportModel(await openStore(), id),
    import: (file, options = {}) => work.import(file, options),
  }
}

/** LoRA adapters are kept apart from models. */
const adapterStore = () => import('../adapters/adapter-store.ts')

async function deleteModels(store: ModelStore, isIt: (model: StoredModel) => boolean): Promise<boolean> {
  const models = (await store.list()).filter(isIt)
  const results = await Promise.allSettled(models.map(({ id }) => store.delete(id)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return models.length > 0
}

async function readUsage(store: ModelStore): Promise<CacheUsage> {
  const models = await store.list()
  const { readRoom } = await import('../store/quota.ts')
  const room = store.kind === 'memory' ? undefined : await readRoom()
  const bytesOf = (some: readonly StoredModel[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    used: bytesOf(models) + (await (await adapterStore()).storedAdapterBytes()),
    partial: bytesOf(models.filter(({ state }) => state === 'partial')),
    ...room,
    persisted: (await storageManager()?.persisted?.()) ?? false,
    kind: store.kind,
    ...(store.reason !== undefined && { reason: store.reason }),
  }
}

async function persist(): Promise<boolean> {
  return (await storageManager()?.persist?.()) ?? false
}

async function exportModel(store: ModelStore, id: string): Promise<File> {
  const { blob, index } = await store.open(id)
  const name = index.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '')
  return new File([blob], `${name || id}.sampan`, { type: 'application/octet-stream' })
}

/** There is none on pages that are not secure. */
function storageManager(): Partial<StorageManager> | undefined {
  const { navigator }: { navigator?: { readonly storage?: Partial<StorageManager> } } = globalThis
  return navigator?.storage
}
