import type { LedgerSnapshot } from '../engine-types.ts'

export type BufferClass = Exclude<keyof LedgerSnapshot, 'total'>

/** Every GPU buffer of an engine, by class. `create` is the only way the engine allocates; `release` the only way it frees. */
export class Ledger {
  readonly #buffers = new Map<GPUBuffer, BufferClass>()
  readonly #bytes: Record<BufferClass, number> = { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0 }

  add(kind: BufferClass, buffer: GPUBuffer): GPUBuffer {
    this.#buffers.set(buffer, kind)
    this.#bytes[kind] += buffer.size
    return buffer
  }

  release(buffer: GPUBuffer): void {
    const kind = this.#buffers.get(buffer)
    if (kind === undefined) return
    this.#buffers.delete(buffer)
    this.#bytes[kind] -= buffer.size
    buffer.destroy()
  }

  releaseAll(): void {
    for (const buffer of [...this.#buffers.keys()]) this.release(buffer)
  }

  snapshot(): LedgerSnapshot {
    const bytes = { ...this.#bytes }
    return { ...bytes, total: Object.values(bytes).reduce((sum, value) => sum + value, 0) }
  }
}
