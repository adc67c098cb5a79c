import { type ByteSource, EngineError } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { type Connection, type HttpOptions, statusError, TransientFailure, withRetries } from './http.ts'

/** Small reads are served from a block of this size: headers are read in many small steps. */
const BLOCK_BYTES = 1 << 20

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
  readonly #identity: FileIdentity
  readonly #options: HttpOptions
  #block: { readonly start: number; readonly bytes: Uint8Array<ArrayBuffer> }

  private constructor(url: string, identity: FileIdentity, head: Uint8Array<ArrayBuffer>, options: HttpOptions) {
    this.name = url
    this.size = identity.size
    this.#identity = identity
    this.#block = { start: 0, bytes: head }
    this.#options = options
  }

  /**
   * Asks for the first block, which tells the size.
   * @throws SampanError `source-not-found`, `source-forbidden`, `source-unavailable`, `network-failed`, `range-unsupported`
   */
  static async open(url: string, options: HttpOptions = {}): Promise<UrlSource> {
    const { identity, bytes } = await readRange(url, 0, BLOCK_BYTES, undefined, options)
    return new UrlSource(url, identity, bytes, { ...options, signal: undefined })
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
    const held = this.#held(start, end)
    if (held) return held
    const options = { ...this.#options, signal }
    if (end - start >= BLOCK_BYTES) return (await readRange(this.name, start, end, this.#identity, options)).bytes
    const blockEnd = Math.min(this.size, start + BLOCK_BYTES)
    const { bytes } = await readRange(this.name, start, blockEnd, this.#identity, options)
    this.#block = { start, bytes }
    return bytes.slice(0, end - start)
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
  options: HttpOptions,
): Promise<RangeAnswer> {
  const bytes = new Uint8Array(end - start)
  let identity = known
  let got = 0
  const attempt = async (connection: Connection): Promise<RangeAnswer> => {
    const wanted = Math.min(end, identity?.size ?? end)
    const response = await connection.fetch(url, { Range: `bytes=${start + got}-${wanted - 1}` })
    identity = checkAnswer(response, url, start + got, wanted, identity)
    const length = Math.min(end, identity.size) - start
    await connection.readBody(response, (part) => {
      if (got + part.length > length) throw rangeUnsupported(url, 'it sends more bytes than were asked for')
      bytes.set(part, got)
      got += part.length
    })
    if (got < length) throw new TransientFailure(cutShort(url, start + got))
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
    throw new EngineError('file-truncated', `${url} is empty: check the address.`, { url })
  }
  if (response.status === 200) throw rangeUnsupported(url, 'it answers 200 with the whole file')
  if (response.status !== 206) throw statusError(url, response.status)
  const header = response.headers.get('content-range')
  if (header === null)
    throw rangeUnsupported(url, 'its Content-Range cannot be read (CORS: Access-Control-Expose-Headers must name it)')
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header) ?? []
  const size = Number(total)
  if (Number(first) !== start || Number(last) !== Math.min(end, size) - 1)
    throw rangeUnsupported(url, `it answers "${header}" when bytes ${start}-${end - 1} were asked for`)
  const etag = response.headers.get('etag') ?? undefined
  if (known && (size !== known.size || (etag !== undefined && known.etag !== undefined && etag !== known.etag)))
    throw changed(url, known, { size, etag })
  return known ?? { size, etag }
}

function rangeUnsupported(url: string, problem: string): SampanError {
  return new SampanError(
    'range-unsupported',
    `The server of ${url} does not serve byte ranges as it must: ${problem}. Use a server that supports Range requests, or download the file and choose it from disk.`,
    { url },
  )
}

function changed(url: string, before: FileIdentity, now: FileIdentity | undefined): SampanError {
  return new SampanError('source-changed', `${url} changed while it was being read: load it again.`, {
    url,
    before,
    now,
  })
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
