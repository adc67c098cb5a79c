import type { HashPlan, HashState, PieceDigests } from './download-types.ts'
import { Sha256Hash } from './sha256-hash.ts'

const DIGEST_DIGITS = 64

/** Where a `PieceHash` stood: enough to export it later, as what was there is only added to. */
export interface PieceMark {
  readonly complete: number
  readonly partial: string | undefined
}

/** The digests of a plan's pieces, from a file's bytes in order. */
export class PieceHash {
  readonly #plan: HashPlan
  /** Of all ranges, one after another. */
  readonly #complete: string[] = []
  #position = 0
  #range = 0
  #piece: Sha256Hash | undefined

  constructor(plan: HashPlan) {
    this.#plan = plan
    let last = 0
    for (const { start, end } of plan.ranges) {
      if (start < last || end < start) throw new RangeError('The ranges of a hash plan are in order and share no byte.')
      last = end
    }
    this.#skipDone()
  }

  update(bytes: Uint8Array): void {
    const first = this.#position
    const end = first + bytes.length
    for (;;) {
      const piece = this.#current()
      if (piece === undefined || piece.start >= end) break
      const from = Math.max(this.#position, piece.start)
      const until = Math.min(end, piece.end)
      this.#piece ??= new Sha256Hash()
      this.#piece.update(bytes.subarray(from - first, until - first))
      this.#position = until
      if (until < piece.end) break
      this.#complete.push(this.#piece.digest())
      this.#piece = undefined
      this.#skipDone()
    }
    this.#position = end
  }

  mark(): PieceMark {
    return { complete: this.#complete.length, partial: this.#piece?.export() }
  }

  exportAt({ complete, partial }: PieceMark): HashState {
    return JSON.stringify({ digests: this.#complete.slice(0, complete).join(''), partial })
  }

  /** @throws Error when `json` is not the state of such a plan after `position` bytes */
  import(json: HashState, position: number): this {
    const state: unknown = JSON.parse(json)
    if (typeof state !== 'object' || state === null || !('digests' in state) || typeof state.digests !== 'string')
      throw new Error('This is no state of a hash of pieces.')
    const { complete, begun } = this.#doneBefore(position)
    if (state.digests.length !== complete * DIGEST_DIGITS || /[^0-9a-f]/.test(state.digests))
      throw new Error('These are not the digests of the pieces before this byte.')
    for (let index = 0; index < complete; index++)
      this.#complete.push(state.digests.slice(index * DIGEST_DIGITS, (index + 1) * DIGEST_DIGITS))
    if (begun > 0) {
      const partial = 'partial' in state && typeof state.partial === 'string' ? state.partial : ''
      this.#piece = new Sha256Hash().import(partial, begun)
    }
    this.#position = position
    this.#skipDone()
    return this
  }

  /** Of the pieces that are complete. */
  digests(): PieceDigests {
    let at = 0
    return this.#plan.ranges.map(({ start, end }) => {
      const count = Math.ceil((end - start) / this.#plan.pieceBytes)
      at += count
      return this.#complete.slice(at - count, at)
    })
  }

  /** The piece that the byte at `#position` is in, or the next one. */
  #current(): { readonly start: number; readonly end: number } | undefined {
    const range = this.#plan.ranges[this.#range]
    if (range === undefined) return
    const { pieceBytes } = this.#plan
    const done = Math.floor(Math.max(0, this.#position - range.start) / pieceBytes)
    const start = range.start + done * pieceBytes
    return { start, end: Math.min(range.end, start + pieceBytes) }
  }

  #skipDone(): void {
    for (;;) {
      const range = this.#plan.ranges[this.#range]
      if (range === undefined || (range.end > range.start && range.end > this.#position)) return
      this.#range++
    }
  }

  #doneBefore(position: number): { readonly complete: number; readonly begun: number } {
    const { pieceBytes, ranges } = this.#plan
    let complete = 0
    for (const { start, end } of ranges) {
      if (position <= start) break
      if (position < end)
        return {
          complete: complete + Math.floor((position - start) / pieceBytes),
          begun: (position - start) % pieceBytes,
        }
      complete += Math.ceil((end - start) / pieceBytes)
    }
    return { complete, begun: 0 }
  }
}
