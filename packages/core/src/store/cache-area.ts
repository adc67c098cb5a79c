import { CacheData, readPieces } from './cache-data.ts'
import type { DataFile, StoreArea } from './store-area.ts'

/** No request ever goes there. */
const BASE = 'https://models.sampan.invalid/'

/** Cache Storage: a cache for each model, with its data in pieces. */
export class CacheArea implements StoreArea {
  readonly kind = 'cache-storage'
  readonly #prefix: string

  constructor(root: string) {
    this.#prefix = `${root}-model-`
  }

  async ids(): Promise<readonly string[]> {
    const names = await caches.keys()
    return names.filter((name) => name.startsWith(this.#prefix)).map((name) => name.slice(this.#prefix.length))
  }

  async dataSize(id: string): Promise<number | undefined> {
    const cache = await this.#open(id)
    const last = cache && (await readPieces(cache)).at(-1)
    return last && last.offset + last.bytes
  }

  async readData(id: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.#slice(id, start, end)).arrayBuffer())
  }

  data(id: string): Promise<Blob> {
    return this.#slice(id, 0, Number.MAX_SAFE_INTEGER)
  }

  async openData(id: string): Promise<DataFile> {
    return CacheData.open(await caches.open(this.#prefix + id))
  }

  async read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const response = await (await this.#open(id))?.match(BASE + name)
    return response && new Uint8Array(await response.arrayBuffer())
  }

  async put(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const cache = await caches.open(this.#prefix + id)
    await cache.put(BASE + name, new Response(bytes))
  }

  async remove(id: string, name: string): Promise<void> {
    await (await this.#open(id))?.delete(BASE + name)
  }

  async removeModel(id: string): Promise<void> {
    await caches.delete(this.#prefix + id)
  }

  async #open(id: string): Promise<Cache | undefined> {
    const name = this.#prefix + id
    return (await caches.has(name)) ? caches.open(name) : undefined
  }

  async #slice(id: string, start: number, end: number): Promise<Blob> {
    const cache = await this.#open(id)
    if (!cache) throw new DOMException(`no data of ${id}`, 'NotFoundError')
    const parts: Blob[] = []
    for (const { url, offset, bytes } of await readPieces(cache)) {
      if (offset >= end || offset + bytes <= start) continue
      const response = await cache.match(url)
      if (!response) throw new DOMException(`a piece of ${id} is gone`, 'NotFoundError')
      const piece = await response.blob()
      parts.push(piece.slice(Math.max(0, start - offset), Math.min(bytes, end - offset)))
    }
    return new Blob(parts)
  }
}
