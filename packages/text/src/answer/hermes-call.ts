import { ArgumentsText } from './arguments-text.ts'
import type { CallReader, CallStep } from './call-reader.ts'
import { isJsonSpace, JsonScanner } from './json-scanner.ts'
import { maxNameLength } from './limits.ts'

const argumentsKeys = new Set(['arguments', 'parameters'])

/**
 * `{"name": …, "arguments": {…}}`, as Hermes and Qwen write it: keys in any order, others passed over, and the same within
 * a `"function"`, as OpenAI's API has it.
 */
export class HermesCall implements CallReader {
  readonly #scanner = new JsonScanner()
  /** Depth at which name and arguments stand. */
  #level = 1
  #key: string | undefined
  #keyText = ''
  #reading: 'key' | 'name' | 'arguments' | 'other' | undefined
  #nameText: string | undefined
  #name = ''
  #arguments: ArgumentsText | undefined
  /** Once the arguments have ended: what is not taken of them. */
  #rest: string | undefined

  get name(): string {
    return this.#name
  }

  get certain(): boolean {
    return this.#name !== '' && (this.#rest !== undefined || this.#arguments?.certain === true)
  }

  takeArguments(): string {
    const text = this.#rest ?? this.#arguments?.take() ?? ''
    if (this.#rest !== undefined) this.#rest = ''
    return text
  }

  accept(character: string): CallStep {
    const { state, depth } = this.#scanner
    if (!this.#scanner.accept(character)) return character === '<' && this.end() ? 'done-before' : 'malformed'
    if (depth === 0) return character === '{' || isJsonSpace(character) ? 'more' : 'malformed'
    if (this.#reading === undefined && !this.#begin(character, state, depth)) return 'malformed'
    if (this.#reading !== undefined && !this.#continue(character)) return 'malformed'
    if (this.#level === 2 && this.#scanner.depth === 1) this.#level = 1
    return this.#scanner.state === 'end' ? this.#end() : 'more'
  }

  end(): boolean {
    const { state, depth } = this.#scanner
    return state === 'next' && depth <= this.#level && this.#end() === 'done'
  }

  #end(): CallStep {
    if (this.#name === '') return 'malformed'
    this.#rest ??= '{}'
    return 'done'
  }

  #begin(character: string, state: string, depth: number): boolean {
    if (depth !== this.#level || isJsonSpace(character)) return true
    if ((state === 'first-key' || state === 'key') && character === '"') {
      this.#keyText = ''
      this.#reading = 'key'
    } else if (state === 'value') return this.#beginValue(character)
    return true
  }

  #beginValue(character: string): boolean {
    const key = this.#key ?? ''
    this.#reading = 'other'
    if (key === 'name' && this.#nameText === undefined) {
      this.#nameText = ''
      this.#reading = 'name'
      return character === '"'
    }
    if (argumentsKeys.has(key) && this.#arguments === undefined) {
      if (!ArgumentsText.canBegin(character)) return false
      this.#arguments = new ArgumentsText(character)
      this.#reading = 'arguments'
    } else if (key === 'function' && character === '{' && this.#level === 1) {
      this.#reading = undefined
      this.#level = 2
    }
    return true
  }

  #continue(character: string): boolean {
    switch (this.#reading) {
      case 'key':
        this.#keyText += character
        if (this.#scanner.state !== 'colon') return this.#keyText.length <= maxNameLength
        this.#key = parseString(this.#keyText)
        this.#reading = undefined
        return true
      case 'name':
        this.#nameText += character
        if (!this.#valueEnded) return (this.#nameText ?? '').length <= maxNameLength
        this.#name = parseString(this.#nameText ?? '')
        this.#reading = undefined
        return this.#name !== ''
      case 'arguments':
        return this.#continueArguments(character)
      case 'other':
      case undefined:
        if (this.#valueEnded) this.#reading = undefined
        return true
      default:
        return this.#reading satisfies never
    }
  }

  #continueArguments(character: string): boolean {
    if (!this.#arguments?.accept(character)) return false
    if (!this.#valueEnded) return true
    this.#reading = undefined
    this.#rest = this.#arguments.end()
    return this.#rest !== undefined
  }

  /** A value at the level has ended, or with a comma or brace the whole of it. */
  get #valueEnded(): boolean {
    const { state, depth } = this.#scanner
    return depth < this.#level || (depth === this.#level && (state === 'next' || state === 'key'))
  }
}

function parseString(json: string): string {
  const value: unknown = JSON.parse(Array.from(json, (one) => (one < ' ' ? ' ' : one)).join(''))
  return typeof value === 'string' ? value : ''
}
