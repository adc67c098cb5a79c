import { Alternatives } from './alternatives.ts'
import { numberShape } from './bounded-number.ts'
import type { TableAutomaton } from './byte-automaton.ts'
import { type ArrayDraft, type Draft, finishRules, type ObjectDraft } from './drafts.ts'
import { type Facets, typeBits } from './facets.ts'
import type { JsonGrammar, RuleIndex, Shape } from './grammar.ts'
import { maxAutomatonStates, maxEnumValues, maxLiteralLength, maxRules } from './limits.ts'
import { LiteralAutomaton } from './literal-automaton.ts'
import { exceeded, invalid, unsupported } from './schema-error.ts'
import { type Schema, SchemaTree } from './schema-tree.ts'
import { contentAutomaton, spelledAutomaton } from './text-automaton.ts'

/**
 * Compiles a JSON schema (draft 2020-12, and what draft 7 writes otherwise) to a grammar of which every text is JSON that the
 * schema accepts. Declared properties come in the schema's order, others after them. Of `format` see formats.ts.
 *
 * @throws TextError `schema-unsupported` (details: keyword, path), `schema-invalid`, `schema-limit-exceeded`
 */
export function compileJsonSchema(schema: unknown): JsonGrammar {
  try {
    return new Compiler(new SchemaTree(schema)).compile()
  } catch (error) {
    if (error instanceof RangeError) throw exceeded('levels', 1000, '#')
    throw error
  }
}

/** Any JSON object, as `json_object` asks for. */
export function anyJsonObject(): JsonGrammar {
  return compileJsonSchema({ type: 'object' })
}

class Compiler {
  readonly #tree: SchemaTree
  readonly #alternatives: Alternatives
  readonly #indices = new Map<string, RuleIndex>()
  readonly #waiting: (readonly Schema[])[] = []
  #automatonStates = 0
  #literals = 0
  #literalLength = 0

  constructor(tree: SchemaTree) {
    this.#tree = tree
    this.#alternatives = new Alternatives(tree)
  }

  compile(): JsonGrammar {
    this.#rule([this.#tree.root])
    const rules: (readonly Draft[])[] = []
    for (const schemas of this.#waiting) rules.push(this.#draft(schemas))
    const grammar = finishRules(rules)
    if (grammar.rules[0]?.length === 0) throw invalid('#', 'no value satisfies it, or none that is finite.')
    return grammar
  }

  #rule(schemas: readonly Schema[]): RuleIndex {
    const key = this.#alternatives.keyOf(schemas)
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    const index = this.#waiting.length
    if (index === maxRules) throw exceeded('kinds of values', maxRules, this.#tree.pathOf(schemas[0] ?? true))
    this.#indices.set(key, index)
    this.#waiting.push(schemas)
    return index
  }

  #draft(schemas: readonly Schema[]): readonly Draft[] {
    const drafts: Draft[] = []
    const literals = new Set<string>()
    for (const facets of this.#alternatives.of(schemas)) {
      if (facets.constants === undefined) {
        if ((facets.types & typeBits.null) !== 0) literals.add('null')
        if ((facets.types & typeBits.boolean) !== 0) literals.add('true').add('false')
        drafts.push(...this.#draftTypes(facets))
        continue
      }
      for (const value of facets.constants) {
        if (this.#alternatives.facetsAccept(facets, value)) literals.add(this.#literal(value, facets.path))
      }
    }
    if (literals.size > 0) drafts.push(ready({ kind: 'regular', automaton: new LiteralAutomaton([...literals]) }))
    return drafts
  }

  #draftTypes(facets: Facets): readonly Draft[] {
    const { types } = facets
    const drafts: Draft[] = []
    const number = (types & typeBits.number) === 0 ? undefined : numberShape(facets)
    const text = (types & typeBits.string) === 0 ? undefined : this.#textShape(facets)
    for (const shape of [number, text]) if (shape !== undefined) drafts.push(ready(shape))
    if ((types & typeBits.array) !== 0) drafts.push(this.#draftArray(facets))
    if ((types & typeBits.object) !== 0) drafts.push(this.#draftObject(facets))
    return drafts
  }

  #literal(value: unknown, path: string): string {
    const text = JSON.stringify(value)
    this.#count(text, path)
    return text
  }

  #count(text: string, path: string): void {
    this.#literals++
    this.#literalLength += text.length
    if (this.#literals > maxEnumValues) throw exceeded('enum values and properties', maxEnumValues, path)
    if (this.#literalLength > maxLiteralLength) throw exceeded('characters of enums', maxLiteralLength, path)
  }

  #textShape(facets: Facets): Shape | undefined {
    const { minLength: min, maxLength: max, path } = facets
    if (min > max) return undefined
    if (facets.patterns.length === 0) return { kind: 'text', min, max }
    const required = this.#automata(facets)
    const content = required && contentAutomaton({ required, min, max }, path)
    const automaton = content && spelledAutomaton(content, false)
    if (automaton === undefined) return undefined
    this.#automatonStates += automaton.size
    if (this.#automatonStates > maxAutomatonStates) {
      throw exceeded('states of all patterns together', maxAutomatonStates, path)
    }
    return { kind: 'regular', automaton }
  }

  /** Undefined when one of the patterns is found nowhere. */
  #automata({ patterns }: Facets): readonly TableAutomaton[] | undefined {
    const automata = patterns.flatMap(({ pattern, path }) => this.#alternatives.automaton(pattern, path) ?? [])
    return automata.length === patterns.length ? automata : undefined
  }

  #draftArray(facets: Facets): ArrayDraft {
    const length = Math.max(0, ...facets.items.map((part) => part.prefix.length))
    const prefix = Array.from({ length }, (_, index) => this.#rule(this.#alternatives.itemSchemas(facets, index)))
    const items = this.#rule(this.#alternatives.itemSchemas(facets, length))
    return { kind: 'array', prefix, items, min: facets.minItems, max: facets.maxItems }
  }

  #draftObject(facets: Facets): ObjectDraft {
    const { names: nameSchemas, path, required, minProperties: min, maxProperties: max } = facets
    const names = new Set([...facets.properties.flatMap((part) => [...part.properties.keys()]), ...required])
    const nameRules = this.#nameRules(facets)
    for (const name of nameRules.constants ?? []) names.add(name)
    const keys = [...names].map((name) => {
      const spelled = JSON.stringify(name).slice(1, -1)
      this.#count(spelled, path)
      const allowed = this.#alternatives.accepts(nameSchemas, name)
      const rule = this.#rule(allowed ? this.#alternatives.valueSchemas(facets, name) : [false])
      return { spelled, rule, required: required.includes(name) }
    })
    const open = nameRules.constants === undefined && !declaresAll(facets, names.size)
    const extra = open ? this.#draftExtra(facets, nameRules.facets) : undefined
    return { kind: 'object', keys, extra, min, max, path }
  }

  /** What `propertyNames` asks: a list of names, or facets of one kind of string; neither where nothing. */
  #nameRules(facets: Facets): { readonly constants?: readonly string[]; readonly facets?: Facets } {
    if (facets.names.length === 0) return {}
    const strings = this.#alternatives.of(facets.names).filter(({ types }) => (types & typeBits.string) !== 0)
    if (strings.every(({ constants }) => constants !== undefined)) {
      return {
        constants: strings.flatMap(({ constants = [] }) => constants.filter((name) => typeof name === 'string')),
      }
    }
    const [only] = strings
    if (only !== undefined && strings.length === 1) return { facets: only }
    throw unsupported('propertyNames', facets.path, 'it must not have alternatives.')
  }

