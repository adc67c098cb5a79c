import { isJsonSpace, JsonScanner } from './json-scanner.ts'
import { JsonStringDecoder } from './json-string-decoder.ts'

/**
 * The arguments of a call while they are written: an object, or a string that holds one, or null for none. Gives the
 * object's text as the model wrote it, but for control characters within strings, which are escaped as JSON wants them.
 */
export class ArgumentsText {
  readonly #decoder: JsonStringDecoder | undefined
  readonly #scanner = new JsonScanner()
  readonly #isNull: boolean
  #untaken = ''
  #characters = 0

  /** @param first the value's first character; `accept` is to be called with it too. */
  constructor(first: string) {
    this.#decoder = first === '"' ? new JsonStringDecoder() : undefined
    this.#isNull = first === 'n'
  }

  static canBegin(first: string): boolean {
    return first === '{' || first === '"' || first === 'n'
  }

  /** False where these are no arguments. */
  accept(character: string): boolean {
    if (this.#isNull) return true
    const text = this.#decoder === undefined ? character : this.#decoder.accept(character)
    for (const one of text) if (!this.#acceptInner(one)) return false
    return true
  }

  /** Whether the object's text is all there; what no object was written for counts as one that is empty. */
  get complete(): boolean {
    return this.#scanner.state === 'end' || this.#characters === 0
  }

  /** Whether there is an object beyond doubt: after the brace stands what may stand there. */
  get certain(): boolean {
    return this.#characters > 1
  }

  take(): string {
    const text = this.#untaken
    this.#untaken = ''
    return text
  }

  /** @returns what is left to give when the value has ended, undefined where it is no object. */
  end(): string | undefined {
    if (!this.complete) return undefined
    return this.#characters === 0 ? '{}' : this.take()
  }

  #acceptInner(character: string): boolean {
    const outside = this.#scanner.depth === 0
    if (outside && isJsonSpace(character)) return true
    if (outside && character !== '{') return false
    if (!this.#scanner.accept(character)) return false
    if (!isJsonSpace(character)) this.#characters++
    const isControl = this.#scanner.inString && character < ' '
    this.#untaken += isControl ? JSON.stringify(character).slice(1, -1) : character
    return true
  }
}
