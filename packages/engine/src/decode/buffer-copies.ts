import type { Gpu } from '../device/gpu.ts'

/** A page of a browser shares the GPU: so many bytes are read and written in well under a frame. */
const bytesPerSubmit = 32 * 1024 * 1024

/** Copies from buffer to buffer in few submits, in order. All offsets and sizes are multiples of 4. */
export class BufferCopies {
  readonly #gpu: Gpu
  #encoder: GPUCommandEncoder | undefined
  #bytes = 0

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  copy(source: GPUBuffer, sourceOffset: number, target: GPUBuffer, targetOffset: number, bytes: number): void {
    this.#encoder ??= this.#gpu.device.createCommandEncoder()
    this.#encoder.copyBufferToBuffer(source, sourceOffset, target, targetOffset, bytes)
    this.#bytes += bytes
    if (this.#bytes >= bytesPerSubmit) this.submit()
  }

  /** Nothing where there is nothing to copy. The buffers may be destroyed afterwards: the GPU has its work. */
  submit(): void {
    if (this.#encoder) this.#gpu.submit(this.#encoder, 0)
    this.#encoder = undefined
    this.#bytes = 0
  }
}
