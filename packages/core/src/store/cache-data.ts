import type { DataFile } from './store-area.ts'

/** Longest piece, in bytes: what is held in memory before it is put away. */
export const PIECE_BYTES = 16 << 20

const PIECE = /\/data\/(\d+)-(\d+)$/

/** A part of the data, as one response. */
interface Piece {
  readonly url: string
  readonly offset: number
  readonly bytes: number
}

function pieceAt(offset: number, bytes: number): Piece {
  return { url: `https://models.sampan.invalid/data/${offset}-${bytes}`, offset, bytes }
}

/** Without gaps, from the beginning; pieces after a gap are of no use. */
export async function readPieces(cache: Cache): Promise<Piece[]> {
  const all = (await cache.keys()).flatMap(({ url }) => {
    const [, offset, bytes] = PIECE.exec(url) ?? []
    return offset === undefined || bytes === undefined ? [] : [pieceAt(Number(offset), Number(bytes))]
  })
  const pieces: Piece[] = []
  let end = 0
  // Of two at one place the longer: the other was to replace it when the tab died.
  for (const piece of all.toSorted((a, b) => a.offset - b.offset || b.bytes - a.bytes)) {
    if (piece.offset > end) break
    if (piece.offset < end) continue
    pieces.push(piece)
    end += piece.bytes
  }
  return pieces
}

/** A flush makes a piece of what there is, however short: none is written a second time but to change it. */
export class CacheData implements DataFile {
  size: number
  readonly #cache: Cache
  readonly #pieces: Piece[]
  /** Of the end, not yet put away. */
  #tail: Uint8Array<ArrayBuffer>[] = []
  #tailBytes = 0

  static async open(cache: Cache): Promise<CacheData> {
    return new CacheData(cache, await readPieces(cache))
  }

  private constructor(cache: Cache, pieces: Piece[]) {
    this.#cache = cache
    this.#pieces = pieces
    this.size = this.#putAway
  }

  async write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    if (at < this.size) return this.#change(bytes.slice(), at)
    if (at > this.size) this.#push(new Uint8Array(at - this.size))
    this.#push(bytes.slice())
    if (this.#tailBytes >= PIECE_BYTES) await this.flush()
  }

  async truncate(size: number): Promise<void> {
    if (size > this.#putAway) await this.flush()
    this.#tail = []
    this.#tailBytes = 0
    // From the end, so that what is left has no gaps whenever this is cut.
    for (let last = this.#pieces.at(-1); last && last.offset + last.bytes > size; last = this.#pieces.at(-1)) {
      if (last.offset < size) {
        const kept = pieceAt(last.offset, size - last.offset)
        await this.#cache.put(kept.url, new Response((await this.#read(last)).slice(0, kept.bytes)))
        this.#pieces.splice(-1, 1, kept)
      } else this.#pieces.pop()
      await this.#cache.delete(last.url)
    }
    this.size = this.#putAway
  }

  async canGrow(): Promise<boolean> {
    return true
  }

  async flush(): Promise<void> {
    while (this.#tailBytes > 0) {
      const tail = new Blob(this.#tail)
      const piece = pieceAt(this.#putAway, Math.min(tail.size, PIECE_BYTES))
      await this.#cache.put(piece.url, new Response(tail.slice(0, piece.bytes)))
      this.#pieces.push(piece)
      const rest = new Uint8Array(await tail.slice(piece.bytes).arrayBuffer())
      this.#tail = rest.length > 0 ? [rest] : []
      this.#tailBytes = rest.length
    }
  }

  async close(): Promise<void> {
    await this.flush()
  }

  get #putAway(): number {
    const last = this.#pieces.at(-1)
    return last ? last.offset + last.bytes : 0
  }

  #push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#tail.push(bytes)
    this.#tailBytes += bytes.length
    this.size += bytes.length
  }

  async #change(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void> {
    await this.flush()
    for (const piece of this.#pieces) {
      const [start, end] = [Math.max(at, piece.offset), Math.min(at + bytes.length, piece.offset + piece.bytes)]
      if (start >= end) continue
      const content = await this.#read(piece)
      content.set(bytes.subarray(start - at, end - at), start - piece.offset)
      await this.#cache.put(piece.url, new Response(content))
    }
    const beyond = at + bytes.length - this.size
    if (beyond > 0) this.#push(bytes.slice(bytes.length - beyond))
  }

  async #read({ url }: Piece): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#cache.match(url)
    if (!response) throw new DOMException('a piece is gone', 'NotFoundError')
    return new Uint8Array(await response.arrayBuffer())
  }
}
