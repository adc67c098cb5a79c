const BLOCK_BYTES = 64

/** A hash that was exported is JSON of this shape. */
interface StoredState {
  readonly words: readonly number[]
  readonly bytes: number
  /** What came after the last whole block, in hexadecimal digits. */
  readonly rest: string
}

/**
 * A hash of the family of MD4 (FIPS 180-4: blocks of 64 bytes, length at the end) that is fed by and by and can be put away after
 * any byte.
 */
export abstract class BlockHash {
  protected readonly words: Int32Array
  readonly #block = new Uint8Array(BLOCK_BYTES)
  #bytes = 0

  protected constructor(words: readonly number[]) {
    this.words = Int32Array.from(words)
  }

  /** Takes the blocks that lie in `bytes[start, end)`. */
  protected abstract compress(bytes: Uint8Array, start: number, end: number): void

  update(bytes: Uint8Array): this {
    const held = this.#bytes % BLOCK_BYTES
    this.#bytes += bytes.length
    let at = 0
    if (held > 0) {
      at = Math.min(BLOCK_BYTES - held, bytes.length)
      this.#block.set(bytes.subarray(0, at), held)
      if (held + at < BLOCK_BYTES) return this
      this.compress(this.#block, 0, BLOCK_BYTES)
    }
    const whole = at + Math.floor((bytes.length - at) / BLOCK_BYTES) * BLOCK_BYTES
    this.compress(bytes, at, whole)
    this.#block.set(bytes.subarray(whole))
    return this
  }

  /** Lower-case hex. Nothing may be fed afterwards. */
  digest(): string {
    const held = this.#bytes % BLOCK_BYTES
    const end = new Uint8Array(held < BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES)
    end.set(this.#block.subarray(0, held))
    end[held] = 0x80
    new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(this.#bytes) * 8n)
    this.compress(end, 0, end.length)
    return Array.from(this.words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  /** JSON, of about 250 characters at most. */
  export(): string {
    const state: StoredState = {
      words: [...this.words],
      bytes: this.#bytes,
      rest: hexOf(this.#block.subarray(0, this.#bytes % BLOCK_BYTES)),
    }
    return JSON.stringify(state)
  }

  /** @throws Error when `json` was not exported by a hash of the same kind after `bytes` bytes */
  import(json: string, bytes: number): this {
    const state = readState(json)
    if (state?.words.length !== this.words.length || state.bytes !== bytes)
      throw new Error(`This is no state of a hash after ${bytes} bytes.`)
    this.words.set(state.words)
    this.#bytes = bytes
    for (let index = 0; index < state.rest.length / 2; index++)
      this.#block[index] = Number.parseInt(state.rest.slice(2 * index, 2 * index + 2), 16)
    return this
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function readState(json: string): StoredState | undefined {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null || !('words' in value && 'bytes' in value && 'rest' in value)) return
  const { words, bytes, rest } = value
  if (!Array.isArray(words) || !words.every((word) => Number.isInteger(word))) return
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return
  if (typeof rest !== 'string' || rest.length !== 2 * (bytes % BLOCK_BYTES) || !/^[0-9a-f]*$/.test(rest)) return
  return { words, bytes, rest }
}
