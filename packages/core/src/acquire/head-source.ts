import type { ByteSource } from '@sampan/engine'

/** Longest beginning of a file that is kept: headers with a tokenizer in them have some 10 MB. */
const MAX_HEAD_BYTES = 128 << 20

/** A file whose beginning is kept as it is read, so that what a parser has read need not be fetched again. */
export class HeadSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #source: ByteSource & { release?(): void }
  readonly #parts: Uint8Array<ArrayBuffer>[] = []
  #length = 0

  constructor(source: ByteSource & { release?(): void }) {
    this.name = source.name
    this.size = source.size
    this.#source = source
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#source.read(start, end, signal)
    if (start <= this.#length && end > this.#length && end <= MAX_HEAD_BYTES) {
      this.#parts.push(bytes.slice(this.#length - start))
      this.#length = end
    }
    return bytes
  }

  /** Forgets the beginning: nothing of it is kept from now on. */
  release(): void {
    this.#parts.length = 0
    this.#length = Number.POSITIVE_INFINITY
    this.#source.release?.()
  }

  /** The first `length` bytes, read now as far as they have not been before. */
  async head(length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#length < length) await this.read(this.#length, length, signal)
    const head = new Uint8Array(length)
    let at = 0
    for (const part of this.#parts) {
      if (at >= length) break
      head.set(part.subarray(0, length - at), at)
      at += part.length
    }
    if (at < length) head.set(await this.#source.read(at, length, signal), at)
    return head
  }
}
