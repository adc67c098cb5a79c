const BLOCK_BYTES = 1 << 20

/** A stretch of a file that moves on, in blocks that are made when bytes come and used again when they have gone. */
export class ByteWindow {
  readonly #blocks = new Map<number, Uint8Array<ArrayBuffer>>()
  readonly #free: Uint8Array<ArrayBuffer>[] = []

  write(position: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const index = Math.floor((position + at) / BLOCK_BYTES)
      const offset = (position + at) % BLOCK_BYTES
      const part = bytes.subarray(at, at + BLOCK_BYTES - offset)
      const block = this.#blocks.get(index) ?? this.#free.pop() ?? new Uint8Array(BLOCK_BYTES)
      this.#blocks.set(index, block)
      block.set(part, offset)
      at += part.length
    }
  }

  /** Bytes from `start` on that were written, up to `end` or the end of their block; not a copy. */
  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    const index = Math.floor(start / BLOCK_BYTES)
    const block = this.#blocks.get(index)
    if (!block) throw new RangeError(`Byte ${start} is not in the window.`)
    return block.subarray(start - index * BLOCK_BYTES, Math.min(end - index * BLOCK_BYTES, BLOCK_BYTES))
  }

  /** What lies before is not wanted any more. */
  release(before: number): void {
    for (const [index, block] of this.#blocks) {
      if ((index + 1) * BLOCK_BYTES > before) continue
      this.#blocks.delete(index)
      if (this.#free.length < 2) this.#free.push(block)
    }
  }

  clear(): void {
    this.#blocks.clear()
    this.#free.length = 0
  }
}
