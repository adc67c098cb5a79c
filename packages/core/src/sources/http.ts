import { SampanError } from '../errors.ts'
import { shownName } from '../hub/source-key.ts'
import { browserNetwork, type Network, type NetworkRequest } from '../network/network.ts'
import { StallWatch } from '../network/stall-watch.ts'
import { TransientFailure } from '../network/transient-failure.ts'
import { type RetryOptions, withRetries as retry } from '../network/with-retries.ts'

export { TransientFailure } from '../network/transient-failure.ts'

/** A connection that brings no byte for so long counts as cut. */
const STALL_MS = 30_000

export interface HttpOptions extends RetryOptions {
  /** The browser's own by default. */
  readonly network?: Network | undefined
  /** What messages call the address: one that is signed is nobody's business. */
  readonly name?: string
  /** For tests on slow or dead servers. */
  readonly stallMs?: number
}

/**
 * Runs `attempt`, with a new connection each time, again while it throws `TransientFailure` and makes no progress (bytes); see
 * `network/with-retries.ts`.
 */
export function withRetries<T>(
  attempt: (connection: Connection) => Promise<T>,
  progress: () => number,
  options: HttpOptions,
): Promise<T> {
  return retry(
    async () => {
      const connection = new Connection(options)
      try {
        return await attempt(connection)
      } finally {
        connection.close()
      }
    },
    progress,
    options,
  )
}

/** One request that ends with the caller's signal, or when the server stalls. */
export class Connection {
  readonly #controller = new AbortController()
  readonly #options: HttpOptions
  readonly #abort = (): void => this.#controller.abort(this.#options.signal?.reason)
  readonly #watch: StallWatch
  #slept = false

  constructor(options: HttpOptions) {
    this.#options = options
    this.#watch = new StallWatch(options.stallMs ?? STALL_MS, (slept) => {
      this.#slept = slept
      this.#controller.abort()
    })
    options.signal?.addEventListener('abort', this.#abort, { once: true })
    if (options.signal?.aborted) this.#abort()
  }

  /** @throws TransientFailure when there is no answer; whatever the status of an answer is, it is returned. */
  async fetch(
    url: string,
    headers: Record<string, string> = {},
    more: Pick<NetworkRequest, 'method' | 'redirectedFrom' | 'fresh'> = {},
  ): Promise<Response> {
    const { network = browserNetwork } = this.#options
    const request = { url, headers, signal: this.#controller.signal, ...more }
    try {
      return await this.#watch.during(network.fetch(request))
    } catch (error) {
      // An app's own `fetch` that gives back something else.
      if (SampanError.isInstance(error)) throw error
      throw this.#failure(noAnswer(this.#options.name ?? url, error))
    }
  }

  /** Hands out the body as it comes. @throws TransientFailure when the connection is cut. */
  async readBody(response: Response, onBytes: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>): Promise<void> {
    const reader = response.body?.getReader()
    if (!reader) return
    for (;;) {
      const { done, value } = await this.#watch.during(reader.read()).catch((error: unknown) => {
        throw this.#failure(cut(this.#options.name ?? response.url, error))
      })
      if (done) return
      await onBytes(value)
    }
  }

  close(): void {
    this.#watch.stop()
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#controller.abort()
  }

  #failure(outcome: SampanError): TransientFailure {
    this.#options.signal?.throwIfAborted()
    return new TransientFailure(outcome, this.#slept ? 'slept' : 'failed')
  }
}

/** The error a status stands for; 408, 425, 429 and 5xx are worth another attempt. */
export function statusError(address: string, status: number, headers?: Headers): SampanError | TransientFailure {
  const url = shownName(address)
  const details = { url, status }
  if (status === 404 || status === 410)
    return new SampanError('source-not-found', `${url} does not exist (${status}): check the address.`, details)
  if (status === 401 || status === 403)
    return new SampanError(
      'source-forbidden',
      `The server refuses ${url} (${status}): it is private, gated, or its link has expired. Give an address that this page may read.`,
      details,
    )
  const mayPass = status === 408 || status === 425 || status === 429 || status >= 500
  const error = new SampanError(
    'source-unavailable',
    `The server answers ${status} for ${url}: ${mayPass ? 'try again later' : 'check the address'}.`,
    details,
  )
  return mayPass ? new TransientFailure(error, status === 429 ? 'busy' : 'failed', retryAfter(headers)) : error
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now. CORS hides it from most pages. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const value = headers?.get('retry-after')
  if (value === null || value === undefined) return
  const wait = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}

function noAnswer(address: string, cause: unknown): SampanError {
  const url = shownName(address)
  return new SampanError(
    'network-failed',
    `No answer from ${url}: check the connection, and that the server allows this page to read it (CORS: Access-Control-Allow-Origin).`,
    { url },
    { cause },
  )
}

function cut(address: string, cause: unknown): SampanError {
  const url = shownName(address)
  return new SampanError(
    'network-failed',
    `The connection to ${url} was cut: check the network and load again.`,
    { url },
    { cause },
  )
}
