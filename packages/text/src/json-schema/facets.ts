import { formatPatterns } from './formats.ts'
import { invalid, unsupported } from './schema-error.ts'
import { isRecord, type Schema, type SchemaObject, type SchemaTree } from './schema-tree.ts'

export const typeBits = { null: 1, boolean: 2, object: 4, array: 8, number: 16, string: 32 } as const
export const everyType = 63

export interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

export interface PatternSource {
  readonly pattern: string
  readonly path: string
}

/** One schema's word on the items of an array: those of `prefix`, then `rest`. */
export interface ItemsPart {
  readonly prefix: readonly Schema[]
  readonly rest: Schema
}

/** One schema's word on the values of an object. */
export interface PropertiesPart {
  readonly properties: ReadonlyMap<string, Schema>
  readonly patterns: readonly { readonly source: PatternSource; readonly schema: Schema }[]
  readonly rest: Schema
  /** `additionalProperties` is there. */
  readonly restSaid: boolean
}

/** What schemas that hold together, without alternatives, ask of a value. */
export interface Facets {
  readonly types: number
  readonly integer: boolean
  /** The value is one of these; absent: any. */
  readonly constants?: readonly unknown[]
  readonly low?: Bound
  readonly high?: Bound
  readonly steps: readonly number[]
  readonly minLength: number
  readonly maxLength: number
  readonly patterns: readonly PatternSource[]
  readonly items: readonly ItemsPart[]
  readonly minItems: number
  readonly maxItems: number
  readonly properties: readonly PropertiesPart[]
  readonly required: readonly string[]
  readonly names: readonly Schema[]
  readonly minProperties: number
  readonly maxProperties: number
  /** Of a schema among them, for messages. */
  readonly path: string
}

export const anything: Facets = {
  types: everyType,
  integer: false,
  steps: [],
  minLength: 0,
  maxLength: Number.POSITIVE_INFINITY,
  patterns: [],
  items: [],
  minItems: 0,
  maxItems: Number.POSITIVE_INFINITY,
  properties: [],
  required: [],
  names: [],
  minProperties: 0,
  maxProperties: Number.POSITIVE_INFINITY,
  path: '#',
}

/** Keywords that change what is valid, and why they cannot be held to. */
const refused: Readonly<Record<string, string>> = {
  not: 'say what the value is instead.',
  if: 'write the cases as anyOf.',
  contains: 'describe the items with items or prefixItems.',
  minContains: 'describe the items with items or prefixItems.',
  maxContains: 'describe the items with items or prefixItems.',
  dependentRequired: 'write the cases as anyOf.',
  dependentSchemas: 'write the cases as anyOf.',
  dependencies: 'write the cases as anyOf.',
  unevaluatedItems: 'use items.',
  unevaluatedProperties: 'use additionalProperties.',
  $dynamicRef: 'use $ref.',
  $recursiveRef: 'use $ref.',
}

/**
 * Adds to `base` what `schema` asks by its own keywords, those that hold other schemas for the same value apart.
 * Undefined when no value is left.
 *
 * @throws TextError `schema-invalid`, `schema-unsupported`
 */
