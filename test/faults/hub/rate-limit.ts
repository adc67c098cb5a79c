import type { Headers } from './reply.ts'

const windowSeconds = 300

/** So many requests in five minutes. */
export class RateLimit {
  readonly #name: string
  readonly #most: number
  readonly #clock: () => number
  #count = 0
  #window = 0

  constructor(name: string, most: number, clock: () => number) {
    this.#name = name
    this.#most = most
    this.#clock = clock
  }

  /** Counts a request. @returns whether it is one too many, and the headers that say so; pages may not read them. */
  count(): { readonly exceeded: boolean; readonly headers: Headers } {
    const window = Math.floor(this.#clock() / windowSeconds)
    if (window !== this.#window) this.#count = 0
    this.#window = window
    this.#count++
    const left = Math.max(0, this.#most - this.#count)
    const seconds = Math.ceil((window + 1) * windowSeconds - this.#clock())
    return {
      exceeded: this.#count > this.#most,
      headers: {
        RateLimit: `"${this.#name}";r=${left};t=${seconds}`,
        'RateLimit-Policy': `"fixed window";"${this.#name}";q=${this.#most};w=${windowSeconds}`,
      },
    }
  }
}
