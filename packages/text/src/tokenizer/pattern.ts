import { TextError } from '../errors.ts'
import { maxPatternLength } from './limits.ts'

/** What Oniguruma's shorthands mean under Unicode; JavaScript's own differ (`\s` there has U+FEFF and lacks U+0085). */
const shorthands: Readonly<Record<string, string>> = {
  s: '\\p{White_Space}',
  S: '\\P{White_Space}',
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  h: '0-9a-fA-F',
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}',
}
/** Escapes that stand for one control character, equal in both dialects. */
const controlEscapes = 'tnrfv'
/** Letters that Unicode case folding joins with an ASCII letter besides its other case. */
const foldedTogether: Readonly<Record<string, string>> = { s: '\u017f', k: '\u212a' }
const syntaxCharacters = '^$\\.*+?()[]{}|/'

/**
 * Compiles a split pattern of the Rust `tokenizers` library (Oniguruma, Ruby syntax) to JavaScript with the same
 * matches. Covers what tokenizers use: classes, Unicode properties, lookaround, `(?i:…)`, greedy and lazy quantifiers.
 * Repetition of a group that itself repeats is refused, since such patterns can take exponential time.
 *
 * @throws TextError `tokenizer-unsupported`, `tokenizer-limit-exceeded`
 */
export function compilePattern(source: string): RegExp {
  if (source.length > maxPatternLength) {
    throw new TextError(
      'tokenizer-limit-exceeded',
      `A split pattern is ${source.length} characters long; ${maxPatternLength} is the most.`,
    )
  }
  const translated = new PatternTranslator(source).translate()
  try {
    return new RegExp(translated, 'gu')
  } catch (cause) {
    throw unsupported(source, 'JavaScript cannot compile it', cause)
  }
}

/** A pattern that matches exactly `text`. */
export function literalPattern(text: string): RegExp {
  if (text === '') throw unsupported(text, 'it is empty')
  const escaped = [...text].map((character) => (syntaxCharacters.includes(character) ? `\\${character}` : character))
  return new RegExp(escaped.join(''), 'gu')
}

interface OpenGroup {
  readonly ignoreCase: boolean
  repeats: boolean
}

class PatternTranslator {
  readonly #source: string
  #at = 0
  #out = ''
  readonly #groups: OpenGroup[] = [{ ignoreCase: false, repeats: false }]
  /** The last closed group held a repetition, and nothing has followed it yet. */
  #closedRepeating = false

  constructor(source: string) {
    this.#source = source
  }

  translate(): string {
    while (this.#at < this.#source.length) this.#step()
    if (this.#groups.length !== 1) throw unsupported(this.#source, 'a group is not closed')
    return this.#out
  }

  get #group(): OpenGroup {
    const group = this.#groups.at(-1)
    if (group === undefined) throw unsupported(this.#source, 'a group is closed twice')
    return group
  }

  #step(): void {
    const character = this.#source.charAt(this.#at)
    const closedRepeating = this.#closedRepeating
    this.#closedRepeating = false
    if (character === '\\') this.#out += this.#escape(false)
    else if (character === '[') this.#class()
    else if (character === '(') this.#open()
    else if (character === ')') this.#close()
    else if (character === '*' || character === '+' || character === '?' || character === '{')
      this.#quantifier(closedRepeating)
    else this.#literal(character)
  }

  #literal(character: string): void {
    this.#at++
    // Ruby's anchors are per line, and its dot stops at line feeds only.
    if (character === '^') this.#out += '(?<![^\\n])'
    else if (character === '$') this.#out += '(?![^\\n])'
    else if (character === '.') this.#out += '[^\\n]'
    else if (character === '|') this.#out += '|'
    else if (character === ']' || character === '}') this.#out += `\\${character}`
    else this.#out += this.#group.ignoreCase ? eitherCase(character) : character
  }

  #open(): void {
    const rest = this.#source.slice(this.#at)
    const opening = /^\((?:\?(?:i:|:|=|!|<=|<!))?/.exec(rest)?.[0] ?? '('
    if (opening === '(' && rest.startsWith('(?'))
      throw unsupported(this.#source, `it has the group ${rest.slice(0, 4)}`)
    const ignoreCase = opening === '(?i:' || this.#group.ignoreCase
    this.#groups.push({ ignoreCase, repeats: false })
    this.#out += opening === '(?i:' || opening === '(' ? '(?:' : opening
    this.#at += opening.length
  }

  #close(): void {
    const closed = this.#group
    this.#groups.pop()
    if (closed.repeats) this.#group.repeats = true
    this.#closedRepeating = closed.repeats
    this.#out += ')'
    this.#at++
  }

