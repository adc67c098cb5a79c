import type { HashPlan, HashState, PieceDigests } from './download-types.ts'
import { PieceHash, type PieceMark } from './piece-hash.ts'
import { Sha1Hash } from './sha1-hash.ts'
import { Sha256Hash } from './sha256-hash.ts'

/** Marks that are kept: the reads that may be under way, and the one before them. */
export const MARKS_KEPT = 16

/** What is to be made of a file's bytes. Structured-cloneable. */
export interface HashTask {
  readonly size: number
  /** Which digest of the whole file, if any. Git's is for files that a hub lists with nothing else. */
  readonly digest?: 'sha256' | 'git-sha1'
  readonly plan?: HashPlan
  /** Where an earlier one was left. */
  readonly from?: HashPosition
}

export interface HashPosition {
  readonly position: number
  readonly file?: HashState
  readonly pieces?: HashState
}

export interface FileDigests {
  /** Of the whole file, if all of it came. */
  readonly sha256?: string
  readonly gitSha1?: string
  readonly pieces?: PieceDigests
}

interface Mark {
  readonly position: number
  readonly file: HashState | undefined
  readonly pieces: PieceMark | undefined
}

/** All that is made of one file's bytes, which come in order. */
export class FileHash {
  readonly #task: HashTask
  readonly #file: Sha256Hash | Sha1Hash | undefined
  readonly #pieces: PieceHash | undefined
  readonly #marks: Mark[] = []
  #position: number

  /** @throws Error when `task.from` is not what such a task exported */
  constructor(task: HashTask) {
    const { size, digest, plan, from } = task
    this.#task = task
    this.#file = digest && (digest === 'sha256' ? new Sha256Hash() : Sha1Hash.ofBlob(size))
    this.#pieces = plan && new PieceHash(plan)
    this.#position = from?.position ?? 0
    if (from) {
      this.#file?.import(from.file ?? '', from.position + (digest === 'sha256' ? 0 : Sha1Hash.headerBytes(size)))
      this.#pieces?.import(from.pieces ?? '', from.position)
    }
    this.mark()
  }

  update(bytes: Uint8Array): void {
    this.#file?.update(bytes)
    this.#pieces?.update(bytes)
    this.#position += bytes.length
  }

  /** `export` can be asked for this position from now on, until `MARKS_KEPT` more were made. */
  mark(): void {
    const position = this.#position
    if (this.#marks.at(-1)?.position === position) return
    this.#marks.push({ position, file: this.#file?.export(), pieces: this.#pieces?.mark() })
    if (this.#marks.length > MARKS_KEPT) this.#marks.shift()
  }

  /** @throws RangeError at a position without a mark */
  export(position: number): HashPosition {
    const mark = this.#marks.find((candidate) => candidate.position === position)
    if (!mark) throw new RangeError(`No mark was made at byte ${position}, or it is too long ago.`)
    const { file, pieces } = mark
    return {
      position,
      ...(file !== undefined && { file }),
      ...(this.#pieces && pieces ? { pieces: this.#pieces.exportAt(pieces) } : {}),
    }
  }

  /** Nothing may be fed afterwards. */
  digests(): FileDigests {
    const whole = this.#position === this.#task.size ? this.#file?.digest() : undefined
    return {
      ...(whole === undefined ? {} : this.#task.digest === 'sha256' ? { sha256: whole } : { gitSha1: whole }),
      ...(this.#pieces ? { pieces: this.#pieces.digests() } : {}),
    }
  }
}
