/** How deep valid JSON is nested where its text ends so far. */
export class JsonDepth {
  #depth = 0
  #inString = false
  #escaped = false

  accept(text: string): void {
    for (const character of text) this.#step(character)
  }

  /** Whether `text` would close what is open, all of it. */
  closesWith(text: string): boolean {
    const after = new JsonDepth()
    after.#depth = this.#depth
    after.#inString = this.#inString
    after.#escaped = this.#escaped
    after.accept(text)
    return after.#depth === 0 && !after.#inString
  }

  #step(character: string): void {
    if (this.#escaped) this.#escaped = false
    else if (this.#inString) {
      this.#escaped = character === '\\'
      this.#inString = character !== '"'
    } else if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') this.#depth--
  }
}
