import type { SampanError } from '../errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { TransientFailure } from '../network/transient-failure.ts'
import { type Connection, type HttpOptions, statusError, withRetries } from '../sources/http.ts'
import { type Address, FileAddress } from './file-address.ts'
import { cutShort, notAModelFile, rangeUnsupported, sourceChanged } from './file-errors.ts'
import { looksLikePage, PageGuard } from './page-guard.ts'
import { checkRange, EtagCheck, isEncoded, type RangeAnswer, readLength } from './range-answer.ts'

/** Answers with the whole file to ranges that it served before, until it counts as one that serves none. */
const MOST_WHOLE_ANSWERS = 6

/** Failures without any answer to a range, after which a small file is asked for as a whole: Chromium takes no compressed range. */
const MOST_RANGES_WITHOUT_ANSWER = 3
const SMALL_FILE_BYTES = 64 << 20

/** What an expired, forged or otherwise wrong address is answered with. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403, 404, 410])

/** The server does not serve ranges of this file. */
export class WholeOnly extends Error {}

/** The requests of one file. */
export class RangeClient {
  readonly #file: RemoteFile
  readonly #options: HttpOptions
  readonly #address: FileAddress
  readonly #etag: EtagCheck
  #size: number | undefined
  #served = false
  #wholeAnswers = 0
  #withoutAnswer = 0

  /** @param etag of what was read before */
  constructor(file: RemoteFile, size: number | undefined, etag: string | undefined, options: HttpOptions) {
    this.#file = file
    this.#size = size
    this.#options = { ...options, name: file.url }
    this.#address = new FileAddress(file.url, this.#options)
    this.#etag = new EtagCheck(file, etag)
  }

  get etag(): string | undefined {
    return this.#etag.latest
  }

