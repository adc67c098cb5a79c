import { addToken, type EndingConstraint } from './forced-tokens.ts'

/** One of several token sequences. `chosen` is its index once it is whole; none may begin another. */
export class TokenChoice implements EndingConstraint {
  readonly #mask: Uint32Array
  readonly #sequences: readonly (readonly number[])[]
  #open: readonly number[]
  #length = 0
  #chosen: number | undefined

  constructor(sequences: readonly (readonly number[])[], vocabularySize: number) {
    this.#sequences = sequences
    this.#open = [...sequences.keys()]
    this.#mask = new Uint32Array(Math.ceil(vocabularySize / 32))
  }

  get done(): boolean {
    return this.#chosen !== undefined
  }

  get chosen(): number | undefined {
    return this.#chosen
  }

  allowed(): Uint32Array | undefined {
    this.#mask.fill(0)
    for (const index of this.#open) {
      const token = this.#sequences[index]?.[this.#length]
      if (token !== undefined) addToken(this.#mask, token)
    }
    return this.#mask
  }

  free(): number {
    return 0
  }

  accept(token: number): void {
    this.#open = this.#open.filter((index) => this.#sequences[index]?.[this.#length] === token)
    this.#length++
    this.#chosen = this.#open.find((index) => this.#sequences[index]?.length === this.#length)
  }
}
