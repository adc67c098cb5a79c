import {
  type CodePointRange,
  complement,
  digits,
  lineEnds,
  propertyCharacters,
  unite,
  whiteSpace,
  wordCharacters,
} from './character-set.ts'
import { maxPatternDepth, maxPatternLength } from './limits.ts'
import { exceeded, invalid, unsupported } from './schema-error.ts'

export type PatternNode =
  | { readonly kind: 'set'; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }

const controlEscapes: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 }
const classEscapes: Readonly<Record<string, readonly CodePointRange[]>> = {
  d: digits,
  D: complement(digits),
  w: wordCharacters,
  W: complement(wordCharacters),
  s: whiteSpace,
  S: complement(whiteSpace),
}
const quantifier = /^\{(\d+)(,)?(\d+)?\}/
const hexadecimal =
  /^(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/

/**
 * Reads an ECMA-262 pattern with the `u` flag, as JSON Schema means it.
 *
 * @throws TextError `schema-invalid`, `schema-unsupported` for look-around, back references and word borders
 */
export function parsePattern(pattern: string, path: string): PatternNode {
  if (pattern.length > maxPatternLength) throw exceeded('characters in a pattern', maxPatternLength, path)
  if (!isRegularExpression(pattern)) throw invalid(path, `${JSON.stringify(pattern)} is no regular expression.`)
  return new PatternParser(pattern, path).parse()
}

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

class PatternParser {
  readonly #source: string
  readonly #path: string
  #at = 0
  #depth = 0

  constructor(source: string, path: string) {
    this.#source = source
    this.#path = path
  }

  parse(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#source.length) throw this.#refuse('a closing bracket without an opening one')
    return node
  }

  #choice(): PatternNode {
    const items = [this.#sequence()]
    while (this.#eat('|')) items.push(this.#sequence())
    const [only] = items
    return items.length === 1 && only !== undefined ? only : { kind: 'choice', items }
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#peek())) items.push(this.#repeated(this.#atom()))
    return { kind: 'sequence', items }
  }

  #repeated(item: PatternNode): PatternNode {
    let bounds: readonly [number, number] | undefined
    if (this.#eat('*')) bounds = [0, Number.POSITIVE_INFINITY]
    else if (this.#eat('+')) bounds = [1, Number.POSITIVE_INFINITY]
    else if (this.#eat('?')) bounds = [0, 1]
    else {
      const match = quantifier.exec(this.#source.slice(this.#at))
      if (match === null) return item
      this.#at += match[0].length
      const min = Number(match[1])
      const open = match[2] === undefined ? min : Number.POSITIVE_INFINITY
      bounds = [min, match[3] === undefined ? open : Number(match[3])]
    }
    this.#eat('?')
    return { kind: 'repeat', item, min: bounds[0], max: bounds[1] }
  }

  #atom(): PatternNode {
    if (this.#eat('^')) return { kind: 'start' }
    if (this.#eat('$')) return { kind: 'end' }
    if (this.#eat('.')) return { kind: 'set', ranges: complement(lineEnds) }
    if (this.#eat('(')) return this.#group()
    if (this.#eat('[')) return { kind: 'set', ranges: this.#class() }
    if (this.#eat('\\')) {
      if (/^[bB]/.test(this.#rest())) throw this.#refuse('word borders (\\b)')
      return { kind: 'set', ranges: this.#escape() }
    }
    return { kind: 'set', ranges: [this.#literal()] }
  }

  #group(): PatternNode {
    if (++this.#depth > maxPatternDepth) throw exceeded('groups in one another', maxPatternDepth, this.#path)
    if (this.#eat('?')) {
      const kind = /^(?::|<(?![=!])[^>]*>)/.exec(this.#rest())
      if (kind === null) throw this.#refuse('look-around and flags in a group')
      this.#at += kind[0].length
    }
    const node = this.#choice()
    this.#eat(')')
    this.#depth--
    return node
  }

  #class(): readonly CodePointRange[] {
    const negated = this.#eat('^')
    const ranges: CodePointRange[] = []
    while (!this.#eat(']')) {
      const low = this.#classMember()
      const [first] = low
      if (this.#peek() === '-' && this.#source[this.#at + 1] !== ']' && low.length === 1 && first?.[0] === first?.[1]) {
        this.#at++
        const high = this.#classMember()[0]
        ranges.push([first?.[0] ?? 0, high?.[1] ?? 0])
      } else {
        ranges.push(...low)
      }
    }
    return negated ? complement(ranges) : unite(ranges)
  }

  #classMember(): readonly CodePointRange[] {
    if (!this.#eat('\\')) return [this.#literal()]
    if (this.#eat('b')) return [[8, 8]]
    return this.#escape()
  }

  #escape(): readonly CodePointRange[] {
    const letter = this.#peek()
    if (/^(?:[1-9]|k)/.test(this.#rest())) throw this.#refuse('back references')
    const hex = hexadecimal.exec(this.#rest())
    if (hex !== null) {
      this.#at += hex[0].length
      const [, byte, long, high, low, unit] = hex
      const text = high === undefined || low === undefined ? '' : `${unitOf(high)}${unitOf(low)}`
      const code = text === '' ? Number.parseInt(byte ?? long ?? unit ?? '', 16) : (text.codePointAt(0) ?? 0)
      return [[code, code]]
    }
    const property = /^[pP]\{[^}]*\}/.exec(this.#rest())
    if (property !== null) {
      this.#at += property[0].length
      return propertyCharacters(`\\${property[0]}`)
    }
    const characters = classEscapes[letter]
    const control = controlEscapes[letter]
    if (characters !== undefined || control !== undefined) this.#at++
    if (characters !== undefined) return characters
    if (control !== undefined) return [[control, control]]
    if (letter === 'c') {
      const code = this.#source.charCodeAt(this.#at + 1) % 32
      this.#at += 2
      return [[code, code]]
    }
    return [this.#literal()]
  }

  #literal(): CodePointRange {
    const code = this.#source.codePointAt(this.#at) ?? 0
    this.#at += code > 0xffff ? 2 : 1
    return [code, code]
  }

  #peek(): string {
    return this.#source[this.#at] ?? ''
  }

  #rest(): string {
    return this.#source.slice(this.#at)
  }

  #eat(character: string): boolean {
    if (this.#peek() !== character || character === '') return false
    this.#at++
    return true
  }

  #refuse(what: string): Error {
    return unsupported('pattern', this.#path, `${what} in ${JSON.stringify(this.#source)} have no automaton here.`)
  }
}

function unitOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}
