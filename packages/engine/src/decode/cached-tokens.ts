/** Which tokens the key-value cache holds, by position. */
export class CachedTokens {
  #tokens: number[] = []

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

  /** The cache now holds exactly these. */
  replace(tokens: readonly number[]): void {
    this.#tokens = [...tokens]
  }

  append(token: number): void {
    this.#tokens.push(token)
  }
}
