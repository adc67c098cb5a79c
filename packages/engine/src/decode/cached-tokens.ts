/** Which tokens the key-value cache holds, by position. */
export class CachedTokens {
  readonly #tokens: number[] = []

  get tokens(): readonly number[] {
    return this.#tokens
  }

  /** How many leading tokens of `tokens` are in the cache already, at most `limit`. */
  commonPrefix(tokens: readonly number[], limit: number): number {
    const most = Math.min(this.#tokens.length, tokens.length, limit)
    let length = 0
    while (length < most && this.#tokens[length] === tokens[length]) length += 1
    return length
  }

  /** From now on the cache counts as holding only its first `length` tokens. */
  truncate(length: number): void {
    this.#tokens.length = Math.min(length, this.#tokens.length)
  }

  append(tokens: readonly number[]): void {
    for (const token of tokens) this.#tokens.push(token)
  }
}
