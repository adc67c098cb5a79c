/** Looks for tags in text that comes character by character, and holds back no more than may still become one. */
export class TagWatch {
  readonly #tags: readonly string[]
  #held = ''

  constructor(tags: readonly string[]) {
    this.#tags = tags
  }

  /** The text that is certain to belong to no tag, and the tag that this character completes. */
  accept(character: string): { readonly text: string; readonly tag?: string } {
    let text = ''
    this.#held += character
    while (this.#held !== '' && !this.#tags.some((tag) => tag.startsWith(this.#held))) {
      const [first = ''] = this.#held
      text += first
      this.#held = this.#held.slice(first.length)
    }
    const held = this.#held
    if (!this.#tags.includes(held)) return { text }
    this.#held = ''
    return { text, tag: held }
  }

  /** What is held back. */
  take(): string {
    const held = this.#held
    this.#held = ''
    return held
  }
}
