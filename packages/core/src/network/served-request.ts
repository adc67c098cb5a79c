import { SampanError } from '../errors.ts'
import type { NetworkHooks } from './network-hooks.ts'
import { BODY_CREDITS, type NetworkCommand, type NetworkEvent, UNREAD_MS } from './network-messages.ts'

/** Largest piece of a body that is sent at once, in bytes. */
const MAX_CHUNK_BYTES = 1 << 20

type Asked = NetworkCommand & { readonly type: 'fetch' }

/** A request of a Worker's, made in the page. */
export class ServedRequest {
  readonly #id: number
  readonly #post: (event: NetworkEvent, transfer?: Transferable[]) => void
  readonly #controller = new AbortController()
  #credits = BODY_CREDITS
  #wake: (() => void) | undefined

  constructor(id: number, post: (event: NetworkEvent, transfer?: Transferable[]) => void) {
    this.#id = id
    this.#post = post
  }

  credit(): void {
    this.#credits++
    this.#wake?.()
  }

  abort(): void {
    this.#controller.abort()
    this.#wake?.()
  }

  async run({ url, headers: own, method, redirectedFrom }: Asked, { fetch, headers }: NetworkHooks): Promise<void> {
    const { signal } = this.#controller
    // Headers that are given for all are for the server that was named, not for one that it led to, as with `Authorization` in browsers.
    const isElsewhere = redirectedFrom !== undefined && new URL(redirectedFrom).origin !== new URL(url).origin
    const given = new Headers(typeof headers === 'function' ? await headers(url) : isElsewhere ? {} : headers)
    for (const [name, value] of Object.entries(own))
      if (name.toLowerCase() === 'range' || !given.has(name)) given.set(name, value)
    signal.throwIfAborted()
    const init: RequestInit = {
      headers: Object.fromEntries(given),
      signal,
      referrerPolicy: 'no-referrer',
      ...(method && { method }),
    }
    const response: unknown = await (fetch ?? globalThis.fetch)(url, init)
    if (!isResponse(response))
      throw new SampanError('option-invalid', 'The option fetch must resolve to a Response that can be read.', {
        option: 'fetch',
      })
    const { status, statusText } = response
    this.#post({
      type: 'response',
      id: this.#id,
      url: response.url,
      status,
      statusText,
      headers: [...response.headers],
    })
    if (response.body) await this.#send(response.body.getReader())
    this.#post({ type: 'end', id: this.#id })
  }

  async #send(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const cancel = (): void => void reader.cancel(this.#controller.signal.reason).catch(() => {})
    this.#controller.signal.addEventListener('abort', cancel, { once: true })
    try {
      for (;;) {
        const { done, value } = await reader.read()
        this.#controller.signal.throwIfAborted()
        if (done) return
        for (let start = 0; start < value.length; start += MAX_CHUNK_BYTES) {
          await this.#credited()
          // A copy: an app may hold on to what its stream gives.
          const bytes = new Uint8Array(value.subarray(start, start + MAX_CHUNK_BYTES))
          this.#post({ type: 'chunk', id: this.#id, bytes }, [bytes.buffer])
        }
      }
    } catch (error) {
      cancel()
      throw error
    }
  }

  /** Resolves when the Worker has room for a chunk. */
  async #credited(): Promise<void> {
    const { signal } = this.#controller
    while (this.#credits === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => this.abort(), UNREAD_MS)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#wake = undefined
      signal.throwIfAborted()
    }
    this.#credits--
  }
}

/** By its shape: an app's own may be another realm's, or no class at all. What CORS hides (`opaque`) has the status 0. */
function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null || !('status' in value && 'headers' in value && 'body' in value))
    return false
  const { status, headers, body } = value
  const isIterable = typeof headers === 'object' && headers !== null && Symbol.iterator in headers
  const isReadable = body === null || (typeof body === 'object' && 'getReader' in body)
  return typeof status === 'number' && status >= 200 && status <= 599 && isIterable && isReadable
}
