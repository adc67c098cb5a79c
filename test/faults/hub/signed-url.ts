import { createHmac, randomBytes } from 'node:crypto'

/** What a signed address says of itself. */
interface Policy {
  readonly path: string
  /** No two addresses are the same. */
  readonly number: number
  /** Seconds since 1970, by the hub's clock. */
  readonly until: number
  /** The `Range` header that it was resolved with. */
  readonly range?: string
}

/** Addresses that are good for a while, for one file and, when they were asked for with a range, for that range only. */
export class SignedUrls {
  readonly #key = randomBytes(32)
  readonly #revoked = new Set<string>()
  readonly #clock: () => number
  readonly #seconds: number
  #count = 0

  constructor(clock: () => number, seconds: number) {
    this.#clock = clock
    this.#seconds = seconds
  }

  /** Path and query. */
  sign(path: string, range: string | undefined, more: Readonly<Record<string, string>> = {}): string {
    const policy: Policy = {
      path,
      number: this.#count++,
      until: Math.floor(this.#clock()) + this.#seconds,
      ...(range !== undefined && { range }),
    }
    const encoded = Buffer.from(JSON.stringify(policy)).toString('base64url')
    const query = new URLSearchParams({
      ...more,
      Expires: String(policy.until),
      Policy: encoded,
      Signature: this.#signature(encoded),
      'Key-Pair-Id': 'KTESTTESTTEST',
    })
    return `${path}?${query}`
  }

  /** Why a request is refused, in the words of the CDN. */
  refusal(url: URL, range: string | undefined): string | undefined {
    const encoded = url.searchParams.get('Policy') ?? ''
    const signature = url.searchParams.get('Signature') ?? ''
    if (encoded === '' || signature !== this.#signature(encoded)) return 'Auth failed: invalid signature'
    const policy: Policy = JSON.parse(Buffer.from(encoded, 'base64url').toString())
    if (policy.path !== url.pathname) return 'Auth failed: invalid path'
    if (policy.until < this.#clock() || this.#revoked.has(signature)) return 'Auth failed: expired'
    if (policy.range !== undefined && policy.range !== range) return 'Auth failed: invalid range'
    return undefined
  }

  revoke(url: URL): void {
    this.#revoked.add(url.searchParams.get('Signature') ?? '')
  }

  #signature(policy: string): string {
    return createHmac('sha256', this.#key).update(policy).digest('base64url')
  }
}
