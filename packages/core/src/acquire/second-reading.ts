import type { ByteSource } from '@sampan/engine'
import type { HashPlan, PieceDigests } from '../download/download-types.ts'
import { hashMismatch } from '../download/file-errors.ts'
import type { SampanError } from '../errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { plainUrl } from '../hub/source-key.ts'
import { sha256 } from '../sampan/sha256.ts'
import { UrlSource } from '../sources/url-source.ts'
import type { AcquireTools } from './acquire-context.ts'

/** What comes out wrong once may have been damaged on its way. */
const MOST_FETCHES = 2
/** Reads of a few MiB under way lie in no more of them. */
const PIECES_KEPT = 3

export interface SecondReadingOptions {
  readonly size: number
  readonly tools: Pick<AcquireTools, 'network' | 'signal'>
  readonly plan: HashPlan
  /** What the pieces of `plan` were when the file came the first time; waits until all of it has come and is what it should be. */
  readonly digests: () => Promise<PieceDigests>
  readonly onBytes: (bytes: number) => void
  /** A read has begun: in the order in which they will be used. */
  readonly onRead: (end: number) => void
  readonly onDiffers: (error: SampanError) => void
}

interface Piece {
  readonly start: number
  readonly end: number
  readonly digest: string
}

/**
 * A file that has been downloaded and hashed, read again in part: only bytes that are the same as the first time are handed out. What lies
 * in no range of the plan, between tensors, is given as zeros.
 */
export class SecondReading implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #file: RemoteFile
  readonly #options: SecondReadingOptions
  readonly #pieces = new Map<number, Promise<Uint8Array<ArrayBuffer>>>()
  #digests: Promise<PieceDigests> | undefined
  #source: Promise<UrlSource> | undefined

  constructor(file: RemoteFile, options: SecondReadingOptions) {
    this.name = plainUrl(file.url)
    this.size = options.size
    this.#file = file
    this.#options = options
  }

  /** @throws SampanError `hash-mismatch` when the bytes are others than before, twice; what the first reading throws */
  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    this.#options.onRead(end)
    this.#digests ??= this.#options.digests()
    const pieces = piecesBetween(start, end, this.#options.plan, await this.#digests)
    signal?.throwIfAborted()
    const bytes = new Uint8Array(end - start)
    for (const piece of pieces) {
      const content = await this.#piece(piece)
      signal?.throwIfAborted()
      const from = Math.max(start, piece.start)
      bytes.set(content.subarray(from - piece.start, Math.min(end, piece.end) - piece.start), from - start)
    }
    return bytes
  }

  #piece(piece: Piece): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#pieces.get(piece.start)
    if (known) return known
    const fetched = this.#fetch(piece)
    this.#pieces.set(piece.start, fetched)
    for (const start of [...this.#pieces.keys()].slice(0, -PIECES_KEPT)) this.#pieces.delete(start)
    return fetched
  }

  async #fetch({ start, end, digest }: Piece): Promise<Uint8Array<ArrayBuffer>> {
    const { tools, size, onBytes, onDiffers } = this.#options
    const { network, signal } = tools
    // Of what was asked for only: the block that the file begins with is not.
    this.#source ??= UrlSource.open(this.#file.url, { network, signal, size, blockBytes: 1 })
    const source = await this.#source
    for (let attempt = 1; ; attempt++) {
      const bytes = await source.read(start, end, signal)
      onBytes(bytes.length)
      const actual = await sha256(bytes)
      if (actual === digest) return bytes
      if (attempt < MOST_FETCHES) continue
      const error = hashMismatch(this.#file.url, digest, actual)
      onDiffers(error)
      throw error
    }
  }
}

function piecesBetween(start: number, end: number, { ranges, pieceBytes }: HashPlan, digests: PieceDigests): Piece[] {
  return ranges.flatMap((range, index) => {
    const first = Math.max(0, Math.floor((start - range.start) / pieceBytes))
    const last = Math.ceil((Math.min(end, range.end) - range.start) / pieceBytes)
    return (digests[index] ?? []).slice(first, Math.max(first, last)).map((digest, at) => {
      const begin = range.start + (first + at) * pieceBytes
      return { start: begin, end: Math.min(range.end, begin + pieceBytes), digest }
    })
  })
}
