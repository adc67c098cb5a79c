import type { DataFile, StoreArea } from '../../../packages/core/src/store/store-area.ts'
import type { Pick } from '../fuzz/target.ts'

const blockBytes = 4096

/** A write that may be lost in part. */
interface Pending {
  readonly at: number
  readonly bytes: Buffer
}

interface Model {
  /** What is on the disk for sure. */
  data: Buffer | undefined
  /** What was written since, in order. */
  pending: Pending[]
  size: number
  readonly files: Map<string, Buffer>
}

/** Thrown by everything that a dead tab still does. */
export class Dead extends Error {}

/**
 * A place for models that can die: of what was not flushed then, each block is there or not, and a small file that was being written has
 * any part of its bytes. What goes on afterwards is another area with what was left.
 */
export class LossyArea implements StoreArea {
  readonly kind = 'opfs'
  readonly #models: Map<string, Model>
  #dead = false
  /** A small file that is being written. */
  #putting: { readonly model: Model; readonly name: string; readonly bytes: Buffer } | undefined

  constructor(models: Map<string, Model> = new Map()) {
    this.#models = models
  }

  /** From now on nothing works here. @returns what the next tab finds */
  die(pick: Pick): LossyArea {
    this.#dead = true
    if (this.#putting) {
      const { model, name, bytes } = this.#putting
      const torn = bytes.subarray(0, pick(bytes.length + 1))
      model.files.set(name, torn)
    }
    const left = new Map<string, Model>()
    for (const [id, { data, pending, size, files }] of this.#models) {
      const survived = pending.flatMap((write) => blocksOf(write).filter(() => pick(2) === 0))
      const end = pick(2) === 0 ? size : Math.max(data?.length ?? 0, ...survived.map(endOf))
      left.set(id, {
        data: data && withWrites(data, survived, end),
        pending: [],
        size: data ? end : 0,
        files: new Map(files),
      })
    }
    return new LossyArea(left)
  }

  async ids(): Promise<readonly string[]> {
    this.#check()
    return [...this.#models.keys()]
  }

  async dataSize(id: string): Promise<number | undefined> {
    this.#check()
    const model = this.#models.get(id)
    return model?.data && model.size
  }

  async readData(id: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#content(id).subarray(start, end))
  }

  async data(id: string): Promise<Blob> {
    return new Blob([new Uint8Array(this.#content(id))])
  }

  async openData(id: string): Promise<DataFile> {
    this.#check()
    const model = this.#model(id)
    model.data ??= Buffer.alloc(0)
    const check = (): void => this.#check()
    return {
      get size() {
        return model.size
      },
      async write(bytes, at) {
        check()
        model.pending.push({ at, bytes: Buffer.from(bytes) })
        model.size = Math.max(model.size, at + bytes.length)
      },
      async truncate(size) {
        check()
        settle(model)
        model.data = withWrites(model.data ?? Buffer.alloc(0), [], size)
        model.size = size
      },
      async flush() {
        check()
        settle(model)
      },
      async canGrow() {
        check()
        return true
      },
      async close() {},
    }
  }

  async read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#check()
    const bytes = this.#models.get(id)?.files.get(name)
    return bytes && new Uint8Array(bytes)
  }

  async put(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#check()
    const model = this.#model(id)
    this.#putting = { model, name, bytes: Buffer.from(bytes) }
    // Somebody may die here.
    await new Promise((resolve) => setImmediate(resolve))
    this.#check()
    model.files.set(name, Buffer.from(bytes))
    this.#putting = undefined
  }

  async remove(id: string, name: string): Promise<void> {
    this.#check()
    this.#models.get(id)?.files.delete(name)
  }

  async removeModel(id: string): Promise<void> {
    this.#check()
    this.#models.delete(id)
  }

  #check(): void {
    if (this.#dead) throw new Dead('this tab is dead')
  }

  #content(id: string): Buffer {
    this.#check()
    const model = this.#models.get(id)
    if (!model?.data) throw new DOMException(`no data of ${id}`, 'NotFoundError')
    return withWrites(model.data, model.pending, model.size)
  }

  #model(id: string): Model {
    const model = this.#models.get(id) ?? { data: undefined, pending: [], size: 0, files: new Map<string, Buffer>() }
    this.#models.set(id, model)
    return model
  }
}

function settle(model: Model): void {
  model.data = withWrites(model.data ?? Buffer.alloc(0), model.pending, model.size)
  model.pending = []
}

function withWrites(data: Buffer, writes: readonly Pending[], size: number): Buffer {
  if (writes.length === 0 && size === data.length) return data
  const out = Buffer.alloc(size)
  data.copy(out)
  for (const { at, bytes } of writes) bytes.copy(out, at)
  return out
}

function blocksOf({ at, bytes }: Pending): readonly Pending[] {
  const blocks: Pending[] = []
  for (let start = 0; start < bytes.length; start += blockBytes)
    blocks.push({ at: at + start, bytes: bytes.subarray(start, start + blockBytes) })
  return blocks
}

const endOf = ({ at, bytes }: Pending): number => at + bytes.length
