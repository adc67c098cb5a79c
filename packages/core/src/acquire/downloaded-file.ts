import type { ByteSource } from '@sampan/engine'
import { DownloadSource } from '../download/download-source.ts'
import type { DownloadState, HashPlan, PieceDigests } from '../download/download-types.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
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
}

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
  #again: Promise<UrlSource> | undefined
  #finished: FinishedFile | undefined
  /** Where the next read goes on. */
  #next: number

  constructor(file: RemoteFile, options: DownloadedFileOptions) {
    const { from, size } = options
    this.name = file.url
    this.size = size
    this.#file = file
    this.#options = options
    this.#finished = from?.kind === 'finished' ? from.file : undefined
    this.#next = from?.kind === 'finished' ? size : (from?.download.position ?? 0)
  }

  /** Bytes of it that have been asked for. */
  get position(): number {
    return this.#next
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const before = Math.min(end, this.#next)
    if (start >= before) {
      this.#next = end
      return (await this.#open()).read(start, end, signal)
    }
    const bytes = new Uint8Array(end - start)
    const sequential = end > before ? this.read(before, end, signal) : undefined
    // Told to whoever waits below.
    sequential?.catch(() => {})
    bytes.set(await this.#readAgain(start, before, signal))
    if (sequential) bytes.set(await sequential, before - start)
    return bytes
  }

  /** All that was read is in it, and perhaps some that is still under way. */
  async state(): Promise<FileState | undefined> {
    if (this.#finished) return { kind: 'finished', file: this.#finished }
    if (!this.#download) return this.#options.from
    return { kind: 'reading', download: await (await this.#download).state() }
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

  #open(): Promise<DownloadSource> {
    const { tools, plan, head, from, onBytes } = this.#options
    const { network, hasher, signal } = tools
    const download =
      this.#download ??
      DownloadSource.open(
        { ...this.#file, size: this.size },
        {
          ...{ network, hasher, signal, plan, firstBytes: head, onBytes },
          ...(from?.kind === 'reading' && { from: from.download }),
        },
      )
    this.#download = download
    return download
  }

  async #readAgain(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { head, tools, onBytes } = this.#options
    if (end <= head.length) return head.slice(start, end)
    this.#again ??= UrlSource.open(this.#file.url, { network: tools.network, signal: tools.signal, size: this.size })
    const bytes = await (await this.#again).read(start, end, signal)
    onBytes(bytes.length)
    return bytes
  }
}