export function narrow(base: Facets, schema: SchemaObject, tree: SchemaTree): Facets | undefined {
  const path = tree.pathOf(schema)
  for (const keyword of Object.keys(refused)) {
    if (schema[keyword] !== undefined) throw unsupported(keyword, path, refused[keyword] ?? '')
  }
  if (schema['uniqueItems'] === true && !(typeof schema['maxItems'] === 'number' && schema['maxItems'] <= 1)) {
    throw unsupported('uniqueItems', path, 'leave it out, and check the answer.')
  }
  const { types, integer } = readTypes(schema, path)
  const constants = readConstants(base, schema, path)
  const low = tighter(base.low, readBound(schema, 'minimum', 'exclusiveMinimum', path, 1), 1)
  const high = tighter(base.high, readBound(schema, 'maximum', 'exclusiveMaximum', path, -1), -1)
  const step = readNumber(schema, 'multipleOf', path)
  if (step !== undefined && step <= 0) throw invalid(`${path}/multipleOf`, 'it must be more than 0.')
  if (step !== undefined && !Number.isSafeInteger(step)) {
    throw unsupported('multipleOf', path, `${step} is no whole number; only those are exact.`)
  }
  const pattern = schema['pattern']
  if (pattern !== undefined && typeof pattern !== 'string') throw invalid(`${path}/pattern`, 'it must be a string.')
  const facets: Facets = {
    types: base.types & types,
    integer: base.integer || integer,
    ...(constants === undefined ? {} : { constants }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    steps: step === undefined ? base.steps : [...base.steps, step],
    minLength: Math.max(base.minLength, readCount(schema, 'minLength', path) ?? 0),
    maxLength: Math.min(base.maxLength, readCount(schema, 'maxLength', path) ?? Number.POSITIVE_INFINITY),
    patterns: [...base.patterns, ...readPatterns(pattern, schema['format'], path)],
    items: [...base.items, ...readItems(schema, tree)],
    minItems: Math.max(base.minItems, readCount(schema, 'minItems', path) ?? 0),
    maxItems: Math.min(base.maxItems, readCount(schema, 'maxItems', path) ?? Number.POSITIVE_INFINITY),
    properties: [...base.properties, ...readProperties(schema, tree, path)],
    required: [...new Set([...base.required, ...readRequired(schema, path)])],
    names: schema['propertyNames'] === undefined ? base.names : [...base.names, tree.child(schema, 'propertyNames')],
    minProperties: Math.max(base.minProperties, readCount(schema, 'minProperties', path) ?? 0),
    maxProperties: Math.min(base.maxProperties, readCount(schema, 'maxProperties', path) ?? Number.POSITIVE_INFINITY),
    path,
  }
  return facets.types === 0 || facets.constants?.length === 0 ? undefined : facets
}

function readPatterns(pattern: string | undefined, format: unknown, path: string): readonly PatternSource[] {
  const formatPattern = formatPatterns.get(format)
  return [
    ...(pattern === undefined ? [] : [{ pattern, path: `${path}/pattern` }]),
    ...(formatPattern === undefined ? [] : [{ pattern: formatPattern, path: `${path}/format` }]),
  ]
}

function readTypes(schema: SchemaObject, path: string): { readonly types: number; readonly integer: boolean } {
  const type = schema['type']
  if (type === undefined) return { types: everyType, integer: false }
  const names: readonly unknown[] = Array.isArray(type) ? type : [type]
  let types = schema['nullable'] === true ? typeBits.null : 0
  for (const name of names) {
    if (name === 'integer') types |= typeBits.number
    else if (isTypeName(name)) types |= typeBits[name]
    else throw invalid(`${path}/type`, `${JSON.stringify(name)} is no type.`)
  }
  return { types, integer: names.includes('integer') && !names.includes('number') }
}

function isTypeName(name: unknown): name is keyof typeof typeBits {
  return typeof name === 'string' && Object.hasOwn(typeBits, name)
}

function readConstants(base: Facets, schema: SchemaObject, path: string): readonly unknown[] | undefined {
  let constants = base.constants
  const values = schema['enum']
  if (values !== undefined) {
    if (!Array.isArray(values)) throw invalid(`${path}/enum`, 'it must be an array.')
    constants = both(constants, values, `${path}/enum`)
  }
  return Object.hasOwn(schema, 'const') ? both(constants, [schema['const']], `${path}/const`) : constants
}

function both(known: readonly unknown[] | undefined, values: readonly unknown[], path: string): readonly unknown[] {
  if (known === undefined) return values
  const texts = new Set(values.map((value) => canonicalText(value, path)))
  return known.filter((value) => texts.has(canonicalText(value, path)))
}

/** JSON in which equal values are spelled alike. @throws TextError `schema-invalid` for what is no JSON */
export function canonicalText(value: unknown, path: string): string {
  try {
    const text: string | undefined = JSON.stringify(value, (_, inner: unknown) =>
      isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
    )
    if (typeof text === 'string') return text
  } catch {
    // Circles and bigints: as wrong as what has no text.
  }
  throw invalid(path, 'a value is no JSON.')
}

function readBound(
  schema: SchemaObject,
  keyword: string,
  exclusiveKeyword: string,
  path: string,
  sign: 1 | -1,
): Bound | undefined {
  const value = readNumber(schema, keyword, path)
  const exclusive = readNumber(schema, exclusiveKeyword, path)
  const inclusiveBound = value === undefined ? undefined : { value, exclusive: false }
  return tighter(inclusiveBound, exclusive === undefined ? undefined : { value: exclusive, exclusive: true }, sign)
}

/** Of two lower (`sign` 1) or upper (-1) bounds the one that leaves less. */
function tighter(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b
  if (a.value === b.value) return a.exclusive ? a : b
  return sign * a.value > sign * b.value ? a : b
}

function readItems(schema: SchemaObject, tree: SchemaTree): readonly ItemsPart[] {
  const { items } = schema
  if (Array.isArray(items)) {
    const rest = schema['additionalItems'] === undefined ? true : tree.child(schema, 'additionalItems')
    return [{ prefix: tree.list(schema, 'items'), rest }]
  }
  if (items === undefined && schema['prefixItems'] === undefined) return []
  return [{ prefix: tree.list(schema, 'prefixItems'), rest: items === undefined ? true : tree.child(schema, 'items') }]
}

function readProperties(schema: SchemaObject, tree: SchemaTree, path: string): readonly PropertiesPart[] {
  const rest = schema['additionalProperties'] === undefined ? true : tree.child(schema, 'additionalProperties')
  const properties = new Map(tree.children(schema, 'properties'))
  const patterns = tree
    .children(schema, 'patternProperties')
    .map(([pattern, value]) => ({ source: { pattern, path: `${path}/patternProperties` }, schema: value }))
  return rest === true && properties.size === 0 && patterns.length === 0
    ? []
    : [{ properties, patterns, rest, restSaid: schema['additionalProperties'] !== undefined }]
}

function readRequired(schema: SchemaObject, path: string): readonly string[] {
  const { required } = schema
  if (required === undefined) return []
  if (Array.isArray(required) && required.every((name) => typeof name === 'string')) return required
  throw invalid(`${path}/required`, 'it must be an array of strings.')
}

function readNumber(schema: SchemaObject, keyword: string, path: string): number | undefined {
  const value = schema[keyword]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw invalid(`${path}/${keyword}`, 'it must be a finite number.')
}

function readCount(schema: SchemaObject, keyword: string, path: string): number | undefined {
  const value = readNumber(schema, keyword, path)
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return value
  throw invalid(`${path}/${keyword}`, 'it must be a whole number, 0 or more.')
}
