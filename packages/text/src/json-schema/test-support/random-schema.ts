import { pick } from './random.ts'

type Made = Record<string, unknown>

const names = [
  'a',
  'id',
  'name',
  'größe',
  'a b',
  'quote"d',
  'back\\slash',
  '名前',
  '😀',
  'x-1',
  'tab\there',
  'constructor',
  'ab',
  '',
]
const patterns = [
  '^[a-z]+$',
  '^\\d{3}-\\d{2}$',
  'foo',
  '^a|b$',
  '^(?:ab)*$',
  '^[^"\\\\]{2,4}$',
  '^\\p{Lu}\\w*$',
  '[äöü]',
  '^.{3}$',
  '^x?y+z*$',
  '^\\S+@\\S+$',
]
const scalars: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  1e21,
  '',
  'x',
  'ünï',
  '"',
  '\\',
  'line\nbreak',
  [],
  {},
  [1, { a: null }],
]

/** A schema that some finite value satisfies, of the keywords that are supported. */
export function randomSchema(random: () => number): object {
  const definitions: Made = {}
  const schema = make(random, 4, definitions)
  for (const name of ['Tree', 'List']) definitions[name] = makeDefinition(name, random)
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema, $defs: definitions }
}

function makeDefinition(name: string, random: () => number): Made {
  const reference = { $ref: `#/$defs/${name}` }
  if (name === 'List') {
    return { anyOf: [{ type: 'null' }, objectOf({ head: make(random, 0, {}), tail: reference }, ['head', 'tail'])] }
  }
  return objectOf({ value: make(random, 0, {}), children: { type: 'array', items: reference, maxItems: 3 } }, ['value'])
}

function objectOf(properties: Made, required: readonly string[]): Made {
  return { type: 'object', properties, required, additionalProperties: false }
}

function make(random: () => number, depth: number, definitions: Made): Made {
  const leaf = [makeString, makeInteger, makeNumber, makeEnum, makePlain]
  const inner = [makeObject, makeObject, makeArray, makeUnion, makeReference, makeAllOf, makeMap]
  const maker = depth <= 0 || random() < 0.25 ? pick(leaf, random) : pick(inner, random)
  return { ...(random() < 0.2 ? { description: 'A description.' } : {}), ...maker(random, depth, definitions) }
}

function makePlain(random: () => number): Made {
  return pick<Made>(
    [{ type: 'boolean' }, { type: 'null' }, { type: ['string', 'null'] }, { type: ['integer', 'boolean'] }, {}],
    random,
  )
}

function makeString(random: () => number): Made {
  const schema: Made = { type: 'string' }
  const choice = random()
  if (choice < 0.4) return { ...schema, pattern: pick(patterns, random) }
  if (choice < 0.7) schema['minLength'] = Math.floor(random() * 5)
  if (choice > 0.5) schema['maxLength'] = 5 + Math.floor(random() * 20)
  return schema
}

function makeInteger(random: () => number): Made {
  const low = Math.floor((random() - 0.5) * 10 ** Math.floor(random() * 9))
  const schema: Made = { type: 'integer' }
  if (random() < 0.6) schema[pick(['minimum', 'exclusiveMinimum'], random)] = low
  if (random() < 0.6) schema[pick(['maximum', 'exclusiveMaximum'], random)] = low + 20 + Math.floor(random() * 1000)
  if (random() < 0.2) schema['multipleOf'] = pick([1, 2, 5, 7], random)
  return schema
}

function makeNumber(random: () => number): Made {
  const low = Number(((random() - 0.5) * 10 ** Math.floor(random() * 5)).toFixed(Math.floor(random() * 5)))
  const schema: Made = { type: 'number' }
  if (random() < 0.6) schema[pick(['minimum', 'exclusiveMinimum'], random)] = low
  if (random() < 0.6) schema[pick(['maximum', 'exclusiveMaximum'], random)] = low + 10 ** -Math.floor(random() * 4)
  return schema
}

function makeEnum(random: () => number): Made {
  if (random() < 0.3) return { const: pick(scalars, random) }
  return { enum: [...new Set(Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(scalars, random)))] }
}

function makeObject(random: () => number, depth: number, definitions: Made): Made {
  const chosen = names.filter(() => random() < 0.3)
  const properties = Object.fromEntries(chosen.map((name) => [name, make(random, depth - 1, definitions)]))
  const schema: Made = { type: 'object', properties, required: chosen.filter(() => random() < 0.6) }
  const choice = random()
  if (choice < 0.5) schema['additionalProperties'] = false
  else if (choice < 0.7) schema['additionalProperties'] = make(random, 0, definitions)
  if (choice > 0.8) schema['minProperties'] = chosen.length + 1
  if (random() < 0.2) schema['maxProperties'] = chosen.length + 2
  return schema
}

function makeMap(random: () => number, depth: number, definitions: Made): Made {
  const schema: Made = { type: 'object', additionalProperties: make(random, depth - 1, definitions), minProperties: 1 }
  const choice = random()
  if (choice < 0.3) schema['propertyNames'] = { pattern: pick(['^[a-c]{1,2}$', '^[a-z_]+$', '^(?:a|b+)$'], random) }
  else if (choice < 0.5) schema['propertyNames'] = { enum: ['one', 'two', 'three'] }
  else if (choice < 0.8)
    schema['patternProperties'] = { '^x': make(random, 0, definitions), '\\d$': { type: 'integer' } }
  return { ...schema, ...(choice >= 0.5 && choice < 0.8 ? { additionalProperties: { type: 'boolean' } } : {}) }
}

function makeArray(random: () => number, depth: number, definitions: Made): Made {
  const schema: Made = { type: 'array', items: make(random, depth - 1, definitions) }
  const choice = random()
  if (choice < 0.4) schema['minItems'] = Math.floor(random() * 4)
  if (choice > 0.3) schema['maxItems'] = 4 + Math.floor(random() * 4)
  if (random() < 0.3) schema['prefixItems'] = [make(random, 0, definitions), make(random, 0, definitions)]
  return schema
}

function makeUnion(random: () => number, depth: number, definitions: Made): Made {
  if (random() < 0.4) {
    const branches = ['cat', 'dog', 'bird'].map((kind) =>
      objectOf({ kind: { const: kind }, [kind]: make(random, depth - 2, definitions) }, ['kind']),
    )
    return { oneOf: branches }
  }
  return { anyOf: Array.from({ length: 2 + Math.floor(random() * 2) }, () => make(random, depth - 1, definitions)) }
}

function makeReference(random: () => number): Made {
  return { $ref: `#/$defs/${pick(['Tree', 'List'], random)}` }
}

function makeAllOf(random: () => number, depth: number, definitions: Made): Made {
  const some = { type: 'object', properties: { a: make(random, depth - 1, definitions) }, required: ['a'] }
  const more = { properties: { b: make(random, depth - 1, definitions), a: {} }, maxProperties: 4 }
  return { allOf: [some, more] }
}
