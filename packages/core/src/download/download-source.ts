import { type ByteSource, EngineError } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { plainUrl } from '../hub/source-key.ts'
import type { Network } from '../network/network.ts'
import { LASTING } from '../network/patience.ts'
import type { HttpOptions } from '../sources/http.ts'
import type { DownloadState, HashPlan } from './download-types.ts'
import { hashMismatch, sourceChanged, stateUnreadable } from './file-errors.ts'
import type { FileDigests, HashPosition, HashTask } from './file-hash.ts'
import { FileStream } from './file-stream.ts'
import { type Hasher, type HashRun, localHasher } from './hasher.ts'
import { RangeClient } from './range-client.ts'

/** How far back a read may begin. */
const MOST_BACKWARD_BYTES = 4 << 20

export interface DownloadOptions {
  readonly network: Network
  readonly signal: AbortSignal
  /** This thread's by default. */
  readonly hasher?: Hasher
  readonly plan?: HashPlan
  /** Where an earlier download was left. */
  readonly from?: DownloadState
  /** The beginning of the file, which was read before: it is not fetched again. */
  readonly firstBytes?: Uint8Array<ArrayBuffer>
  /** All before is kept where it was wanted, so that it need not be fetched again. What has been read, by default. */
  readonly usedTo?: () => number
  /** Bytes that came over the network. */
  readonly onBytes?: (bytes: number) => void
  /** For tests: seeded pauses, short waits. */
  readonly http?: Pick<HttpOptions, 'firstPauseMs' | 'patience' | 'random' | 'stallMs'>
}

/**
 * A file on a server that is read once, forwards, and hashed on the way: reads come in ascending order, several may be under way, what
 * lies between them is fetched and hashed too. A read may begin up to 4 MiB before where the one before it ended.
 */
