import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import { firstWindowBytes, leastWindowBytes, maximumHeaderBytes, maximumWindowBytes } from './limits.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a header front to back through a sliding window, so that memory holds one window and what was parsed.
 * Call `need(n)` before taking `n` bytes; it returns a promise only when the window has to move.
 */
export class WindowReader {
  readonly source: ByteSource
  readonly #signal: AbortSignal | undefined
  readonly #limit: number
  #bytes = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  /** File offset of the window's first byte. */
  #base = 0
  #cursor = 0
  #expectedEnd = 0

  /** `limit`: bytes that the header may have. */
  constructor(source: ByteSource, signal?: AbortSignal, limit: number = maximumHeaderBytes) {
    this.source = source
    this.#limit = limit
    this.#signal = signal
  }

  /** File offset of the next byte. */
  get position(): number {
    return this.#base + this.#cursor
  }

  need(count: number): Promise<void> | undefined {
    return this.#bytes.byteLength - this.#cursor >= count ? undefined : this.#fill(count)
  }

  /** About so many bytes more will be taken: the next read need be no longer, and no shorter. */
  foresee(count: number): void {
    this.#expectedEnd = this.position + count
  }

  /** Throws unless `count` more bytes can exist: to be called before anything is allocated for them. */
  expect(count: number, what: string): void {
    if (this.position + count > this.source.size)
      throw new EngineError(
        'file-truncated',
        `${this.source.name} ends at byte ${this.source.size}, inside its ${what}: the file is incomplete, download it again.`,
        { name: this.source.name, size: this.source.size, needed: this.position + count },
      )
    if (this.position + count > this.#limit)
      throw new EngineError(
        'file-limit-exceeded',
        `The header of ${this.source.name} is longer than ${this.#limit} bytes (in its ${what})${this.#limit < maximumHeaderBytes ? `, which is what the parts before it leave of ${maximumHeaderBytes}` : ''}: this is no usable model file.`,
        { name: this.source.name, limit: this.#limit },
      )
  }

  async #fill(count: number): Promise<void> {
    this.expect(count, 'header')
    const start = this.position
    const expected = Math.min(Math.max(this.#expectedEnd - start, leastWindowBytes), maximumWindowBytes)
    const end = Math.min(this.source.size, start + Math.max(count, start === 0 ? firstWindowBytes : expected))
    this.#bytes = await this.source.read(start, end, this.#signal)
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength)
    this.#base = start
    this.#cursor = 0
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true)
  }

  float32(): number {
    return this.#view.getFloat32(this.#advance(4), true)
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true)
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true)
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true)
  }

  /** An unsigned 64-bit count or length as a number; past 2^53 it is past every limit, so it reads as infinity. */
  count(): number {
    const at = this.#advance(8)
    const high = this.#view.getUint32(at + 4, true)
    return high < 2 ** 21 ? high * 2 ** 32 + this.#view.getUint32(at, true) : Number.POSITIVE_INFINITY
  }

  /** `count` bytes in a buffer of their own. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    const at = this.#advance(count)
    return this.#bytes.slice(at, at + count)
  }

  text(count: number, what: string): string {
    const at = this.#advance(count)
    try {
      return decoder.decode(this.#bytes.subarray(at, at + count))
    } catch {
      throw new EngineError(
        'file-malformed',
        `${this.source.name} is damaged: ${what} at byte ${this.position - count} is not UTF-8. Download it again or use another file.`,
        { name: this.source.name, offset: this.position - count },
      )
    }
  }

  #advance(count: number): number {
    const at = this.#cursor
    this.#cursor += count
    return at
  }
}
