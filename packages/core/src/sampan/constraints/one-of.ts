import type { TokenConstraint } from '../../backend.ts'

/** Several constraints, told apart by the tokens that are chosen: those that do not allow one are out. */
export class OneOf implements TokenConstraint {
  readonly #mask: Uint32Array
  #open: readonly TokenConstraint[]

  constructor(constraints: readonly TokenConstraint[], vocabularySize: number) {
    this.#open = constraints
    this.#mask = new Uint32Array(Math.ceil(vocabularySize / 32))
  }

  allowed(): Uint32Array | undefined {
    if (this.#open.length === 1) return this.#open[0]?.allowed()
    this.#mask.fill(0)
    for (const constraint of this.#open) {
      const mask = constraint.allowed()
      if (!mask) return undefined
      for (let word = 0; word < this.#mask.length; word++)
        this.#mask[word] = (this.#mask[word] ?? 0) | (mask[word] ?? 0)
    }
    return this.#mask
  }

  free(): number {
    return this.#open.length === 1 ? (this.#open[0]?.free() ?? 0) : 0
  }

  accept(token: number): void {
    this.#open = this.#open.filter((constraint) => allows(constraint.allowed(), token))
    for (const constraint of this.#open) constraint.accept(token)
  }
}

function allows(mask: Uint32Array | undefined, token: number): boolean {
  return !mask || ((mask[token >>> 5] ?? 0) & (1 << (token & 31))) !== 0
}