export class DownloadSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #file: RemoteFile
  readonly #client: RangeClient
  readonly #hash: HashRun
  readonly #stream: FileStream
  readonly #closing: AbortController
  /** Reads are served one after another. */
  #turn: Promise<unknown> = Promise.resolve()
  /** End of the last read that is complete. */
  #completed: number

  private constructor(
    file: RemoteFile,
    client: RangeClient,
    hash: HashRun,
    stream: FileStream,
    closing: AbortController,
  ) {
    this.name = plainUrl(file.url)
    this.size = stream.size
    this.#file = file
    this.#client = client
    this.#hash = hash
    this.#stream = stream
    this.#closing = closing
    this.#completed = stream.position
  }

  /**
   * Asks for nothing where the size is known; nothing is fetched before the first read.
   * @throws SampanError `source-changed` where `from` is of another file; as `read` where the size must be asked for
   */
  static async open(file: RemoteFile, options: DownloadOptions): Promise<DownloadSource> {
    const { network, signal, from, firstBytes, plan, http } = options
    signal.throwIfAborted()
    const stated = file.size ?? from?.size
    const etag = from?.etag ?? file.etag
    const closing = new AbortController()
    const life = AbortSignal.any([signal, closing.signal])
    const requests: HttpOptions = { patience: LASTING, ...http, network, signal: life }
    const client = new RangeClient(file, stated, etag, requests)
    const size = await client.learnSize(life)
    if (from && (from.size !== size || from.position > size || (file.etag && from.etag && file.etag !== from.etag)))
      throw sourceChanged(file.url, { before: { size: from.size, etag: from.etag }, now: { size, etag: file.etag } })
    const task: HashTask = {
      size,
      digest: file.gitSha1 !== undefined && file.sha256 === undefined ? 'git-sha1' : 'sha256',
      ...(plan && { plan }),
      ...(from && { from: readPosition(from) }),
    }
    if (from && from.position > 0 && !isTold(file, from)) throw sourceChanged(file.url, { before: 'unknown' })
    const hash = (options.hasher ?? localHasher()).begin(task)
    await hash.export(task.from?.position ?? 0).catch((error: unknown) => {
      hash.close()
      signal.throwIfAborted()
      throw from && !SampanError.isInstance(error) ? stateUnreadable(file.url, error) : error
    })
    const stream = new FileStream({
      ...{ file, client, hash, task, signal: life, http: requests },
      ...(firstBytes && { firstBytes: firstBytes.subarray(0, size) }),
      usedTo: options.usedTo,
      onBytes: options.onBytes ?? (() => {}),
    })
    return new DownloadSource(file, client, hash, stream, closing)
  }

  /** How far it has come: all before has been hashed. */
  get position(): number {
    return this.#stream.position
  }

  /**
   * @throws SampanError `source-not-found`, `source-forbidden`, `source-unavailable`, `source-changed`, `network-failed`,
   * `range-unsupported`, `not-a-model-file`; EngineError `file-truncated` past the end; RangeError for a read too far back; the signal's
   * reason
   */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (start < 0 || end < start || end > this.size)
      return Promise.reject(
        new EngineError(
          'file-truncated',
          `${this.name} has ${this.size} bytes, but bytes ${start} to ${end} are needed: the file is cut short, download it anew.`,
          { start, end, size: this.size },
        ),
      )
    return this.#after(() => this.#read(start, end, signal))
  }

  /**
   * From where to go on: the end of the last read that is complete, or `position`, if that is where one of the last 16 ended. Bytes
   * before it have been handed out.
   */
  async state(position = this.#completed): Promise<DownloadState> {
    const { file, pieces } = await this.#hash.export(position)
    const { etag } = this.#client
    return {
      ...{ position, size: this.size },
      ...(file !== undefined && { file }),
      ...(pieces !== undefined && { pieces }),
      ...(etag !== undefined && { etag }),
    }
  }

  /**
   * Fetches what has not been read, and compares the whole with what was promised. No reads may follow.
   * @throws SampanError `hash-mismatch`; what `read` throws
   */
  finish(signal: AbortSignal): Promise<FileDigests> {
    return this.#after(async () => {
      await this.#stream.advance(this.size, signal)
      const digests = await this.#hash.digests()
      const { sha256, gitSha1, url } = this.#file
      if (sha256 !== undefined) compare(url, sha256, digests.sha256)
      else if (gitSha1 !== undefined) compare(url, gitSha1, digests.gitSha1)
      return digests
    })
  }

  /** Ends all requests and reads, and frees the memory. */
  close(): void {
    this.#closing.abort(new DOMException('The download was closed.', 'AbortError'))
    this.#stream.clear()
    this.#hash.close()
  }

  #after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  async #read(start: number, end: number, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted()
    const stream = this.#stream
    const bytes = new Uint8Array(end - start)
    const before = Math.min(end, stream.position)
    if (start < before) {
      if (!stream.has(start, end) && start < stream.position - MOST_BACKWARD_BYTES)
        throw new RangeError(`Byte ${start} of ${this.name} is read after byte ${stream.position}: read it in order.`)
      await stream.copy(start, before, bytes, signal)
    }
    if (start > stream.position) await stream.advance(start, signal)
    if (end > stream.position) {
      await stream.advance(end, signal, bytes.subarray(Math.max(0, stream.position - start)))
    }
    this.#hash.mark()
    this.#completed = Math.max(this.#completed, stream.position)
    return bytes
  }
}

/** Whether a change since then would be noticed, in the end at the latest. */
function isTold({ sha256, gitSha1 }: RemoteFile, { etag }: DownloadState): boolean {
  return sha256 !== undefined || gitSha1 !== undefined || etag !== undefined
}

function readPosition({ position, file, pieces }: DownloadState): HashPosition {
  return { position, ...(file !== undefined && { file }), ...(pieces !== undefined && { pieces }) }
}

function compare(url: string, expected: string, actual: string | undefined): void {
  if (expected.toLowerCase() !== actual) throw hashMismatch(url, expected, actual ?? 'none')
}
