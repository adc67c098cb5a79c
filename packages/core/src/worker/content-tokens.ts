/**
 * Which tokens belong to the content. Tokens come before the text they end in is given out, and some (tags, what stands
 * between thought and answer) are of no part.
 */
export class ContentTokens<Token> {
  readonly #waiting: { readonly text: string; readonly token: Token }[] = []

  /** `text`: what came with this token. */
  add(token: Token, text: string): void {
    this.#waiting.push({ text, token })
  }

  /** The tokens seen so far were of no content. */
  drop(): void {
    this.#waiting.length = 0
  }

  /**
   * The tokens that end within a piece of content that has just come. One that goes on behind it waits for the next piece.
   * @param last the tokens waiting may hold the same text before it, of tags, but not behind it
   */
  take(content: string, last = false): Token[] {
    const text = this.#waiting.map((token) => token.text).join('')
    const start = Math.max(0, last ? text.lastIndexOf(content) : text.indexOf(content))
    const end = start + content.length
    const taken: Token[] = []
    let at = 0
    while (this.#waiting[0] && at + this.#waiting[0].text.length <= end) {
      const { text: own, token } = this.#waiting[0]
      at += own.length
      // Without text of its own it begins a character that a later one ends.
      if (at > start || (own === '' && at === start)) taken.push(token)
      this.#waiting.shift()
    }
    return taken
  }
}
