import { isNoRoom } from './quota.ts'
import { openSyncAccess } from './sync-access.ts'

const INSECURE =
  'This page is not served over https (or from localhost), and browsers keep files for such pages only: models are downloaded for each visit.'

/** Why models cannot be kept in the origin private file system; undefined where they can. Leaves nothing behind. */
export async function probeOpfs(root: string): Promise<string | undefined> {
  if (!isSecure()) return INSECURE
  const { storage }: { storage?: Partial<StorageManager> } = navigator
  if (!storage?.getDirectory) return 'This browser has no file system for pages (OPFS).'
  try {
    const top = await navigator.storage.getDirectory()
    const folder = await top.getDirectoryHandle(root, { create: true })
    const name = probeName()
    const handle = await folder.getFileHandle(name, { create: true })
    try {
      if (!(await canWrite(handle)) && !(await holdsModels(root)))
        return 'What this browser writes to its file system for pages cannot be read back.'
    } finally {
      await folder.removeEntry(name)
    }
    return undefined
  } catch (error) {
    // Full is not refused: what lies there can be read, and be deleted to make room.
    if (isNoRoom(error) && (await holdsModels(root))) return undefined
    return `The browser refuses its file system to this page, as browsers do in private windows (${nameOf(error)}).`
  }
}

/** Why models cannot be kept in Cache Storage. */
export async function probeCacheStorage(root: string): Promise<string | undefined> {
  if (!isSecure()) return INSECURE
  if (typeof caches === 'undefined') return 'It has no Cache Storage either.'
  const name = `${root}-${probeName()}`
  try {
    const cache = await caches.open(name)
    try {
      await cache.put('https://models.sampan.invalid/probe', new Response(PROBE))
    } finally {
      await caches.delete(name)
    }
    return undefined
  } catch (error) {
    return `It refuses its Cache Storage too (${nameOf(error)}): models are downloaded for each visit.`
  }
}

async function holdsModels(root: string): Promise<boolean> {
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(root)
    const models = await folder.getDirectoryHandle('models')
    return (await models.keys().next()).done !== true
  } catch {
    return false
  }
}

const PROBE = Uint8Array.of(1)

const isSecure = (): boolean => globalThis.isSecureContext !== false && typeof navigator !== 'undefined'
const probeName = (): string => `probe-${Math.random().toString(36).slice(2)}`
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))

/** Pages of Safari could not write to files for long: that one could be made must be enough there. Some of its Workers wrote in vain. */
async function canWrite(handle: FileSystemFileHandle): Promise<boolean> {
  const access = await openSyncAccess(handle)
  if (access) {
    try {
      access.write(PROBE, { at: 0 })
      await access.flush()
    } finally {
      await access.close()
    }
  } else if ('createWritable' in handle) {
    const stream = await handle.createWritable()
    await stream.write(PROBE)
    await stream.close()
  } else return true
  return (await handle.getFile()).size === PROBE.length
}
