import type { RemoteFile } from '../hub/remote-model.ts'
import { TransientFailure } from '../network/transient-failure.ts'
import { otherSize, rangeUnsupported, sourceChanged } from './file-errors.ts'

/** What a file is, as far as it is known: another is not to be gone on with. */
export interface FileIdentity {
  readonly size: number | undefined
  readonly etag: string | undefined
}

/** The bytes that an answer with status 206 has, which may be fewer than were asked for. */
export interface RangeAnswer {
  readonly end: number
  /** Of the whole file. CORS hides it from some pages. */
  readonly size: number | undefined
}

/**
 * Checks that the answer has the bytes from `start` on. Where CORS hides `Content-Range` the length must be the one asked for.
 * @throws TransientFailure `range-unsupported`: balancers have been seen whose servers differ; SampanError `source-changed`
 */
export function checkRange(
  headers: Headers,
  url: string,
  start: number,
  end: number,
  size: number | undefined,
): RangeAnswer {
  const wrong = (problem: string): TransientFailure => new TransientFailure(rangeUnsupported(url, problem))
  const range = headers.get('content-range')
  const length = readLength(headers)
  if (range === null) {
    const wanted = size === undefined ? end : Math.min(end, size)
    if (length !== undefined && length !== wanted - start)
      throw wrong(`it sends ${length} bytes when bytes ${start}-${wanted - 1} were asked for`)
    if (length === undefined) throw wrong('neither Content-Range nor Content-Length can be read')
    return { end: wanted, size: undefined }
  }
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(range) ?? []
  const whole = total === '*' ? undefined : Number(total)
  const until = Number(last) + 1
  if (whole !== undefined && size !== undefined && whole !== size) throw otherSize(url, size, whole)
  if (Number(first) !== start || !(until > start && until <= Math.min(end, whole ?? end)))
    throw wrong(`it answers "${range}" when bytes ${start}-${end - 1} were asked for`)
  if (length !== undefined && length !== until - start)
    throw wrong(`it sends ${length} bytes and calls them "${range}"`)
  return { end: until, size: whole }
}

/** Content-Length, where it counts the bytes that are handed out. */
export function readLength(headers: Headers): number | undefined {
  const length = headers.get('content-length')
  return length !== null && /^\d{1,15}$/.test(length) && !isEncoded(headers) ? Number(length) : undefined
}

/** Compressed, as far as CORS lets that be seen. */
export function isEncoded(headers: Headers): boolean {
  const encoding = headers.get('content-encoding')
  return encoding !== null && encoding !== '' && encoding !== 'identity'
}

/** Undefined for a weak one: that says nothing of the bytes. */
export function strongEtag(headers: Headers): string | undefined {
  const etag = headers.get('etag')
  return etag === null || etag.startsWith('W/') ? undefined : etag
}

/**
 * ETags count where nothing better is known, and then between all addresses; where a digest is, they are compared for one address
 * only: the servers behind a hub's redirects name the same content differently.
 */
export class EtagCheck {
  readonly #file: RemoteFile
  readonly #known = new Map<string, string>()
  #latest: string | undefined

  constructor(file: RemoteFile, etag: string | undefined) {
    this.#file = file
    this.#latest = etag
    // What stands for one says when a file was changed, which servers of one name may tell differently.
    if (etag?.startsWith('"') && !this.#hasDigest) this.#known.set('', etag)
  }

  /** What a state keeps. */
  get latest(): string | undefined {
    return this.#latest
  }

  /** @throws SampanError `source-changed` */
  check(url: string, headers: Headers): void {
    const now = strongEtag(headers)
    if (now === undefined) return
    const place = this.#hasDigest ? new URL(url).origin : ''
    const before = this.#known.get(place)
    if (before !== undefined && before !== now) throw sourceChanged(this.#file.url, { before, now })
    this.#known.set(place, now)
    this.#latest = now
  }

  get #hasDigest(): boolean {
    return this.#file.sha256 !== undefined || this.#file.gitSha1 !== undefined
  }
}
