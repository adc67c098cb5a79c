import { type ByteSource, EngineError } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { plainUrl } from '../hub/source-key.ts'
import { type Connection, type HttpOptions, statusError, TransientFailure, withRetries } from './http.ts'

/** Small reads are served from a block of this size; the first one holds all of a header but a tokenizer, whose reader knows how much that is. */
export const URL_BLOCK_BYTES = 256 << 10
/** What is kept of the beginning at most: no header is longer. */
const HEAD_BYTES = 16 << 20
/** Longer reads are no header's. */
const HEADER_READ_BYTES = 4 << 20

export interface UrlSourceOptions extends HttpOptions {
  /** Instead of that: for those who may read headers only. */
  readonly blockBytes?: number
  /**
   * As a hub lists it: a file of another size is `source-changed`. Needed where CORS hides `Content-Range`, as on ModelScope; then
   * `Content-Length` must be what was asked for.
   */
  readonly size?: number | undefined
}

interface FileIdentity {
  readonly size: number
  /** Undefined where the server sends none or CORS hides it. */
  readonly etag: string | undefined
}

/**
 * A file behind HTTP, read in ranges. A read that is cut goes on where it broke off; a file that changes between reads is
 * noticed by its size and ETag.
 */
export class UrlSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #url: string
  readonly #identity: FileIdentity
  readonly #options: UrlSourceOptions
  #block: { readonly start: number; readonly bytes: Uint8Array<ArrayBuffer> }

  private constructor(url: string, identity: FileIdentity, head: Uint8Array<ArrayBuffer>, options: UrlSourceOptions) {
    this.name = options.name ?? plainUrl(url)
    this.#url = url
    this.size = identity.size
    this.#identity = identity
    this.#block = { start: 0, bytes: head }
    this.#options = options
  }

  /**
   * Asks for the first block, which tells the size.
   * @throws SampanError `source-not-found`, `source-forbidden`, `source-unavailable`, `network-failed`, `range-unsupported`
   */
  static async open(url: string, options: UrlSourceOptions = {}): Promise<UrlSource> {
    const { size, blockBytes = URL_BLOCK_BYTES } = options
    const named = { ...options, name: options.name ?? plainUrl(url) }
    if (size === 0) throw empty(named.name)
    const known = size === undefined ? undefined : { size, etag: undefined }
    const { identity, bytes } = await readRange(url, 0, Math.min(blockBytes, size ?? blockBytes), known, named)
    return new UrlSource(url, identity, bytes, { ...named, signal: undefined })
  }

  /** @throws SampanError also `source-changed`; EngineError `file-truncated` past the end. */
  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (start < 0 || end < start || end > this.size)
      throw new EngineError(
        'file-truncated',
        `${this.name} has ${this.size} bytes, but bytes ${start} to ${end} are needed: the file is cut short, download it anew.`,
        { start, end, size: this.size },
      )
    signal?.throwIfAborted()
    const whole = this.#held(start, end)
    if (whole) return whole
    const options = { ...this.#options, signal }
    const { blockBytes = URL_BLOCK_BYTES } = options
    const { start: first, bytes: block } = this.#block
    const blockEnd = first + block.length
    if (first === 0 && start <= blockEnd && blockEnd < HEAD_BYTES && end - start <= HEADER_READ_BYTES) {
      const grownEnd = Math.min(this.size, Math.max(end, blockEnd + blockBytes))
      const head = await this.#readOn(block, 0, grownEnd, options)
      this.#block = { start: 0, bytes: head }
      return head.slice(start, end)
    }
    // Its beginning may be held.
    const held = start >= first && start < blockEnd ? block.subarray(start - first) : undefined
    if (end - start >= blockBytes) {
      // Weights are read: headers are not any more.
      if (end - start > HEADER_READ_BYTES) this.#block = { start: 0, bytes: new Uint8Array() }
      return this.#readOn(held, start, end, options)
    }
    const bytes = await this.#readOn(held, start, Math.min(this.size, start + blockBytes), options)
    this.#block = { start, bytes }
    return bytes.slice(0, end - start)
  }

  /** Forgets what was read ahead. */
  release(): void {
    this.#block = { start: 0, bytes: new Uint8Array() }
  }

  /** `[start, end)`, of which the first bytes are there. */
  async #readOn(
    held: Uint8Array<ArrayBuffer> | undefined,
    start: number,
    end: number,
    options: UrlSourceOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const from = start + (held?.length ?? 0)
    const { bytes } = await readRange(this.#url, from, end, this.#identity, options)
    if (!held || held.length === 0) return bytes
    const joined = new Uint8Array(end - start)
    joined.set(held)
    joined.set(bytes, held.length)
    return joined
  }

  #held(start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
    const { start: first, bytes } = this.#block
    return start >= first && end <= first + bytes.length ? bytes.slice(start - first, end - first) : undefined
  }
}