  #draftExtra(facets: Facets, names: Facets | undefined): ObjectDraft['extra'] {
    const patterns = facets.properties.flatMap((part) => part.patterns)
    const free = names === undefined || (names.patterns.length === 0 && names.minLength === 0 && names.maxLength > 1e9)
    if (patterns.length === 0 && free) {
      const rule = this.#rule(facets.properties.map((part) => part.rest))
      return { names: undefined, rules: new Map([[1, rule]]) }
    }
    const required = names === undefined ? [] : this.#automata(names)
    if (required === undefined) return undefined
    const observed = patterns.map(({ source }) => this.#alternatives.automaton(source.pattern, source.path))
    const known = observed.filter((automaton) => automaton !== undefined)
    const automaton = contentAutomaton(
      { required, observed: known, min: names?.minLength ?? 0, max: names?.maxLength ?? Number.POSITIVE_INFINITY },
      facets.path,
    )
    if (automaton === undefined) return undefined
    const rules = new Map<number, RuleIndex>()
    for (const label of new Set(automaton.labels)) {
      if (label === 0) continue
      const matching = new Set(known.filter((_, index) => Math.floor((label - 1) / 2 ** index) % 2 === 1))
      const holds = patterns.map((_, index) => {
        const one = observed[index]
        return one !== undefined && matching.has(one)
      })
      rules.set(label, this.#rule(extraSchemas(facets, patterns, holds)))
    }
    return { names: automaton, rules }
  }
}

/**
 * Who lists properties and says nothing of others means these: keys that a model invents are of use to nobody, though JSON Schema lets
 * them pass, and a small model may go on inventing until the context is full.
 */
function declaresAll({ properties, names, minProperties }: Facets, declared: number): boolean {
  const lists = properties.some((part) => part.properties.size > 0)
  const silent = properties.every((part) => !part.restSaid && part.patterns.length === 0)
  return lists && silent && names.length === 0 && minProperties <= declared
}

function extraSchemas(
  facets: Facets,
  patterns: readonly Facets['properties'][number]['patterns'][number][],
  holds: readonly boolean[],
): readonly Schema[] {
  return facets.properties.flatMap((part) => {
    const found = part.patterns.filter((pattern) => holds[patterns.indexOf(pattern)] === true)
    return found.length === 0 ? [part.rest] : found.map(({ schema }) => schema)
  })
}

function ready(shape: Shape): Draft {
  return { kind: 'ready', shape }
}
