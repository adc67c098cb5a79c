import { maxCallDepth, maxPlainLength } from './limits.ts'

export type JsonState =
  | 'value'
  | 'first-item'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'next'
  | 'string'
  | 'escape'
  | 'hex'
  | 'plain'
  | 'end'

const plainPattern = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/

export function isJsonSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r'
}

/**
 * Reads one JSON value, character by character, by the grammar of RFC 8259 but for control characters, which strings may
 * hold. Nothing may follow the value; a number alone never ends.
 */
export class JsonScanner {
  #state: JsonState = 'value'
  #inKey = false
  #hexDigits = 0
  #plain = ''
  readonly #containers: ('object' | 'array')[] = []

  /** What comes next. */
  get state(): JsonState {
    return this.#state
  }

  /** Lists and mappings that are open. */
  get depth(): number {
    return this.#containers.length
  }

  get inString(): boolean {
    return this.#state === 'string' || this.#state === 'escape' || this.#state === 'hex'
  }

  /** False where the text is no JSON with this character; it is not taken then. */
  accept(character: string): boolean {
    switch (this.#state) {
      case 'string':
        return this.#acceptInString(character)
      case 'escape':
        if (!'"\\/bfnrtu'.includes(character)) return false
        this.#hexDigits = 0
        return this.#go(character === 'u' ? 'hex' : 'string')
      case 'hex':
        if (!/^[0-9a-fA-F]$/.test(character)) return false
        this.#hexDigits++
        return this.#go(this.#hexDigits === 4 ? 'string' : 'hex')
      case 'plain':
        if (/^[\w.+-]$/.test(character)) {
          this.#plain += character
          return this.#plain.length <= maxPlainLength
        }
        if (!plainPattern.test(this.#plain)) return false
        this.#endValue()
        return this.accept(character)
      default:
        return isJsonSpace(character) || this.#acceptToken(character)
    }
  }

  #acceptInString(character: string): boolean {
    if (character === '\\') return this.#go('escape')
    if (character !== '"') return true
    if (this.#inKey) return this.#go('colon')
    this.#endValue()
    return true
  }

  #acceptToken(character: string): boolean {
    const state = this.#state
    if (state === 'colon') return character === ':' && this.#go('value')
    if (state === 'next') return character === ',' ? this.#go(this.#inArray ? 'value' : 'key') : this.#close(character)
    if (state === 'end') return false
    if (state === 'first-key' && character === '}') return this.#close(character)
    if (state === 'first-item' && character === ']') return this.#close(character)
    if (state === 'first-key' || state === 'key') {
      this.#inKey = true
      return character === '"' && this.#go('string')
    }
    return this.#beginValue(character)
  }

  #beginValue(character: string): boolean {
    if (character === '{' || character === '[') {
      if (this.#containers.length === maxCallDepth) return false
      this.#containers.push(character === '{' ? 'object' : 'array')
      return this.#go(character === '{' ? 'first-key' : 'first-item')
    }
    this.#inKey = false
    if (character === '"') return this.#go('string')
    this.#plain = character
    return /^[-\dtfn]$/.test(character) && this.#go('plain')
  }

  #close(character: string): boolean {
    if (character !== (this.#inArray ? ']' : '}')) return false
    this.#containers.pop()
    this.#endValue()
    return true
  }

  get #inArray(): boolean {
    return this.#containers.at(-1) === 'array'
  }

  #endValue(): void {
    this.#state = this.#containers.length === 0 ? 'end' : 'next'
  }

  #go(state: JsonState): true {
    this.#state = state
    return true
  }
}
