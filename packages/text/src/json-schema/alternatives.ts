import { disjointRanges } from './bounded-number.ts'
import type { TableAutomaton } from './byte-automaton.ts'
import { anything, canonicalText, everyType, type Facets, narrow, typeBits } from './facets.ts'
import { maxAlternatives, maxAutomatonStates, maxExpansionDepth } from './limits.ts'
import { patternAutomaton } from './pattern-automaton.ts'
import { exceeded, invalid, unsupported } from './schema-error.ts'
import { isRecord, type Schema, type SchemaObject, type SchemaTree } from './schema-tree.ts'

/** How far into required properties two schemas are compared for having no value in common. */
const maxDisjointDepth = 4

/** Multiplies out what schemas say about one value, into facets of which one must hold. */
export class Alternatives {
  readonly #tree: SchemaTree
  readonly #known = new Map<string, readonly Facets[]>()
  readonly #constants = new WeakMap<Facets, ReadonlySet<string>>()
  #automatonStates = 0
  readonly #patterns = new Map<string, TableAutomaton | undefined>()

  constructor(tree: SchemaTree) {
    this.#tree = tree
  }

  /** The same for the same schemas in whatever order. */
  keyOf(schemas: readonly Schema[]): string {
    const ids = schemas.filter((schema) => schema !== true).map((schema) => this.#tree.idOf(schema))
    return [...new Set(ids)].sort((a, b) => a - b).join(',')
  }

  /** Of values that satisfy all `schemas`; none where no value does. */
  of(schemas: readonly Schema[]): readonly Facets[] {
    const key = this.keyOf(schemas)
    let alternatives = this.#known.get(key)
    if (alternatives === undefined) {
      alternatives = [anything]
      for (const schema of new Set(schemas)) alternatives = this.#expand(alternatives, schema, [])
      this.#known.set(key, alternatives)
    }
    return alternatives
  }

  accepts(schemas: readonly Schema[], value: unknown): boolean {
    return this.of(schemas).some((facets) => this.facetsAccept(facets, value))
  }

  facetsAccept(facets: Facets, value: unknown): boolean {
    if ((facets.types & typeOf(value)) === 0) return false
    if (facets.constants !== undefined && !this.#isConstant(facets, value)) return false
    if (typeof value === 'number') return numberFits(facets, value)
    if (typeof value === 'string') return this.#stringFits(facets, value)
    if (Array.isArray(value)) return this.#arrayFits(facets, value)
    return isRecord(value) ? this.#objectFits(facets, value) : true
  }

  /** What the values of that property must satisfy. */
  valueSchemas({ properties }: Facets, name: string): readonly Schema[] {
    return properties.flatMap((part) => {
      const own = part.properties.get(name)
      const matching = part.patterns.filter(({ source }) => this.matches(source.pattern, source.path, name))
      const found = [...(own === undefined ? [] : [own]), ...matching.map(({ schema }) => schema)]
      return found.length === 0 ? [part.rest] : found
    })
  }

  itemSchemas({ items }: Facets, index: number): readonly Schema[] {
    return items.map((part) => part.prefix[index] ?? part.rest)
  }

  /** Undefined where the pattern is found in no text. */
  automaton(pattern: string, path: string): TableAutomaton | undefined {
    if (!this.#patterns.has(pattern)) {
      const automaton = patternAutomaton(pattern, path)
      this.#patterns.set(pattern, automaton)
      this.#automatonStates += automaton?.size ?? 0
      if (this.#automatonStates > maxAutomatonStates) {
        throw exceeded('states of all patterns together', maxAutomatonStates, path)
      }
    }
    return this.#patterns.get(pattern)
  }

  matches(pattern: string, path: string, text: string): boolean {
    return this.automaton(pattern, path)?.matches(new TextEncoder().encode(text)) ?? false
  }

  #expand(base: readonly Facets[], schema: Schema, active: readonly Schema[]): readonly Facets[] {
    if (schema === true || base.length === 0) return base
    if (schema === false) return []
    const path = this.#tree.pathOf(schema)
    if (active.includes(schema)) throw invalid(path, 'it refers to itself with no value between.')
    if (active.length === maxExpansionDepth) throw exceeded('schemas in one another', maxExpansionDepth, path)
    const inner = [...active, schema]
    let result = base.flatMap((facets) => narrow(facets, schema, this.#tree) ?? [])
    if (schema['$ref'] !== undefined)
      result = [...this.#expand(result, this.#tree.resolve(schema['$ref'], schema), inner)]
    for (const part of this.#tree.list(schema, 'allOf')) result = [...this.#expand(result, part, inner)]
    if (schema['anyOf'] !== undefined) result = this.#branches(result, schema, 'anyOf', inner).flat()
    if (schema['oneOf'] !== undefined) {
      const branches = this.#branches(result, schema, 'oneOf', inner)
      this.#requireDisjoint(branches, path)
      result = branches.flat()
    }
    if (result.length > maxAlternatives) throw exceeded('alternatives of one value', maxAlternatives, path)
    return result
  }

  #branches(
    base: readonly Facets[],
    schema: SchemaObject,
    keyword: 'anyOf' | 'oneOf',
    active: readonly Schema[],
  ): Facets[][] {
    let count = 0
    return this.#tree.list(schema, keyword).map((branch) => {
      const expanded = [...this.#expand(base, branch, active)]
      count += expanded.length
      if (count > maxAlternatives) {
        throw exceeded('alternatives of one value', maxAlternatives, this.#tree.pathOf(schema))
      }
      return expanded
    })
  }

  #requireDisjoint(branches: readonly (readonly Facets[])[], path: string): void {
    for (const [index, branch] of branches.entries()) {
      for (const other of branches.slice(index + 1)) {
        if (this.#allDisjoint(branch, other, 0)) continue
        const hint = 'give each branch a required property with its own const, or write anyOf.'
        throw unsupported('oneOf', path, `its branches may have values in common: ${hint}`)
      }
    }
  }

  #allDisjoint(some: readonly Facets[], others: readonly Facets[], depth: number): boolean {
    return some.every((one) => others.every((other) => this.#disjoint(one, other, depth)))
  }

  /** Surely without a value in common. */
  #disjoint(one: Facets, other: Facets, depth: number): boolean {
    if (one.constants !== undefined) return !one.constants.some((value) => this.#both(one, other, value))
    if (other.constants !== undefined) return !other.constants.some((value) => this.#both(one, other, value))
    const common = one.types & other.types
    if ((common & (typeBits.null | typeBits.boolean)) !== 0) return false
    if ((common & typeBits.number) !== 0 && !disjointRanges(one, other)) return false
    const apart = (low: number, high: number, otherLow: number, otherHigh: number): boolean =>
      high < otherLow || otherHigh < low
    if ((common & typeBits.string) !== 0) {
      if (!apart(one.minLength, one.maxLength, other.minLength, other.maxLength)) return false
    }
    if ((common & typeBits.array) !== 0) {
      if (!apart(one.minItems, one.maxItems, other.minItems, other.maxItems)) return false
    }
    return (common & typeBits.object) === 0 || this.#disjointObjects(one, other, depth)
  }

  #disjointObjects(one: Facets, other: Facets, depth: number): boolean {
    if (depth === maxDisjointDepth) return false
    return [...new Set([...one.required, ...other.required])].some((name) => {
      const values = this.valueSchemas(one, name)
      const otherValues = this.valueSchemas(other, name)
      if (one.required.includes(name) && other.required.includes(name)) {
        return this.#allDisjoint(this.of(values), this.of(otherValues), depth + 1)
      }
      return this.of(one.required.includes(name) ? otherValues : values).length === 0
    })
  }

  #both(one: Facets, other: Facets, value: unknown): boolean {
    return this.facetsAccept(one, value) && this.facetsAccept(other, value)
  }

  #isConstant(facets: Facets, value: unknown): boolean {
    const { constants = [], path } = facets
    const texts = this.#constants.get(facets) ?? new Set(constants.map((constant) => canonicalText(constant, path)))
    this.#constants.set(facets, texts)
    return texts.has(canonicalText(value, path))
  }

  #stringFits({ minLength, maxLength, patterns }: Facets, value: string): boolean {
    const length = [...value].length
    if (length < minLength || length > maxLength) return false
    return patterns.every(({ pattern, path }) => this.matches(pattern, path, value))
  }

  #arrayFits(facets: Facets, value: readonly unknown[]): boolean {
    if (value.length < facets.minItems || value.length > facets.maxItems) return false
    return value.every((item, index) => this.accepts(this.itemSchemas(facets, index), item))
  }

  #objectFits(facets: Facets, value: Readonly<Record<string, unknown>>): boolean {
    const names = Object.keys(value)
    if (names.length < facets.minProperties || names.length > facets.maxProperties) return false
    if (!facets.required.every((name) => Object.hasOwn(value, name))) return false
    return names.every(
      (name) => this.accepts(facets.names, name) && this.accepts(this.valueSchemas(facets, name), value[name]),
    )
  }
}

function typeOf(value: unknown): number {
  if (value === null) return typeBits.null
  if (Array.isArray(value)) return typeBits.array
  switch (typeof value) {
    case 'boolean':
      return typeBits.boolean
    case 'number':
      return typeBits.number
    case 'string':
      return typeBits.string
    case 'object':
      return typeBits.object
    default:
      return everyType + 1
  }
}

function numberFits({ integer, low, high, steps }: Facets, value: number): boolean {
  if (integer && !Number.isInteger(value)) return false
  if (low !== undefined && (low.exclusive ? value <= low.value : value < low.value)) return false
  if (high !== undefined && (high.exclusive ? value >= high.value : value > high.value)) return false
  return steps.every((step) => Number.isInteger(value / step))
}
