import type { EndingConstraint } from './forced-tokens.ts'

/** Several constraints, each from where the one before it is over. */
export class Sequence implements EndingConstraint {
  readonly #parts: readonly EndingConstraint[]

  constructor(parts: readonly EndingConstraint[]) {
    this.#parts = parts
  }

  get done(): boolean {
    return this.#current === undefined
  }

  allowed(): Uint32Array | undefined {
    return this.#current?.allowed()
  }

  free(): number {
    return this.#current?.free() ?? Number.POSITIVE_INFINITY
  }

  accept(token: number): void {
    this.#current?.accept(token)
  }

  get #current(): EndingConstraint | undefined {
    return this.#parts.find((part) => !part.done)
  }
}
