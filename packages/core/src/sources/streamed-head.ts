import type { ByteSource } from '@sampan/engine'
import type { SampanError } from '../errors.ts'
import { plainUrl } from '../hub/source-key.ts'
import { type HttpOptions, statusError, TransientFailure, withRetries } from './http.ts'

/** Read at first, in bytes; then twice as much each time that it is too little. */
const FIRST_BYTES = 1 << 20
/** Longest beginning that is kept in memory. */
const MAX_BYTES = 128 << 20

/** The beginning of a file whose server sends it whole only: each time the file is begun anew and left when there is enough. */
export class StreamedHead implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #url: string
  readonly #options: HttpOptions
  readonly #unsupported: SampanError
  #head: Uint8Array<ArrayBuffer>

  private constructor(
    url: string,
    options: HttpOptions,
    unsupported: SampanError,
    { size, bytes }: { readonly size: number; readonly bytes: Uint8Array<ArrayBuffer> },
  ) {
    this.name = plainUrl(url)
    this.size = size
    this.#url = url
    this.#options = options
    this.#unsupported = unsupported
    this.#head = bytes
  }

  /** @param unsupported what is thrown where the server does not tell the file's length, or more is needed than can be kept */
  static async open(url: string, options: HttpOptions, unsupported: SampanError): Promise<StreamedHead> {
    return new StreamedHead(
      url,
      { ...options, signal: undefined },
      unsupported,
      await fetchHead(url, FIRST_BYTES, options, unsupported),
    )
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (end > this.#head.length) {
      if (end > MAX_BYTES || end > this.size) throw this.#unsupported
      const wanted = Math.min(MAX_BYTES, Math.max(end, 2 * this.#head.length))
      const options = { ...this.#options, signal }
      this.#head = (await fetchHead(this.#url, wanted, options, this.#unsupported)).bytes
      if (end > this.#head.length) throw this.#unsupported
    }
    return this.#head.slice(start, end)
  }
}

/** The first `wanted` bytes of a file, or all of it. */
function fetchHead(url: string, wanted: number, options: HttpOptions, unsupported: SampanError) {
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url)
      if (response.status !== 200) throw statusError(plainUrl(url), response.status, response.headers)
      const size = Number(response.headers.get('content-length') ?? Number.NaN)
      // Of a body that is zipped on the way the length is another.
      if (!Number.isSafeInteger(size) || response.headers.has('content-encoding')) throw unsupported
      const bytes = new Uint8Array(Math.min(wanted, size))
      let length = 0
      await connection
        .readBody(response, (part) => {
          bytes.set(part.subarray(0, bytes.length - length), length)
          length = Math.min(bytes.length, length + part.length)
          if (length === bytes.length) throw new Enough()
        })
        .catch((error: unknown) => {
          if (!(error instanceof Enough)) throw error
        })
      if (length < bytes.length) throw new TransientFailure(unsupported)
      return { size, bytes }
    },
    () => 0,
    options,
  )
}

/** The rest is not wanted. */
class Enough extends Error {}
