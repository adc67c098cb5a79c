const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** What a JSON string stands for, while its text comes in, quotes and all. The text must be JSON. */
export class JsonStringDecoder {
  #escape = ''
  #high = ''
  #begun = false

  /** Whole characters that are certain with this one. */
  accept(character: string): string {
    if (this.#escape !== '') return this.#acceptEscape(character)
    if (character === '\\') {
      this.#escape = '\\'
      return ''
    }
    if (character !== '"') return this.#whole(character)
    const closes = this.#begun
    this.#begun = true
    return closes ? this.#whole('') : ''
  }

  #acceptEscape(character: string): string {
    this.#escape += character
    if (this.#escape.startsWith('\\u')) {
      if (this.#escape.length < 6) return ''
      const unit = String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16))
      this.#escape = ''
      return this.#whole(unit)
    }
    this.#escape = ''
    return this.#whole(shortEscapes[character] ?? character)
  }

  #whole(text: string): string {
    const joined = this.#high + text
    this.#high = /[\ud800-\udbff]$/.test(joined) && text !== '' ? joined.slice(-1) : ''
    return this.#high === '' ? joined : joined.slice(0, -1)
  }
}
