import type { SampanError } from '../errors.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { TransientFailure } from '../network/transient-failure.ts'
import { type Connection, type HttpOptions, statusError, withRetries } from '../sources/http.ts'
import { type Address, FileAddress } from './file-address.ts'
import { cutShort, longerThan, notAModelFile, otherSize, rangeUnsupported } from './file-errors.ts'
import { looksLikePage, PageGuard } from './page-guard.ts'
import { checkRange, EtagCheck, isEncoded, type RangeAnswer, readLength } from './range-answer.ts'
import { UnfitAnswers } from './unfit-answers.ts'

/** Answers in a row with the whole file, or a zipped one, until a server counts as one without ranges: never served any, and served some. */
const MOST_WHOLE_ANSWERS = 2
const MOST_WHOLE_ANSWERS_BETWEEN = 6

/**
 * Failures without any answer to a range, after which a small file is asked for as a whole if it can be reached otherwise: Chromium takes
 * no compressed range.
 */
const MOST_RANGES_WITHOUT_ANSWER = 3
const SMALL_FILE_BYTES = 64 << 20

/** Pages in place of one range, in a row, and whole files of another length, until they are what the server means. */
const MOST_PAGES = 4
const MOST_OTHER_SIZES = 3

/** What an expired, forged or otherwise wrong address is answered with. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403, 404, 410])

/** Requests of one range without an answer, since there were so many answers to any. */
interface Silence {
  count: number
  answers: number
}

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
  /** Answers of any kind, and those that brought bytes of the file. */
  #answers = 0
  #sound = 0
  readonly #pagesForWhole = this.#pages()
  readonly #otherSizes = new UnfitAnswers(MOST_OTHER_SIZES)

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
    const pages = this.#pages()
    const silence = { count: 0, answers: 0 }
    const attempt = (connection: Connection): Promise<void> =>
      this.#address.use(async (address, answered) => {
        const from = start + got
        const response = await this.#ask(connection, address, from, end, silence)
        answered(response)
        this.#checkAddress(address, response)
        if (response.status === 200) throw await this.#notARange(connection, address, response, pages)
        const answer = this.#check(response, from, end)
        const guard = from === 0 ? this.#guard(response, pages) : undefined
        const hand = (part: Uint8Array<ArrayBuffer>): void => {
          if (part.length === 0) return
          if (start + got + part.length > answer.end)
            throw new TransientFailure(rangeUnsupported(this.#file.url, 'it sends more bytes than were asked for'))
          got += part.length
          onBytes(part)
        }
        await connection.readBody(response, (part) => {
          const sound = guard ? guard.take(part) : part
          if (sound.length === 0) return
          this.#sound++
          this.#address.progressed(address)
          hand(sound)
        })
        if (guard) hand(guard.end())
        if (start + got < end) throw new TransientFailure(cutShort(this.#file.url, start + got))
      })
    await withRetries(attempt, () => got, { ...this.#options, signal })
  }

  /** The size, from a range of one byte or, where CORS hides that, the length of the whole. @throws as `fetchRange` */
  async learnSize(signal: AbortSignal): Promise<number> {
    if (this.#size !== undefined) return this.#size
    const pages = this.#pages()
    const silence = { count: 0, answers: 0 }
    const attempt = (connection: Connection): Promise<number> =>
      this.#address.use(async (address, answered) => {
        const response = await this.#ask(connection, address, 0, 1, silence)
        answered(response)
        this.#checkAddress(address, response)
        if (response.status === 416) return 0
        if (response.status === 200) await this.#refusePage(connection, address, response, pages)
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
    const guard = this.#guard(response, this.#pagesForWhole)
    let got = 0
    const hand = async (part: Uint8Array<ArrayBuffer>): Promise<void> => {
      got += part.length
      if (got > size) throw this.#otherSizes.add(longerThan(this.#file.url, size))
      if (part.length > 0) this.#sound++
      if (part.length > 0) await onBytes(part)
    }
    await connection.readBody(response, (part) => hand(guard.take(part)))
    await hand(guard.end())
    if (got === size) return
    // The length that is told beforehand does not count: CORS may hide that it is that of a compressed body.
    if (got === readLength(response.headers)) throw this.#otherSizes.add(otherSize(this.#file.url, size, got))
    throw new TransientFailure(cutShort(this.#file.url, got))
  }

  async #ask(
    connection: Connection,
    address: Address,
    start: number,
    end: number,
    silence: Silence,
  ): Promise<Response> {
    try {
      const range = { Range: `bytes=${start}-${end - 1}` }
      const response = await connection.fetch(address.url, range, this.#from(address))
      this.#answers++
      return response
    } catch (error) {
      const small = this.#size !== undefined && this.#size <= SMALL_FILE_BYTES
      if (!(error instanceof TransientFailure && error.kind === 'failed' && !this.#served && small)) throw error
      if (silence.answers !== this.#answers) silence.count = 0
      silence.answers = this.#answers
      if (++silence.count < MOST_RANGES_WITHOUT_ANSWER) throw error
      // Is it the range, or the network?
      const head = await connection.fetch(address.url, {}, { method: 'HEAD', ...this.#from(address) })
      throw head.ok ? this.#wholeOnly() : error
    }
  }

  #from({ kind }: Address): { readonly redirectedFrom?: string } {
    return kind === 'resolved' ? { redirectedFrom: this.#address.original } : {}
  }

  /** @throws TransientFailure where another address may do */
  #checkAddress(address: Address, response: Response): void {
    const kind = REFUSED.has(response.status) && this.#address.renew(address, response)
    if (kind) throw new TransientFailure(statusFailure(this.#file.url, response), kind)
  }

  /** What to throw for a range that is answered by 200. */
  async #notARange(
    connection: Connection,
    address: Address,
    response: Response,
    pages: UnfitAnswers,
  ): Promise<WholeOnly | TransientFailure> {
    await this.#refusePage(connection, address, response, pages)
    return this.#notServed('it answers 200 with the whole file')
  }

  /** Once may be a mistake. */
  #notServed(problem: string): WholeOnly | TransientFailure {
    const most = this.#served ? MOST_WHOLE_ANSWERS_BETWEEN : MOST_WHOLE_ANSWERS
    if (++this.#wholeAnswers >= most) return this.#wholeOnly()
    return new TransientFailure(rangeUnsupported(this.#file.url, problem))
  }

  #check(response: Response, start: number, end: number): RangeAnswer {
    const { url } = this.#file
    if (response.status === 416) throw this.#otherSizes.add(otherSize(url, this.#size ?? end, undefined))
    if (response.status !== 206) throw statusError(url, response.status, response.headers)
    if (isEncoded(response.headers)) throw this.#notServed('it compresses them')
    const answer = checkRange(response.headers, url, start, end, this.#size)
    this.#etag.check(response.url || url, response.headers)
    this.#served = true
    this.#wholeAnswers = 0
    return answer
  }

  /** Reads no more than it takes to tell. */
  async #refusePage(connection: Connection, address: Address, response: Response, pages: UnfitAnswers): Promise<void> {
    const guard = this.#guard(response, pages, address)
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

  #pages(): UnfitAnswers {
    return new UnfitAnswers(MOST_PAGES, () => this.#sound)
  }

  /** @param address where the page may be what it has become */
  #guard(response: Response, pages: UnfitAnswers, address?: Address): PageGuard {
    const type = response.headers.get('content-type') ?? undefined
    return new PageGuard(
      (head) => looksLikePage(head, type, this.#file.path),
      () => {
        const failure = pages.add(notAModelFile(this.#file.url, type))
        if (address?.kind === 'resolved' && pages.inARow === 2) this.#address.renew(address, response)
        return failure
      },
    )
  }
}

function statusFailure(url: string, { status, headers }: Response): SampanError {
  const error = statusError(url, status, headers)
  return error instanceof TransientFailure ? error.outcome : error
}
