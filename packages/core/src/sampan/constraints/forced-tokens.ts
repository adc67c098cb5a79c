import type { TokenConstraint } from '../../backend.ts'

/** A constraint that is over at some point, after which another may follow. */
export interface EndingConstraint extends TokenConstraint {
  /** True once nothing of it is left: `allowed()` is no longer asked. */
  readonly done: boolean
}

/** These tokens and no others, one after another. */
export class ForcedTokens implements EndingConstraint {
  readonly #tokens: readonly number[]
  readonly #mask: Uint32Array
  #next = 0

  constructor(tokens: readonly number[], vocabularySize: number) {
    this.#tokens = tokens
    this.#mask = new Uint32Array(Math.ceil(vocabularySize / 32))
  }

  get done(): boolean {
    return this.#next >= this.#tokens.length
  }

  allowed(): Uint32Array | undefined {
    const token = this.#tokens[this.#next]
    if (token === undefined) return undefined
    this.#mask.fill(0)
    addToken(this.#mask, token)
    return this.#mask
  }

  free(): number {
    return 0
  }

  accept(): void {
    this.#next++
  }
}

/** Sets the bit of `token`. */
export function addToken(mask: Uint32Array, token: number): void {
  mask[token >>> 5] = (mask[token >>> 5] ?? 0) | (1 << (token & 31))
}
