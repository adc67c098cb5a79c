import { patiently } from './patiently.ts'
import type { DataFile, StoreArea } from './store-area.ts'
import { MAX_SLOT_BYTES } from './store-limits.ts'
import { openSyncAccess, type SyncAccess } from './sync-access.ts'

const DATA = 'data'

/**
 * The origin private file system: `<root>/models/<id>/…`. Written by sync access handles in Workers, as Safari had nothing else for long,
 * and by writable streams, which are slow for large files, elsewhere.
 */
export class OpfsArea implements StoreArea {
  readonly kind = 'opfs'
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  async ids(): Promise<readonly string[]> {
    const models = await this.#models(false)
    const ids: string[] = []
    if (models) for await (const [name, handle] of models.entries()) if (handle.kind === 'directory') ids.push(name)
    return ids
  }

  async dataSize(id: string): Promise<number | undefined> {
    return (await this.#read(id, DATA))?.size
  }

  readData(id: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return patiently(async () => new Uint8Array(await (await this.data(id)).slice(start, end).arrayBuffer()))
  }

  async data(id: string): Promise<Blob> {
    const file = await this.#read(id, DATA)
    if (!file) throw new DOMException(`no data of ${id}`, 'NotFoundError')
    return file
  }

  async openData(id: string): Promise<DataFile> {
    const folder = await this.#model(id, true)
    if (!folder) throw new DOMException(`no folder of ${id}`, 'NotFoundError')
    const access = await openSyncAccess(await folder.getFileHandle(DATA, { create: true }))
    if (!access) throw new Error('models are written in Workers')
    return OpfsData.of(access)
  }

  async read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return await patiently(async () => {
        const file = await this.#read(id, name)
        return file && file.size <= MAX_SLOT_BYTES ? new Uint8Array(await file.arrayBuffer()) : undefined
      })
    } catch {
      return undefined
    }
  }

  async put(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const folder = await this.#model(id, true)
    const handle = await folder?.getFileHandle(name, { create: true })
    if (!handle) throw new DOMException(`no folder of ${id}`, 'NotFoundError')
    const access = await openSyncAccess(handle)
    if (!access) return putByStream(handle, bytes)
    const data = await OpfsData.of(access)
    try {
      await data.write(bytes, 0)
      await data.truncate(bytes.length)
      await data.flush()
    } finally {
      await data.close()
    }
  }

  async remove(id: string, name: string): Promise<void> {
    const folder = await this.#model(id, false)
    if (folder) await orMissing(patiently(() => folder.removeEntry(name)))
  }

  async removeModel(id: string): Promise<void> {
    const models = await this.#models(false)
    if (models) await orMissing(patiently(() => models.removeEntry(id, { recursive: true })))
  }

  async #read(id: string, name: string): Promise<File | undefined> {
    const folder = await this.#model(id, false)
    return folder && (await orMissing(patiently(async () => (await folder.getFileHandle(name)).getFile())))
  }

  async #models(create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
    const top = await navigator.storage.getDirectory()
    const root = await orMissing(top.getDirectoryHandle(this.#root, { create }))
    return root && (await orMissing(root.getDirectoryHandle('models', { create })))
  }

  async #model(id: string, create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
    const models = await this.#models(create)
    return models && (await orMissing(models.getDirectoryHandle(id, { create })))
  }
}

class OpfsData implements DataFile {
  size: number
  readonly #access: SyncAccess

  /** Its own, as older browsers answer all of a handle's calls by promises. */
  static async of(access: SyncAccess): Promise<OpfsData> {
    return new OpfsData(access, await access.getSize())
  }

  private constructor(access: SyncAccess, size: number) {
    this.#access = access
    this.size = size
  }

  async write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    this.size = Math.max(this.size, at + bytes.length)
    for (let done = 0; done < bytes.length; ) {
      const written = this.#access.write(bytes.subarray(done), { at: at + done })
      if (!(written > 0 && written <= bytes.length - done)) throw refusal(written)
      done += written
    }
  }

  async truncate(size: number): Promise<void> {
    this.size = size
    await this.#access.truncate(size)
  }

  /** Tries it: a file grows at once by bytes that need no place on disk, but count. Chromium refuses by doing nothing. */
  async canGrow(size: number): Promise<boolean> {
    if (size <= this.size) return true
    try {
      await this.#access.truncate(size)
      return (await this.#access.getSize()) === size
    } catch {
      return false
    } finally {
      await this.#access.truncate(this.size)
    }
  }

  async flush(): Promise<void> {
    await this.#access.flush()
  }

  async close(): Promise<void> {
    await this.#access.close()
  }
}

/** Chromium gives its own error code, as an unsigned number, in place of the count of bytes: -8 where there is no space. */
function refusal(written: number): DOMException {
  const isFull = written === 0 || written === 2 ** 32 - 8
  return new DOMException(`writing failed: ${written}`, isFull ? 'QuotaExceededError' : 'UnknownError')
}

async function putByStream(handle: FileSystemFileHandle, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const stream = await handle.createWritable()
  await stream.write(bytes)
  await stream.close()
}

/** Undefined where there is no such thing, or another of its name. */
async function orMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (error instanceof DOMException && /^(NotFoundError|TypeMismatchError)$/.test(error.name)) return undefined
    throw error
  }
}
