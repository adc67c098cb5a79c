import type { JsonConstraint } from '@sampan/text'
import type { EndingConstraint } from './forced-tokens.ts'

/** A JSON object that is over with its last brace, so that something else may follow it. */
export class WholeJson implements EndingConstraint {
  readonly #json: JsonConstraint
  readonly #endToken: number

  /** @param endToken the one that `json` was made with; it is not chosen, but tells where the object is whole. */
  constructor(json: JsonConstraint, endToken: number) {
    this.#json = json
    this.#endToken = endToken
  }

  get done(): boolean {
    return ((this.#json.allowed()[this.#endToken >>> 5] ?? 0) & (1 << (this.#endToken & 31))) !== 0
  }

  allowed(): Uint32Array {
    return this.#json.allowed()
  }

  free(): number {
    return 0
  }

  accept(token: number): void {
    this.#json.accept(token)
  }
}
