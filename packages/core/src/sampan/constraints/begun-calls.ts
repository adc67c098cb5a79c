import type { TokenConstraint } from '../../backend.ts'

export interface BegunCallsOptions {
  /** Text of a token by itself. */
  readonly textOf: (token: number) => string
  /** What begins the calls, as text; tokens may cut it anywhere. */
  readonly tag: string
  /** Binds what follows the tag, of which `written` came with the tag's last token; undefined where that fits no call. */
  readonly calls: (written: string) => TokenConstraint | undefined
}

/** An answer that may be any text, and is bound from where calls of tools begin in it. */
export class BegunCalls implements TokenConstraint {
  readonly #options: BegunCallsOptions
  #tail = ''
  #calls: TokenConstraint | undefined

  constructor(options: BegunCallsOptions) {
    this.#options = options
  }

  allowed(): Uint32Array | undefined {
    return this.#calls?.allowed()
  }

  /** Any token may be the tag's last. */
  free(): number {
    return this.#calls?.free() ?? 0
  }

  accept(token: number): void {
    if (this.#calls) {
      this.#calls.accept(token)
      return
    }
    const { textOf, tag, calls } = this.#options
    const text = this.#tail + textOf(token)
    const at = text.indexOf(tag)
    if (at >= 0) this.#calls = calls(text.slice(at + tag.length))
    // Shorter than the tag, so that none is seen twice.
    this.#tail = text.slice(text.length - Math.min(text.length, tag.length - 1))
  }
}
