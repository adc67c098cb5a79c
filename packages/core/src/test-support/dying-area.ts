import type { DataFile, StoreArea } from '../store/store-area.ts'

/** What is lost or kept at once of what was not flushed, as a disk's sectors are. */
const SECTOR_BYTES = 64

/** What every call fails with once the tab is dead. */
export class Death extends Error {}

interface DiskFile {
  /** On disk for sure. */
  durable: Uint8Array<ArrayBuffer>
  /** As those see it that live. */
  seen: Uint8Array<ArrayBuffer>
}

export type Disk = Map<string, Map<string, DiskFile>>

/**
 * Files in memory whose user dies after a number of steps: every byte that is written is one, and every other change. What was not
 * flushed then is on disk or not, each sector for itself.
 */
export class DyingArea implements StoreArea {
  readonly kind = 'opfs'
  readonly disk: Disk
  steps = 0
  readonly #life: number

  constructor(disk: Disk = new Map(), life = Number.POSITIVE_INFINITY) {
    this.disk = disk
    this.#life = life
  }

  /** Takes up to `wanted` steps. @throws Death when there are none left */
  step(wanted = 1): number {
    const taken = Math.min(wanted, this.#life - this.steps)
    this.steps += taken
    if (taken === 0 && wanted > 0) throw new Death('dead')
    return taken
  }

  async ids(): Promise<readonly string[]> {
    return [...this.disk.keys()]
  }

  async dataSize(id: string): Promise<number | undefined> {
    return this.#find(id, 'data')?.seen.length
  }

  async readData(id: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#find(id, 'data')?.seen.slice(start, end) ?? new Uint8Array()
  }

  async data(id: string): Promise<Blob> {
    return new Blob([this.#find(id, 'data')?.seen ?? new Uint8Array()])
  }

  async read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#find(id, name)?.seen.slice()
  }

  async openData(id: string): Promise<DataFile> {
    return new DyingFile(this, this.#make(id, 'data'))
  }

  async put(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = new DyingFile(this, this.#make(id, name))
    await file.write(bytes, 0)
    await file.truncate(bytes.length)
    await file.flush()
  }

  async remove(id: string, name: string): Promise<void> {
    this.step()
    this.disk.get(id)?.delete(name)
  }

  async removeModel(id: string): Promise<void> {
    for (const name of this.disk.get(id)?.keys() ?? []) await this.remove(id, name)
    this.step()
    this.disk.delete(id)
  }

  /** What is found after the death. */
  remains(random: () => number): Disk {
    const left: Disk = new Map()
    for (const [id, files] of this.disk)
      left.set(id, new Map([...files].map(([name, file]) => [name, remainsOf(file, random)])))
    return left
  }

  #find(id: string, name: string): DiskFile | undefined {
    return this.disk.get(id)?.get(name)
  }

  #make(id: string, name: string): DiskFile {
    const files = this.disk.get(id) ?? new Map<string, DiskFile>()
    this.disk.set(id, files)
    const file = files.get(name) ?? { durable: new Uint8Array(), seen: new Uint8Array() }
    files.set(name, file)
    return file
  }
}

class DyingFile implements DataFile {
  readonly #area: DyingArea
  readonly #file: DiskFile

  constructor(area: DyingArea, file: DiskFile) {
    this.#area = area
    this.#file = file
  }

  get size(): number {
    return this.#file.seen.length
  }

  async write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    const taken = this.#area.step(bytes.length)
    const grown = new Uint8Array(Math.max(this.size, at + taken))
    grown.set(this.#file.seen)
    grown.set(bytes.subarray(0, taken), at)
    this.#file.seen = grown
    if (taken < bytes.length) this.#area.step()
  }

  async truncate(size: number): Promise<void> {
    this.#area.step()
    const cut = new Uint8Array(size)
    cut.set(this.#file.seen.subarray(0, size))
    this.#file.seen = cut
  }

  async canGrow(): Promise<boolean> {
    return true
  }

  async flush(): Promise<void> {
    this.#area.step()
    this.#file.durable = this.#file.seen.slice()
  }

  async close(): Promise<void> {}
}

function remainsOf({ durable, seen }: DiskFile, random: () => number): DiskFile {
  const size = random() < 0.5 ? seen.length : durable.length
  const left = new Uint8Array(size)
  for (let at = 0; at < size; at += SECTOR_BYTES) {
    const from = random() < 0.5 ? seen : durable
    left.set(from.subarray(at, Math.min(at + SECTOR_BYTES, size)), at)
  }
  return { durable: left, seen: left.slice() }
}