  /**
   * Bytes `[start, end)` as they come, in order, through cuts and refusals.
   * @throws WholeOnly; SampanError `source-not-found`, `source-forbidden`, `source-unavailable`, `source-changed`, `network-failed`,
   * `range-unsupported`, `not-a-model-file`
   */
  async fetchRange(
    start: number,
    end: number,
    signal: AbortSignal,
    onBytes: (part: Uint8Array<ArrayBuffer>) => void,
  ): Promise<void> {
    let got = 0
    const attempt = (connection: Connection): Promise<void> =>
      this.#address.use(async (address, answered) => {
        const from = start + got
        const response = await this.#ask(connection, address, from, end)
        answered(response)
        if (REFUSED.has(response.status) && this.#address.renew(address, response))
          throw new TransientFailure(statusFailure(this.#file.url, response), 'moved')
        const answer = this.#check(response, from, end)
        const guard = from === 0 ? this.#guard(response) : undefined
        const hand = (part: Uint8Array<ArrayBuffer>): void => {
          if (part.length === 0) return
          if (start + got + part.length > answer.end)
            throw new TransientFailure(rangeUnsupported(this.#file.url, 'it sends more bytes than were asked for'))
          got += part.length
          onBytes(part)
        }
        await connection.readBody(response, (part) => {
          this.#address.progressed(address)
          hand(guard ? guard.take(part) : part)
        })
        if (guard) hand(guard.end())
        if (start + got < end) throw new TransientFailure(cutShort(this.#file.url, start + got))
      })
    await withRetries(attempt, () => got, { ...this.#options, signal })
  }

  /** The size, from a range of one byte or, where CORS hides that, the length of the whole. @throws as `fetchRange` */
  async learnSize(signal: AbortSignal): Promise<number> {
    if (this.#size !== undefined) return this.#size
    const attempt = (connection: Connection): Promise<number> =>
      this.#address.use(async (address, answered) => {
        const response = await this.#ask(connection, address, 0, 1)
        answered(response)
        if (response.status === 416) return 0
        if (response.status === 200) await this.#refusePage(connection, response)
        const size = response.status === 200 ? readLength(response.headers) : this.#check(response, 0, 1).size
        if (size !== undefined) return size
        const whole = await connection.fetch(address.url, {}, { method: 'HEAD', ...this.#from(address) })
        const length = whole.ok ? readLength(whole.headers) : undefined
        if (length !== undefined) return length
        throw rangeUnsupported(this.#file.url, 'it does not tell how long the file is')
      })
    this.#size = await withRetries(attempt, () => 0, { ...this.#options, signal })
    return this.#size
  }

  /**
   * The whole file from its first byte, by one request. `onBytes` is awaited.
   * @throws TransientFailure when it is cut; SampanError as `fetchRange`
   */
  async readWhole(
    connection: Connection,
    size: number,
    onBytes: (part: Uint8Array<ArrayBuffer>) => void | Promise<void>,
  ): Promise<void> {
    const response = await connection.fetch(this.#address.original)
    // The hub gave this address just now: another will do.
    if (REFUSED.has(response.status) && this.#address.isElsewhere(response))
      throw new TransientFailure(statusFailure(this.#file.url, response))
    if (response.status !== 200) throw statusError(this.#file.url, response.status, response.headers)
    this.#etag.check(response.url || this.#file.url, response.headers)
    const guard = this.#guard(response)
    let got = 0
    const hand = async (part: Uint8Array<ArrayBuffer>): Promise<void> => {
      got += part.length
      if (got > size) throw sourceChanged(this.#file.url, { before: size })
      if (part.length > 0) await onBytes(part)
    }
    await connection.readBody(response, (part) => hand(guard.take(part)))
    await hand(guard.end())
    if (got === size) return
    // The length that is told beforehand does not count: CORS may hide that it is that of a compressed body.
    if (got === readLength(response.headers)) throw sourceChanged(this.#file.url, { before: size, now: got })
    throw new TransientFailure(cutShort(this.#file.url, got))
  }

  async #ask(connection: Connection, address: Address, start: number, end: number): Promise<Response> {
    try {
      const range = { Range: `bytes=${start}-${end - 1}` }
      const response = await connection.fetch(address.url, range, this.#from(address))
      this.#withoutAnswer = 0
      return response
    } catch (error) {
      const small = this.#size !== undefined && this.#size <= SMALL_FILE_BYTES
      if (error instanceof TransientFailure && error.kind === 'failed' && !this.#served && small) {
        if (++this.#withoutAnswer >= MOST_RANGES_WITHOUT_ANSWER) throw this.#wholeOnly()
      }
      throw error
    }
  }

  #from({ kind }: Address): { readonly redirectedFrom?: string } {
    return kind === 'resolved' ? { redirectedFrom: this.#address.original } : {}
  }

  #check(response: Response, start: number, end: number): RangeAnswer {
    const { url } = this.#file
    if (response.status === 200) {
      // Its body is not read here; what it is shows when it is asked for as a whole.
      if (!this.#served || ++this.#wholeAnswers >= MOST_WHOLE_ANSWERS) throw this.#wholeOnly()
      throw new TransientFailure(rangeUnsupported(url, 'it answers 200 with the whole file'))
    }
    if (response.status === 416) throw sourceChanged(url, { before: this.#size })
    if (response.status !== 206) throw statusError(url, response.status, response.headers)
    if (isEncoded(response.headers)) throw this.#wholeOnly()
    const answer = checkRange(response.headers, url, start, end, this.#size)
    this.#etag.check(response.url || url, response.headers)
    this.#served = true
    this.#wholeAnswers = 0
    return answer
  }

  /** Reads no more than it takes to tell. */
  async #refusePage(connection: Connection, response: Response): Promise<void> {
    const guard = this.#guard(response)
    const enough = new Error('enough')
    await connection
      .readBody(response, (part) => {
        if (guard.take(part).length > 0) throw enough
      })
      .catch((error: unknown) => {
        if (error !== enough) throw error
      })
    guard.end()
  }

  #wholeOnly(): WholeOnly {
    const reason = new WholeOnly()
    this.#address.stop(reason)
    return reason
  }

  #guard(response: Response): PageGuard {
    const type = response.headers.get('content-type') ?? undefined
    return new PageGuard(
      (head) => looksLikePage(head, type, this.#file.path),
      () => notAModelFile(this.#file.url, type),
    )
  }
}

function statusFailure(url: string, { status, headers }: Response): SampanError {
  const error = statusError(url, status, headers)
  return error instanceof TransientFailure ? error.outcome : error
}
