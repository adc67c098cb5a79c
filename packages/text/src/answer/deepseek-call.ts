import { ArgumentsText } from './arguments-text.ts'
import type { CallReader, CallStep } from './call-reader.ts'
import { isJsonSpace } from './json-scanner.ts'
import { maxNameLength } from './limits.ts'

const separator = '<｜tool▁sep｜>'
const fence = '```json'

/**
 * `function<｜tool▁sep｜>NAME`, a line, and the arguments in a fence, as DeepSeek-V3 and R1 write it; also
 * `NAME<｜tool▁sep｜>{…}`, as from V3.1 on.
 */
export class DeepseekCall implements CallReader {
  #head = ''
  #name = ''
  #fence: string | undefined
  #arguments: ArgumentsText | undefined

  get name(): string {
    return this.#arguments === undefined ? '' : this.#name
  }

  get certain(): boolean {
    return this.name !== '' && this.#arguments?.certain === true
  }

  takeArguments(): string {
    return this.#arguments?.take() ?? ''
  }

  accept(character: string): CallStep {
    if (this.#arguments !== undefined) return this.#acceptArguments(character)
    if (this.#fence !== undefined) return this.#acceptFence(character)
    this.#head += character
    if (this.#head.length > maxNameLength) return 'malformed'
    const at = this.#head.indexOf(separator)
    if (at < 0) return 'more'
    const kind = this.#head.slice(0, at).trim()
    const after = this.#head.slice(at + separator.length)
    if (character === '{' && after === '{') return this.#beginArguments(kind, character)
    if (character !== '\n' || after.trim() === '') return 'more'
    this.#name = after.trim()
    this.#fence = ''
    return 'more'
  }

  end(): boolean {
    return false
  }

  #acceptFence(character: string): CallStep {
    if (character === '{') {
      const whole = this.#fence === '' || this.#fence === '```' || this.#fence === fence
      return whole ? this.#beginArguments(this.#name, character) : 'malformed'
    }
    if (isJsonSpace(character)) return 'more'
    this.#fence += character
    return fence.startsWith(this.#fence ?? '') ? 'more' : 'malformed'
  }

  #beginArguments(name: string, character: string): CallStep {
    if (name === '') return 'malformed'
    this.#name = name
    this.#arguments = new ArgumentsText(character)
    return this.#acceptArguments(character)
  }

  #acceptArguments(character: string): CallStep {
    if (!this.#arguments?.accept(character)) return 'malformed'
    return this.#arguments.complete ? 'done' : 'more'
  }
}
