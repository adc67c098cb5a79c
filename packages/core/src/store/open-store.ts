import { AreaStore } from './area-store.ts'
import { CacheArea } from './cache-area.ts'
import { Manifest } from './manifest.ts'
import { MemoryArea } from './memory-area.ts'
import { OpfsArea } from './opfs-area.ts'
import { probeCacheStorage, probeOpfs } from './probe.ts'
import type { ModelStore } from './store-types.ts'

export interface OpenStoreOptions {
  /** Folder, and first part of all other names. */
  readonly root?: string
}

/** One for each root, in this page or Worker. */
const memories = new Map<string, MemoryArea>()
const stores = new Map<string, ModelStore>()

/**
 * Opens the best place that this browser has for models, in a page or a Worker: the origin private file system, Cache Storage, or
 * memory. Each is tried by writing to it.
 */
export async function openStore({ root = 'sampan' }: OpenStoreOptions = {}): Promise<ModelStore> {
  // What could be written to once is not tried again.
  const known = stores.get(root)
  if (known) return known
  const noFiles = await probeOpfs(root)
  if (noFiles === undefined) {
    const store = new AreaStore(new OpfsArea(root), new Manifest(root, 'opfs'))
    stores.set(root, store)
    return store
  }
  const noCaches = await probeCacheStorage(root)
  if (noCaches === undefined) return new AreaStore(new CacheArea(root), new Manifest(root, 'cache-storage'), noFiles)
  const memory = memories.get(root) ?? new MemoryArea()
  memories.set(root, memory)
  const reason = noFiles === noCaches ? noFiles : `${noFiles} ${noCaches}`
  return new AreaStore(memory, undefined, reason)
}