interface RangeAnswer {
  readonly identity: FileIdentity
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** `[start, end)`, shorter only where the file ends and `known` is not given. */
async function readRange(
  url: string,
  start: number,
  end: number,
  known: FileIdentity | undefined,
  options: UrlSourceOptions,
): Promise<RangeAnswer> {
  const name = options.name ?? plainUrl(url)
  const bytes = new Uint8Array(end - start)
  let identity = known
  let got = 0
  const attempt = async (connection: Connection): Promise<RangeAnswer> => {
    const wanted = Math.min(end, identity?.size ?? end)
    const response = await connection.fetch(url, { Range: `bytes=${start + got}-${wanted - 1}` })
    identity = checkAnswer(response, name, start + got, wanted, identity)
    const length = Math.min(end, identity.size) - start
    await connection.readBody(response, (part) => {
      if (got + part.length > length) throw rangeUnsupported(name, 'it sends more bytes than were asked for')
      bytes.set(part, got)
      got += part.length
    })
    if (got < length) throw new TransientFailure(cutShort(name, start + got))
    return { identity, bytes: length < bytes.length ? bytes.slice(0, length) : bytes }
  }
  return withRetries(attempt, () => got, options)
}

function checkAnswer(
  response: Response,
  url: string,
  start: number,
  end: number,
  known: FileIdentity | undefined,
): FileIdentity {
  if (response.status === 416) {
    if (known) throw changed(url, known, undefined)
    throw empty(url)
  }
  if (response.status === 200) throw rangeUnsupported(url, 'it answers 200 with the whole file')
  if (response.status !== 206) throw statusError(url, response.status, response.headers)
  const header = response.headers.get('content-range')
  if (header === null) return checkLength(response, url, end - start, known)
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header) ?? []
  const size = Number(total)
  if (Number(first) !== start || Number(last) !== Math.min(end, size) - 1)
    throw rangeUnsupported(url, `it answers "${header}" when bytes ${start}-${end - 1} were asked for`)
  const etag = response.headers.get('etag') ?? undefined
  if (known && (size !== known.size || (etag !== undefined && known.etag !== undefined && etag !== known.etag)))
    throw changed(url, known, { size, etag })
  return { size, etag: known?.etag ?? etag }
}

/** Where CORS hides what the range is, its length must do. */
function checkLength(response: Response, url: string, wanted: number, known: FileIdentity | undefined): FileIdentity {
  const length = response.headers.get('content-length')
  if (known && length !== null && Number(length) === wanted) return known
  throw rangeUnsupported(
    url,
    known
      ? `it answers ${length ?? 'an unknown number of'} bytes when ${wanted} were asked for`
      : 'its Content-Range cannot be read (CORS: Access-Control-Expose-Headers must name it)',
  )
}

function empty(url: string): EngineError {
  return new EngineError('file-truncated', `${url} is empty: check the address.`, { url })
}

function rangeUnsupported(url: string, problem: string): SampanError {
  return new SampanError(
    'range-unsupported',
    `The server of ${url} does not serve byte ranges as it must: ${problem}. Use a server that supports Range requests, or download the file and choose it from disk.`,
    { url },
  )
}

function changed(url: string, before: FileIdentity, now: FileIdentity | undefined): SampanError {
  return new SampanError(
    'source-changed',
    `${url} is not the file that it was a moment ago, or that its hub lists: load it again.`,
    {
      url,
      before,
      now,
    },
  )
}

function cutShort(url: string, at: number): SampanError {
  return new SampanError(
    'network-failed',
    `The connection to ${url} was cut at byte ${at}: check the network and load again.`,
    {
      url,
      at,
    },
  )
}
