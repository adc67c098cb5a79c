import { bufferUsage } from '../device/buffer-usage.ts'
import type { Gpu } from '../device/gpu.ts'

interface Slot {
  readonly buffer: GPUBuffer
  pending: Promise<Uint32Array> | undefined
}

/** Reads one small buffer again and again without waiting for each reading: copies go round a ring of mapped buffers. */
export class ReadRing {
  readonly #gpu: Gpu
  readonly #source: GPUBuffer
  readonly #slots: readonly Slot[]
  #next = 0

  constructor(gpu: Gpu, source: GPUBuffer, slots: number) {
    this.#gpu = gpu
    this.#source = source
    const usage = bufferUsage.mapRead | bufferUsage.copyDestination
    this.#slots = Array.from({ length: slots }, () => ({
      buffer: gpu.createBuffer('staging', { label: 'ring', size: source.size, usage }),
      pending: undefined,
    }))
  }

  get size(): number {
    return this.#slots.length
  }

  /** Encodes the copy, lets `submit` submit it, and gives the words as they were after the work before the copy. */
  read(encoder: GPUCommandEncoder, submit: () => void): Promise<Uint32Array> {
    const slot = this.#slots[this.#next % this.#slots.length]
    if (!slot || slot.pending) throw new Error('the ring is full: await its oldest reading first')
    this.#next += 1
    const { buffer } = slot
    encoder.copyBufferToBuffer(this.#source, 0, buffer, 0, buffer.size)
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
