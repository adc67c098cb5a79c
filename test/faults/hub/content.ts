import { createHash } from 'node:crypto'

/** A file whose bytes are made while they are sent. */
export interface MadeContent {
  readonly size: number
  /** Lower-case hex. Worked out from all the bytes where it is not given. */
  readonly sha256?: string
  read(start: number, end: number): Buffer
}

export type FileContent = Buffer | string | (() => Buffer | string) | MadeContent

/** A content with the names that a hub has for it. Digests are worked out when they are first asked for. */
export class StoredContent {
  readonly #content: MadeContent
  #sha256: string | undefined
  #blobId: string | undefined

  constructor(content: FileContent) {
    this.#content = toMade(content)
  }

  get size(): number {
    return this.#content.size
  }

  read(start: number, end: number): Buffer {
    return this.#content.read(start, Math.min(end, this.size))
  }

  get sha256(): string {
    this.#sha256 ??= this.#content.sha256 ?? this.#hash('sha256', '')
    return this.#sha256
  }

  /** Of git, were the content itself in the repository. */
  get blobId(): string {
    this.#blobId ??= this.#hash('sha1', `blob ${this.size}\0`)
    return this.#blobId
  }

  /** What git has in place of a large file. */
  get pointer(): StoredContent {
    return new StoredContent(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${this.sha256}\nsize ${this.size}\n`,
    )
  }

  /** Names the content in the hub's own storage; nobody else can work it out. */
  get xetHash(): string {
    return createHash('sha256').update(`xet ${this.sha256}`).digest('hex')
  }

  #hash(algorithm: string, prefix: string): string {
    const hash = createHash(algorithm).update(prefix)
    const piece = 1 << 22
    for (let at = 0; at < this.size; at += piece) hash.update(this.read(at, at + piece))
    return hash.digest('hex')
  }
}

function toMade(content: FileContent): MadeContent {
  const value = typeof content === 'function' ? content() : content
  if (typeof value === 'object' && !Buffer.isBuffer(value)) return value
  const bytes = Buffer.from(value)
  return { size: bytes.length, read: (start, end) => bytes.subarray(start, end) }
}
