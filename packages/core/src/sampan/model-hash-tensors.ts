import type { ByteSource, TensorInfo } from '@sampan/engine'
import { sha256 } from './sha256.ts'

/** Part of what a hash means: another size gives other hashes. */
export const HASH_PIECE_BYTES = 4 << 20

/** Digests under way, each with a copy of its piece: a bound on memory. */
const MOST_PENDING = 4

/** The tensor whose bytes are coming. */
interface OpenTensor {
  readonly tensor: TensorInfo
  readonly digests: Promise<string>[]
  /** Bytes that have come. */
  taken: number
}

/** Digests of the tensors of one file, a piece at a time, from its bytes as they come by. */
export class TensorDigests {
  readonly #source: ByteSource
  /** By place in the file. They share no byte. */
  readonly #tensors: readonly TensorInfo[]
  readonly #complete = new Map<TensorInfo, Promise<string>[]>()
  readonly #pending = new Set<Promise<unknown>>()
  #open: OpenTensor | undefined
  /** Made over and over: the same memory as long as there is more to come. */
  #piece: Uint8Array<ArrayBuffer> | undefined

  constructor(source: ByteSource, tensors: readonly TensorInfo[]) {
    this.#source = source
    this.#tensors = tensors.filter(({ byteLength }) => byteLength > 0).toSorted((a, b) => a.start - b.start)
  }

  /** Bytes of the file from `start` on. A tensor is followed from its beginning; one that has gaps is left to `read`. */
  async take(start: number, bytes: Uint8Array): Promise<void> {
    const end = start + bytes.length
    for (let index = this.#firstEndingAfter(start); index < this.#tensors.length; index++) {
      const tensor = this.#tensors[index]
      if (!tensor || tensor.start >= end) return
      if (this.#complete.has(tensor)) continue
      const from = tensor.start + (this.#open?.tensor === tensor ? this.#open.taken : 0)
      const until = Math.min(end, tensor.start + tensor.byteLength)
      if (start <= from && from < until) await this.#feed(tensor, bytes.subarray(from - start, until - start))
    }
  }

  /** Reads what has not come by. */
  async read(signal: AbortSignal): Promise<void> {
    for (const tensor of this.#tensors) {
      const end = tensor.start + tensor.byteLength
      while (!this.#complete.has(tensor)) {
        const start = tensor.start + (this.#open?.tensor === tensor ? this.#open.taken : 0)
        await this.take(start, await this.#source.read(start, Math.min(end, start + HASH_PIECE_BYTES), signal))
      }
    }
  }

  /** Of the pieces of a tensor that is complete; of one without bytes there are none. */
  digests(tensor: TensorInfo): Promise<string[]> {
    return Promise.all(this.#complete.get(tensor) ?? [])
  }

  async #feed(tensor: TensorInfo, bytes: Uint8Array): Promise<void> {
    const open = this.#open?.tensor === tensor ? this.#open : { tensor, digests: [], taken: 0 }
    this.#open = open
    for (let at = 0; at < bytes.length; ) {
      const filled = open.taken % HASH_PIECE_BYTES
      const part = bytes.subarray(at, at + HASH_PIECE_BYTES - filled)
      const piece = this.#piece ?? new Uint8Array(HASH_PIECE_BYTES)
      this.#piece = piece
      piece.set(part, filled)
      open.taken += part.length
      at += part.length
      const isLast = open.taken === tensor.byteLength
      if (isLast || open.taken % HASH_PIECE_BYTES === 0)
        open.digests.push(this.#digest(piece.subarray(0, filled + part.length)))
      if (isLast) {
        this.#complete.set(tensor, open.digests)
        this.#open = undefined
        if (this.#complete.size === this.#tensors.length) this.#piece = undefined
      }
      while (this.#pending.size >= MOST_PENDING) await Promise.race(this.#pending)
    }
  }

  #digest(piece: Uint8Array<ArrayBuffer>): Promise<string> {
    const digest = sha256(piece)
    // What fails is told to those who ask for the digests.
    const settled: Promise<unknown> = digest.catch(() => {}).finally(() => this.#pending.delete(settled))
    this.#pending.add(settled)
    return digest
  }

  #firstEndingAfter(start: number): number {
    let [low, high] = [0, this.#tensors.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const tensor = this.#tensors[middle]
      if (tensor && tensor.start + tensor.byteLength > start) high = middle
      else low = middle + 1
    }
    return low
  }
}
