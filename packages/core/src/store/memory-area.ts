import type { DataFile, StoreArea } from './store-area.ts'

interface MemoryModel {
  data: MemoryData | undefined
  readonly files: Map<string, Uint8Array<ArrayBuffer>>
}

/** This page's or Worker's own memory: nothing is left of it afterwards. */
export class MemoryArea implements StoreArea {
  readonly kind = 'memory'
  readonly #models = new Map<string, MemoryModel>()

  async ids(): Promise<readonly string[]> {
    return [...this.#models.keys()]
  }

  async dataSize(id: string): Promise<number | undefined> {
    return this.#models.get(id)?.data?.size
  }

  async readData(id: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.data(id)).slice(start, end).arrayBuffer())
  }

  async data(id: string): Promise<Blob> {
    const data = this.#models.get(id)?.data
    if (!data) throw new DOMException(`no data of ${id}`, 'NotFoundError')
    return data.blob()
  }

  async openData(id: string): Promise<DataFile> {
    const model = this.#model(id)
    model.data ??= new MemoryData()
    return model.data
  }

  async read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#models.get(id)?.files.get(name)
  }

  async put(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#model(id).files.set(name, bytes.slice())
  }

  async remove(id: string, name: string): Promise<void> {
    this.#models.get(id)?.files.delete(name)
  }

  async removeModel(id: string): Promise<void> {
    this.#models.delete(id)
  }

  #model(id: string): MemoryModel {
    let model = this.#models.get(id)
    if (!model) {
      model = { data: undefined, files: new Map() }
      this.#models.set(id, model)
    }
    return model
  }
}

/** Of Blobs: a browser may put those on disk. */
class MemoryData implements DataFile {
  size = 0
  #parts: Blob[] = []

  blob(): Blob {
    const [first = new Blob()] = this.#parts
    if (this.#parts.length > 1) this.#parts = [new Blob(this.#parts)]
    return this.#parts[0] ?? first
  }

  async write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    if (at >= this.size) {
      if (at > this.size) this.#parts.push(new Blob([new Uint8Array(at - this.size)]))
      this.#parts.push(new Blob([bytes]))
    } else {
      const before = this.blob()
      this.#parts = [before.slice(0, at), new Blob([bytes]), before.slice(at + bytes.length)]
    }
    this.size = Math.max(this.size, at + bytes.length)
  }

  async truncate(size: number): Promise<void> {
    this.#parts = [this.blob().slice(0, size)]
    this.size = Math.min(size, this.size)
  }

  async canGrow(): Promise<boolean> {
    return true
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}
