import type { ByteSource } from '@sampan/engine'
import { DownloadSource } from '../download/download-source.ts'
import type { DownloadState, HashPlan, PieceDigests } from '../download/download-types.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { plainUrl } from '../hub/source-key.ts'
import { UrlSource } from '../sources/url-source.ts'
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
  readonly head: Uint8Array<ArrayBuffer>
  readonly from?: FileState | undefined
  /** Bytes that came over the network. */
  readonly onBytes: (bytes: number) => void
  /** A read has begun: in the order in which they will be used. */
  readonly onRead: (end: number) => void
}

/** Places where a read ended that are known to the download for as long (`MARKS_KEPT`), whatever is under way. */
const ENDS_KEPT = 8

/**
 * A file of a model on a server that is read once, forwards, and hashed on the way. What lies before, because an earlier download
 * was cut after it, or must be read a second time, is fetched by itself.
 */
export class DownloadedFile implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #file: RemoteFile
  readonly #options: DownloadedFileOptions
  #download: Promise<DownloadSource> | undefined
  #source: DownloadSource | undefined
  #again: Promise<UrlSource> | undefined
  #finished: FinishedFile | undefined
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

  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    this.#options.onRead(end)
    return this.#read(start, end, signal)
  }

  /** `state` can tell from where what has been used need not be read again: the end of a read that was made once, forwards. */
  get isSettled(): boolean {
    return this.#finished !== undefined || !this.#download || this.#ends.includes(this.#used)
  }

  /** From where what has been used need not be read again. To be asked where it `isSettled`. */
  async state(): Promise<FileState | undefined> {
    if (this.#finished) return { kind: 'finished', file: this.#finished }
    if (!this.#download) return this.#options.from
    const position = this.#ends.find((end) => end === this.#used)
    return { kind: 'reading', download: await (await this.#download).state(position) }
  }

  /**
   * Reads what remains and compares the whole with what was promised.
   * @throws SampanError `hash-mismatch`
   */
  async finish(signal: AbortSignal): Promise<FinishedFile> {
    const finished = this.#finished ?? (await (await this.#open()).finish(signal))
    this.#finished = finished
    await this.close()
    return finished
  }

  async close(): Promise<void> {
    const download = await this.#download?.catch(() => undefined)
    await download?.close()
  }

  async #read(start: number, end: number, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const before = Math.min(end, this.#next)
    if (start >= before) {
      this.#next = end
      this.#ends.push(end)
      if (this.#ends.length > ENDS_KEPT) this.#ends.shift()
      return (await this.#open()).read(start, end, signal)
    }
    const bytes = new Uint8Array(end - start)
    const sequential = end > before ? this.#read(before, end, signal) : undefined
    // Told to whoever waits below.
    sequential?.catch(() => {})
    bytes.set(await this.#readAgain(start, before, signal))
    if (sequential) bytes.set(await sequential, before - start)
    return bytes
  }

  #open(): Promise<DownloadSource> {
    const { tools, plan, head, from, onBytes } = this.#options
    const { network, hasher, signal } = tools
    const download =
      this.#download ??
      DownloadSource.open(
        { ...this.#file, size: this.size },
        {
          ...{ network, hasher, signal, plan, firstBytes: head, onBytes },
          usedTo: () => this.#used,
          ...(from?.kind === 'reading' && { from: from.download }),
        },
      )
    this.#download = download
    return download.then((source) => {
      this.#source = source
      return source
    })
  }

  async #readAgain(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { head, tools, onBytes } = this.#options
    if (end <= head.length) return head.slice(start, end)
    // Of what was asked for only: the block that it begins with is not.
    const own = { network: tools.network, signal: tools.signal, size: this.size, blockBytes: 1 }
    this.#again ??= UrlSource.open(this.#file.url, own)
    const bytes = await (await this.#again).read(start, end, signal)
    onBytes(bytes.length)
    return bytes
  }
}
