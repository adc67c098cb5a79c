import type { JsonConstraint } from '@sampan/text'
import { addToken, type EndingConstraint } from './forced-tokens.ts'
import { JsonDepth } from './json-depth.ts'

/** A space before the object: vocabularies have tokens for it together with the brace, and models write those. */
export interface LeadingSpace {
  readonly token: number
  /** Tokens that begin with the space, and those that are the same without it. */
  readonly joined: ReadonlyMap<number, number>
}

/** A token with the object's last brace and the beginning of what follows it. */
export interface LastToken {
  /** The one that is the same without what follows. */
  readonly bare: number
  readonly beyond: string
}

export interface WholeJsonOptions {
  readonly json: JsonConstraint
  /** That `json` was made with; it is not chosen, but tells where the object is whole. */
  readonly endToken: number
  /** Text of a token by itself. */
  readonly textOf: (token: number) => string
  readonly space?: LeadingSpace | undefined
  readonly lastTokens?: ReadonlyMap<number, LastToken>
}

/** A JSON object that is over with its last brace, so that something else may follow it. */
export class WholeJson implements EndingConstraint {
  readonly #options: WholeJsonOptions
  readonly #depth = new JsonDepth()
  #space: LeadingSpace | undefined
  #beyond = ''

  constructor(options: WholeJsonOptions) {
    this.#options = options
    this.#space = options.space
  }

  get done(): boolean {
    return hasToken(this.#options.json.allowed(), this.#options.endToken)
  }

  /** What follows the object and came with its last token. */
  get beyond(): string {
    return this.#beyond
  }

  allowed(): Uint32Array {
    const { json, lastTokens = new Map<number, LastToken>(), textOf } = this.#options
    const mask = json.allowed()
    if (this.#space) {
      const led = new Uint32Array(mask.length)
      addToken(led, this.#space.token)
      for (const [token, bare] of this.#space.joined) if (hasToken(mask, bare)) addToken(led, token)
      return led
    }
    const all = mask.slice()
    for (const [token, { bare }] of lastTokens)
      if (hasToken(mask, bare) && this.#depth.closesWith(textOf(bare))) addToken(all, token)
    return all
  }

  free(): number {
    return 0
  }

  accept(token: number): void {
    const { json, lastTokens, textOf } = this.#options
    const space = this.#space
    this.#space = undefined
    if (token === space?.token) return
    const last = hasToken(json.allowed(), token) ? undefined : lastTokens?.get(token)
    const own = last?.bare ?? space?.joined.get(token) ?? token
    json.accept(own)
    this.#depth.accept(textOf(own))
    this.#beyond = last?.beyond ?? ''
  }
}

function hasToken(mask: Uint32Array, token: number): boolean {
  return ((mask[token >>> 5] ?? 0) & (1 << (token & 31))) !== 0
}
