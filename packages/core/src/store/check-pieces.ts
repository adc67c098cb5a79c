import { crc32c } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { StoredPiece } from './store-types.ts'

interface Begun {
  readonly piece: StoredPiece
  crc: number
}

/** Checks pieces of a file that goes by from its beginning. */
export class PieceChecker {
  readonly #waiting: readonly StoredPiece[]
  #next = 0
  #at = 0
  #begun: Begun[] = []

  constructor(pieces: readonly StoredPiece[]) {
    this.#waiting = pieces.filter(({ bytes }) => bytes > 0).toSorted((a, b) => a.offset - b.offset)
  }

  /**
   * The next bytes of the file.
   * @throws SampanError `file-damaged` at the end of a piece that is not what it should be
   */
  take(bytes: Uint8Array): void {
    const end = this.#at + bytes.length
    for (let piece = this.#waiting[this.#next]; piece && piece.offset < end; piece = this.#waiting[++this.#next])
      this.#begun.push({ piece, crc: 0 })
    for (const begun of this.#begun) {
      const { offset, bytes: length } = begun.piece
      const [from, to] = [Math.max(offset, this.#at), Math.min(offset + length, end)]
      begun.crc = crc32c(bytes.subarray(from - this.#at, to - this.#at), begun.crc)
      if (to === offset + length && begun.crc !== begun.piece.crc) throw damaged(begun.piece)
    }
    this.#begun = this.#begun.filter(({ piece }) => piece.offset + piece.bytes > end)
    this.#at = end
  }
}

function damaged({ offset, bytes }: StoredPiece): SampanError {
  return new SampanError(
    'file-damaged',
    `The file is damaged: ${bytes} bytes at ${offset} are not what they were when it was made. Export it again.`,
    { offset, bytes },
  )
}
