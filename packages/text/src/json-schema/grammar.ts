import type { ByteAutomaton, TableAutomaton } from './byte-automaton.ts'
import type { LiteralAutomaton } from './literal-automaton.ts'

/** Index into `JsonGrammar`'s rules. A rule is what one value may be. */
export type RuleIndex = number

/** Numbers `n / 10 ** fractionDigits` for whole `n`, written without exponent. */
export interface NumberShape {
  readonly kind: 'number'
  readonly low: number
  readonly high: number
  readonly fractionDigits: number
  /** `n` is a multiple of this; 1 where anything goes. */
  readonly step: number
}

export interface ArrayShape {
  readonly kind: 'array'
  readonly prefix: readonly RuleIndex[]
  /** Of items after `prefix`; undefined only where `max` leaves none. */
  readonly items: RuleIndex | undefined
  readonly min: number
  readonly max: number
}

export interface ObjectKey {
  /** As it stands between the quotes, a character (U+0000 to U+00FF) for each byte of UTF-8. */
  readonly spelled: string
  readonly rule: RuleIndex
  readonly required: boolean
}

export interface ExtraKeys {
  /** Spelled names from after the opening quote, with labels as in `TextRules.observed`. */
  readonly names: TableAutomaton
  /** How many names each state of `names` leads to; undefined where there is no end of them. */
  readonly counts: Float64Array | undefined
  /** Spelled names that must not be, besides those in use. */
  readonly blocked: ReadonlySet<string>
  /** How many of `blocked` would otherwise be among `names`. */
  readonly taken: number
  /** By label. */
  readonly rules: ReadonlyMap<number, RuleIndex>
}

export interface ObjectShape {
  readonly kind: 'object'
  /** In the order in which they are written. */
  readonly keys: readonly ObjectKey[]
  /** Over the spellings of `keys` with their closing quotes, in their order. */
  readonly trie: LiteralAutomaton
  /** By index: the first required key from there on, and how many there are. */
  readonly nextRequired: Int32Array
  readonly requiredFrom: Int32Array
  readonly extra: ExtraKeys | undefined
  readonly min: number
  readonly max: number
}

export type Shape =
  /** Whatever an automaton reads: literals, strings with a pattern, numbers without bounds. */
  | { readonly kind: 'regular'; readonly automaton: ByteAutomaton }
  /** Any string of `min` to `max` code points. */
  | { readonly kind: 'text'; readonly min: number; readonly max: number }
  | NumberShape
  | ArrayShape
  | ObjectShape

/** A compiled schema: immutable, the same for every tokenizer. Rule 0 is the whole text; every rule can be satisfied. */
export interface JsonGrammar {
  readonly rules: readonly (readonly Shape[])[]
}
