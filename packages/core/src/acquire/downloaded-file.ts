import type { ByteSource } from '@sampan/engine'
import { DownloadSource } from '../download/download-source.ts'
import type { DownloadState, HashPlan, PieceDigests } from '../download/download-types.ts'
import { stateUnreadable } from '../download/file-errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { plainUrl } from '../hub/source-key.ts'
import { untilAborted } from '../until-aborted.ts'
import type { AcquireTools } from './acquire-context.ts'

/** What a file turned out to be, all of it: plain JSON. */
export interface FinishedFile {
  readonly sha256?: string
  readonly gitSha1?: string
  readonly pieces?: PieceDigests
}

/** How far a file has come: plain JSON. */
export type FileState =
  | { readonly kind: 'reading'; readonly download: DownloadState }
  | { readonly kind: 'finished'; readonly file: FinishedFile }

export interface DownloadedFileOptions {
  readonly tools: AcquireTools
  readonly size: number
  readonly plan: HashPlan
  /** The beginning, which was read before. */
  readonly head: Blob
  readonly from?: FileState | undefined
  /** Bytes that came over the network. */
  readonly onBytes: (bytes: number) => void
  /** A read has begun: in the order in which they will be used. */
  readonly onRead: (end: number) => void
  /** What is to happen before the first byte is read. */
  readonly before: () => Promise<void>
}

/** Places where a read ended that are known to the download for as long (`MARKS_KEPT`), whatever is under way. */
const ENDS_KEPT = 8

/**
 * A file of a model on a server that is read once, forwards, and hashed on the way. What must be read a second time is read by
 * `SecondReading`, once the file is finished.
 */
export class DownloadedFile implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #file: RemoteFile
  readonly #options: DownloadedFileOptions
  #download: Promise<DownloadSource> | undefined
  #source: DownloadSource | undefined
  #finishing: Promise<FinishedFile> | undefined
  #finished: FinishedFile | undefined
  #ready: Promise<void> | undefined
  /** Reads reach the download in the order in which they were made, and before its end does. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Where the next read goes on. */
  #next: number
  #used: number
  /** Of the last reads, each further than those before. */
  readonly #ends: number[]

  constructor(file: RemoteFile, options: DownloadedFileOptions) {
    const { from, size } = options
    this.name = plainUrl(file.url)
    this.size = size
    this.#file = file
    this.#options = options
    this.#finished = from?.kind === 'finished' ? from.file : undefined
    this.#next = from?.kind === 'finished' ? size : (from?.download.position ?? 0)
    this.#used = this.#next
    this.#ends = [this.#next]
  }

  /** Bytes of it that have been used. */
  get used(): number {
    return this.#used
  }

  /** Bytes of it that have come, in order. */
  get position(): number {
    return this.#finished ? this.size : Math.max(this.#used, this.#source?.position ?? 0)
  }

  /** All before `end` is where it should be. */
  use(end: number): void {
    this.#used = Math.max(this.#used, end)
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { onRead, before } = this.#options
    if (start < this.#next) throw stateUnreadable(this.#file.url, new RangeError(`byte ${start} is read twice`))
    onRead(end)
    this.#next = end
    this.#ends.push(end)
    if (this.#ends.length > ENDS_KEPT) this.#ends.shift()
    this.#ready ??= before()
    const ready = this.#ready
    const opened = this.#turn.then(() => untilAborted(ready, signal)).then(() => this.#open())
    // Its failure is told to all who wait for it.
    this.#turn = opened.catch(() => {})
    return (await opened).read(start, end, signal)
  }

  /** Whether somebody has promised what it is. */
  get isPromised(): boolean {
    return this.#file.sha256 !== undefined || this.#file.gitSha1 !== undefined
  }

  /** What it is, if all of it has come. */
  get finished(): FinishedFile | undefined {
    return this.#finished
  }

  /** `state` can tell from where what has been used need not be read again: the end of a read that was made. */
  get isSettled(): boolean {
    return !this.#download || this.#ends.includes(this.#used)
  }

  /** From where what has been used need not be read again. To be asked where it `isSettled`. */
  async state(): Promise<FileState | undefined> {
    // All of it may have come and be proven while its last reads are still to be used.
    if (this.#finished && this.#used >= this.#next) return { kind: 'finished', file: this.#finished }
    if (!this.#download) return this.#options.from
    const position = this.#ends.find((end) => end === this.#used)
    return { kind: 'reading', download: await (await this.#download).state(position) }
  }

  /**
   * Reads what remains and compares the whole with what was promised.
   * @throws SampanError `hash-mismatch`
   */
  finish(signal: AbortSignal): Promise<FinishedFile> {
    if (this.#finished) return Promise.resolve(this.#finished)
    this.#finishing ??= this.#finish(signal)
    return this.#finishing
  }

  async close(): Promise<void> {
    const download = await this.#download?.catch(() => undefined)
    await download?.close()
  }

  async #finish(signal: AbortSignal): Promise<FinishedFile> {
    await this.#turn
    this.#finished = await (await this.#open()).finish(signal)
    return this.#finished
  }

  #open(): Promise<DownloadSource> {
    const { tools, plan, head, from, onBytes } = this.#options
    const { network, hasher, signal } = tools
    const download =
      this.#download ??
      bytesOf(head).then((firstBytes) =>
        DownloadSource.open(
          { ...this.#file, size: this.size },
          {
            ...{ network, hasher, signal, plan, firstBytes, onBytes },
            usedTo: () => this.#used,
            ...(from?.kind === 'reading' && { from: from.download }),
          },
        ),
      )
    this.#download = download
    return download.then((source) => {
      this.#source = source
      return source
    })
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer())
}