  #quantifier(closedRepeating: boolean): void {
    const found = /^(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\}|\{,\d{1,4}\})/.exec(this.#source.slice(this.#at))?.[0]
    if (found === undefined) throw unsupported(this.#source, 'it has a brace that opens no repetition')
    if (this.#source.charAt(this.#at + found.length) === '+')
      throw unsupported(this.#source, 'it has a possessive repetition')
    const once = found === '?'
    if (closedRepeating && !once) throw unsupported(this.#source, 'it repeats a group that itself repeats')
    if (!once) this.#group.repeats = true
    this.#at += found.length
    this.#out += found.startsWith('{,') ? `{0${found.slice(1)}` : found
    if (this.#source.charAt(this.#at) === '?') {
      this.#out += '?'
      this.#at++
    }
  }

  #class(): void {
    this.#at++
    this.#out += '['
    if (this.#source.charAt(this.#at) === '^') {
      this.#out += '^'
      this.#at++
    }
    for (let first = true; this.#source.charAt(this.#at) !== ']' || first; first = false) {
      const character = this.#source.charAt(this.#at)
      if (character === '') throw unsupported(this.#source, 'a character class is not closed')
      if (character === '[') throw unsupported(this.#source, 'it nests character classes')
      if (this.#source.startsWith('&&', this.#at)) throw unsupported(this.#source, 'it intersects character classes')
      if (character === '\\') this.#out += this.#escape(true)
      else {
        this.#at++
        const hidden = syntaxCharacters.includes(character)
        this.#out += hidden ? `\\${character}` : this.#group.ignoreCase ? bothCases(character) : character
      }
    }
    this.#out += ']'
    this.#at++
  }

  #escape(inClass: boolean): string {
    const name = this.#source.charAt(this.#at + 1)
    const rest = this.#source.slice(this.#at)
    const hexadecimal = /^\\(?:x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(rest)
    if (hexadecimal !== null) {
      this.#at += hexadecimal[0].length
      return `\\u{${hexadecimal[1] ?? hexadecimal[2] ?? hexadecimal[3] ?? ''}}`
    }
    if (name === 'p' || name === 'P') return this.#property(rest)
    this.#at += 2
    const shorthand = shorthands[name]
    if (shorthand !== undefined)
      return inClass || shorthand.startsWith('\\p{W') || shorthand.startsWith('\\P') ? shorthand : `[${shorthand}]`
    if (name !== '' && controlEscapes.includes(name)) return `\\${name}`
    if (name === '' || /[0-9A-Za-z]/.test(name)) throw unsupported(this.#source, `it has the escape \\${name}`)
    return syntaxCharacters.includes(name) || name === '-' ? (name === '-' && !inClass ? '-' : `\\${name}`) : name
  }

  #property(rest: string): string {
    const found = /^\\([pP])\{(\^?)([A-Za-z_]{1,40})\}/.exec(rest)
    if (found === null) throw unsupported(this.#source, 'it has a malformed property')
    this.#at += found[0].length
    const negated = (found[1] === 'P') !== (found[2] === '^')
    const name = found[3] ?? ''
    for (const candidate of [name, `Script=${name}`]) {
      const property = `\\${negated ? 'P' : 'p'}{${candidate}}`
      if (compiles(property)) return property
    }
    throw unsupported(this.#source, `it names the unknown property ${name}`)
  }
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== ''
  } catch {
    return false
  }
}

function bothCases(character: string): string {
  const lower = character.toLowerCase()
  const upper = character.toUpperCase()
  return lower === upper || lower.length !== 1 || upper.length !== 1
    ? character
    : lower + upper + (foldedTogether[lower] ?? '')
}

function eitherCase(character: string): string {
  const cases = bothCases(character)
  return cases.length === 1 ? cases : `[${cases}]`
}

function unsupported(source: string, reason: string, cause?: unknown): TextError {
  return new TextError(
    'tokenizer-unsupported',
    `The tokenizer's split pattern ${JSON.stringify(source.slice(0, 80))} is not supported: ${reason}.`,
    { pattern: source },
    cause,
  )
}
