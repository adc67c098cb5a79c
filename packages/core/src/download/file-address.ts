import { type FailureKind, TransientFailure } from '../network/transient-failure.ts'
import { type Connection, type HttpOptions, statusError, withRetries } from '../sources/http.ts'

/** Addresses that are asked for one after another though none of them gave a byte. */
const MOST_USELESS_RENEWALS = 3

/** Addresses that were refused though a hub gave them the moment before, one after another, until the refusal is meant. */
const MOST_FRESH_REFUSALS = 4

/** Questions for an address by HEAD, before it is GET. */
const MOST_HEADS = 3

/** Where to ask for a range. */
export interface Address {
  readonly url: string
  /** `original`: as the file is called; `resolved`: where that led. */
  readonly kind: 'original' | 'resolved'
}

/**
 * Where a file's bytes are. Hubs redirect to a CDN by an address that expires, and count who asks them: so they are asked once, without
 * a range (an address that was got with one may be good for this range only), and again when it is refused.
 */
export class FileAddress {
  readonly #original: Address
  readonly #options: HttpOptions
  #current: Promise<Address> | undefined
  /** What `#current` came to. */
  #known: Address | undefined
  /** The first range goes to the original address, alone; its answer tells whether there is another. */
  #first: Promise<void> | undefined
  /** It leads elsewhere, and where to is asked when it is needed: a small file is one range. */
  #redirects = false
  #renewals = 0
  #freshRefusals = 0
  #stopped: Error | undefined

  constructor(url: string, options: HttpOptions) {
    const whole = new URL(url)
    whole.hash = ''
    this.#original = { url: whole.href, kind: 'original' }
    this.#options = options
  }

  get original(): string {
    return this.#original.url
  }

  /** Runs `ask`, which tells of its answer. @throws what asking for another address throws */
  async use<T>(ask: (address: Address, answered: (response: Response) => void) => Promise<T>): Promise<T> {
    while (!this.#current && this.#first) await this.#first
    if (this.#stopped) throw this.#stopped
    if (this.#redirects && !this.#current) this.#set(this.#resolve())
    if (this.#current) return ask(await this.#current, () => {})
    let settle = (): void => {}
    this.#first = new Promise((resolve) => {
      settle = resolve
    })
    const end = (): void => {
      this.#first = undefined
      settle()
    }
    try {
      return await ask(this.#original, (response) => {
        // The whole file, or a page, says nothing of where ranges are.
        if (response.status === 200) return
        if (this.isElsewhere(response)) this.#redirects = true
        else if (response.ok) this.#set(Promise.resolve(this.#original))
        if (response.status === 206) end()
      })
    } finally {
      end()
    }
  }

  /**
   * `address` is of no use; `response` says so. Undefined where another attempt makes no sense; else how this one has failed. The next is
   * made elsewhere.
   */
  renew(address: Address, response: Response): FailureKind | undefined {
    if (address.kind === 'original') {
      if (!this.isElsewhere(response)) return undefined
      this.#freshRefusals++
      if (this.#freshRefusals === 1) return 'moved'
      return this.#freshRefusals < MOST_FRESH_REFUSALS ? 'failed' : undefined
    }
    // Another range has noticed before.
    if (this.#known !== address) return 'moved'
    this.#renewals++
    this.#set(this.#renewals > MOST_USELESS_RENEWALS ? Promise.resolve(this.#original) : this.#resolve())
    return 'moved'
  }

  /** Nothing is to be asked any more; `use` throws `reason`. */
  stop(reason: Error): void {
    this.#stopped = reason
  }

  /** It gave bytes. */
  progressed(address: Address): void {
    this.#freshRefusals = 0
    if (address.kind === 'resolved') this.#renewals = 0
  }

  #set(address: Promise<Address>): void {
    this.#known = undefined
    this.#current = address
    // A failure is told to those who wait for it.
    address.then(
      (known) => {
        this.#known = known
      },
      () => {},
    )
  }

  #resolve(): Promise<Address> {
    const { url } = this.#original
    let [heads, refusals] = [0, 0]
    const attempt = async (connection: Connection): Promise<Address> => {
      let response: Response | undefined
      if (heads < MOST_HEADS) {
        heads++
        response = await connection.fetch(url, {}, { method: 'HEAD' })
        this.#checkHead(response, heads)
      }
      // Some know only GET, and an address may be signed for it. What of the body is on the line by then is lost.
      if (!response?.ok) response = await connection.fetch(url)
      if (!response.ok) {
        const error = statusError(this.#options.name ?? url, response.status, response.headers)
        // The hub gave this address just now: the next may do.
        if (error instanceof TransientFailure || !this.isElsewhere(response) || ++refusals >= MOST_FRESH_REFUSALS)
          throw error
        throw new TransientFailure(error)
      }
      return { url: response.url || url, kind: this.isElsewhere(response) ? 'resolved' : 'original' }
    }
    return withRetries(attempt, () => 0, this.#options)
  }

  /** @throws TransientFailure where another HEAD may do */
  #checkHead(response: Response, heads: number): void {
    if (response.ok || heads === MOST_HEADS) return
    const error = statusError(this.#options.name ?? this.#original.url, response.status, response.headers)
    if (error instanceof TransientFailure) throw error
    if (heads === 1 && this.isElsewhere(response)) throw new TransientFailure(error)
  }

  /** Whether it was redirected, as far as a page may know. */
  isElsewhere({ url }: Response): boolean {
    return url !== '' && url !== this.#original.url
  }
}
