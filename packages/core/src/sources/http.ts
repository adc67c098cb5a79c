import { SampanError } from '../errors.ts'

/** Attempts at one range, the first included. */
const MAX_ATTEMPTS = 5
const FIRST_PAUSE_MS = 250
/** A connection that brings no byte for so long counts as cut. */
const STALL_MS = 30_000

export interface HttpOptions {
  readonly signal?: AbortSignal | undefined
  /** For tests on slow or dead servers. */
  readonly stallMs?: number
  readonly firstPauseMs?: number
}

/** A failure that another attempt may mend. */
export class TransientFailure extends Error {
  readonly outcome: SampanError

  constructor(outcome: SampanError) {
    super(outcome.message)
    this.outcome = outcome
  }
}

/**
 * Runs `attempt` again, after growing pauses, while it throws `TransientFailure` and makes no progress; an attempt that got
 * further starts the count anew.
 */
export async function withRetries<T>(
  attempt: (connection: Connection) => Promise<T>,
  progress: () => number,
  options: HttpOptions,
): Promise<T> {
  let failures = 0
  let reached = progress()
  for (;;) {
    const connection = new Connection(options)
    try {
      return await attempt(connection)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof TransientFailure)) throw error
      failures = progress() > reached ? 1 : failures + 1
      reached = progress()
      if (failures >= MAX_ATTEMPTS) throw error.outcome
      await pause((options.firstPauseMs ?? FIRST_PAUSE_MS) * 2 ** (failures - 1), options.signal)
    } finally {
      connection.close()
    }
  }
}

/** One request that ends with the caller's signal, or when the server stalls. */
export class Connection {
  readonly #controller = new AbortController()
  readonly #options: HttpOptions
  readonly #abort = (): void => this.#controller.abort(this.#options.signal?.reason)
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: HttpOptions) {
    this.#options = options
    options.signal?.addEventListener('abort', this.#abort, { once: true })
    if (options.signal?.aborted) this.#abort()
  }

  /** @throws TransientFailure when there is no answer; whatever the status of an answer is, it is returned. */
  async fetch(url: string, headers: Record<string, string> = {}): Promise<Response> {
    try {
      return await this.#watched(fetch(url, { headers, signal: this.#controller.signal }))
    } catch (error) {
      this.#options.signal?.throwIfAborted()
      throw new TransientFailure(noAnswer(url, error))
    }
  }

  /** Hands out the body as it comes. @throws TransientFailure when the connection is cut. */
  async readBody(response: Response, onBytes: (bytes: Uint8Array<ArrayBuffer>) => void): Promise<void> {
    const reader = response.body?.getReader()
    if (!reader) return
    for (;;) {
      const { done, value } = await this.#watched(reader.read()).catch((error: unknown) => {
        this.#options.signal?.throwIfAborted()
        throw new TransientFailure(cut(response.url, error))
      })
      if (done) return
      onBytes(value)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#controller.abort()
  }

  async #watched<T>(work: Promise<T>): Promise<T> {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#controller.abort(), this.#options.stallMs ?? STALL_MS)
    return work
  }
}

/** The error a status stands for; 429 and 5xx are worth another attempt. */
export function statusError(url: string, status: number): SampanError | TransientFailure {
  const details = { url, status }
  if (status === 404 || status === 410)
    return new SampanError('source-not-found', `${url} does not exist (${status}): check the address.`, details)
  if (status === 401 || status === 403)
    return new SampanError(
      'source-forbidden',
      `The server refuses ${url} (${status}): it is private, gated, or its link has expired. Give an address that this page may read.`,
      details,
    )
  const error = new SampanError(
    'source-unavailable',
    `The server answers ${status} for ${url}: ${status === 429 || status >= 500 ? 'try again later' : 'check the address'}.`,
    details,
  )
  return status === 429 || status >= 500 ? new TransientFailure(error) : error
}

function noAnswer(url: string, cause: unknown): SampanError {
  return new SampanError(
    'network-failed',
    `No answer from ${url}: check the connection, and that the server allows this page to read it (CORS: Access-Control-Allow-Origin).`,
    { url },
    { cause },
  )
}

function cut(url: string, cause: unknown): SampanError {
  return new SampanError(
    'network-failed',
    `The connection to ${url} was cut: check the network and load again.`,
    { url },
    { cause },
  )
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      if (signal?.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    signal?.addEventListener('abort', finish, { once: true })
  })
}
