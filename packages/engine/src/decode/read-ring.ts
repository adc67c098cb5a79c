import { bufferUsage } from '../device/buffer-usage.ts'
import type { Gpu } from '../device/gpu.ts'

interface Slot {
  readonly buffer: GPUBuffer
  pending: Promise<Uint32Array> | undefined
}

/** Reads the same small buffers again and again without waiting for each reading: copies go round a ring of mapped buffers. */
export class ReadRing {
  readonly #gpu: Gpu
  readonly #sources: readonly GPUBuffer[]
  readonly #slots: readonly Slot[]
  #next = 0

  /** A reading is the words of all `sources`, one after the other. */
  constructor(gpu: Gpu, sources: readonly GPUBuffer[], slots: number) {
    this.#gpu = gpu
    this.#sources = sources
    const usage = bufferUsage.mapRead | bufferUsage.copyDestination
    const size = sources.reduce((sum, source) => sum + source.size, 0)
    this.#slots = Array.from({ length: slots }, () => ({
      buffer: gpu.createBuffer('staging', { label: 'ring', size, usage }),
      pending: undefined,
    }))
  }

  get size(): number {
    return this.#slots.length
  }

  /** Encodes the copies, lets `submit` submit them, and gives the words as they were after the work before the copies. */
  read(encoder: GPUCommandEncoder, submit: () => void): Promise<Uint32Array> {
    const slot = this.#slots[this.#next % this.#slots.length]
    if (!slot || slot.pending) throw new Error('the ring is full: await its oldest reading first')
    this.#next += 1
    const { buffer } = slot
    let offset = 0
    for (const source of this.#sources) {
      encoder.copyBufferToBuffer(source, 0, buffer, offset, source.size)
      offset += source.size
    }
    submit()
    const pending = this.#gpu
      .read(buffer, buffer.size, (bytes) => new Uint32Array(bytes.slice(0)))
      .finally(() => {
        slot.pending = undefined
      })
    slot.pending = pending
    return pending
  }
}
