import { describe, expect, test } from 'vitest'
import { TextError } from '../errors.ts'
import { anyJsonObject, compileJsonSchema } from './compile.ts'
import { createJsonConstraint } from './json-constraint.ts'
import { maxEnumValues, maxPatternLength } from './limits.ts'
import { pocketTokenizer } from './test-support/tokenizers.ts'
import { createTokenTrie } from './token-trie.ts'

const tokenizer = pocketTokenizer()
const trie = createTokenTrie(tokenizer)
const [endToken = -1] = tokenizer.endTokenIds

function accepts(schema: unknown, text: string): boolean {
  const constraint = createJsonConstraint(compileJsonSchema(schema), trie, [endToken])
  try {
    for (const token of tokenizer.encode(text, { addSpecialTokens: false, parseSpecial: false }))
      constraint.accept(token)
    constraint.accept(endToken)
    return true
  } catch (error) {
    if (TextError.isInstance(error) && error.code === 'token-not-allowed') return false
    throw error
  }
}

function failure(schema: unknown): TextError {
  try {
    compileJsonSchema(schema)
  } catch (error) {
    if (TextError.isInstance(error)) return error
    throw error
  }
  throw new Error(`${JSON.stringify(schema)} was compiled.`)
}

const inPlace = (schema: object): object => ({ type: 'object', properties: { 'a/b': { items: schema } } })
const place = '#/properties/a~1b/items'

describe('what is not supported is named with its place', () => {
  test.each<readonly [string, object]>([
    ['not', { not: { type: 'null' } }],
    ['if', { if: {}, else: {} }],
    ['contains', { contains: {} }],
    ['uniqueItems', { uniqueItems: true }],
    ['dependentRequired', { dependentRequired: {} }],
    ['unevaluatedProperties', { unevaluatedProperties: false }],
    ['multipleOf', { multipleOf: 0.01 }],
    ['oneOf', { oneOf: [{ required: ['a'] }, { required: ['b'] }] }],
    ['$ref', { $ref: 'https://example.org/other.json' }],
    ['$dynamicRef', { $dynamicRef: '#x' }],
    ['propertyNames', { propertyNames: { anyOf: [{ pattern: '^a' }, { pattern: '^b' }] } }],
  ])('%s', (keyword, schema) => {
    const error = failure(inPlace(schema))
    expect(error.code).toBe('schema-unsupported')
    expect(error.details).toEqual({ keyword, path: place })
  })

  test.each(['(?=a)', '(?!a)', '(?<=a)b', '(a)\\1', '\\bword\\b'])('pattern %s', (pattern) => {
    expect(failure(inPlace({ pattern })).details).toEqual({ keyword: 'pattern', path: `${place}/pattern` })
  })
})

test.each<readonly [string, unknown]>([
  ['no schema', 'string'],
  ['an unknown type', { type: 'text' }],
  ['a pattern that is none', { pattern: '(' }],
  ['a reference to nowhere', { $ref: '#/$defs/none' }],
  ['a circle of references', { $ref: '#' }],
  ['nothing is valid', { type: 'integer', minimum: 2, maximum: 1 }],
  ['only infinite values are valid', { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] }],
  ['no JSON in an enum', { enum: [Number.NaN, 1n] }],
  ['a negative length', { minLength: -1 }],
])('wrong: %s', (_, schema) => {
  expect(failure(schema).code).toBe('schema-invalid')
})

test.each<readonly [string, unknown]>([
  [
    'alternatives multiplied',
    { allOf: Array.from({ length: 12 }, (_, index) => ({ anyOf: [{ minLength: index }, { maxLength: 50 + index }] })) },
  ],
  ['a pattern with too many states', { pattern: '(?:a|b)*a(?:a|b){20}' }],
  ['a pattern with too many repetitions', { pattern: '(?:(?:a{99}){99}){99}' }],
  ['a long pattern', { pattern: 'a'.repeat(maxPatternLength + 1) }],
  ['groups in groups', { pattern: `${'('.repeat(1000)}a${')'.repeat(1000)}` }],
  ['a large enum', { enum: Array.from({ length: maxEnumValues + 1 }, (_, index) => index) }],
  ['schemas in schemas', Array.from({ length: 2000 }).reduce<object>((inner) => ({ allOf: [inner] }), {})],
])('too much: %s', (_, schema) => {
  expect(failure(schema).code).toBe('schema-limit-exceeded')
})

test.each<readonly [schema: unknown, good: readonly string[], bad: readonly string[]]>([
  [
    { type: 'string' },
    ['""', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\/"', '"😀\\n"'],
    ['"\\ud83d"', '"\\ude00"', '"\\x"', '"a', '"\n"', ' ""'],
  ],
  [{ type: 'string', minLength: 2, maxLength: 2 }, ['"😀é"', '"\\ud83d\\ude00\\n"'], ['"😀"', '"abc"']],
  [{ type: 'integer' }, ['0', '-7', '999999999999999'], ['-0', '01', '1.0', '1e3', '1234567890123456', '+1', '-']],
  [{ type: 'number' }, ['0', '-0.5', '1e5', '1.25E-07'], ['.5', '1.', '1e999', 'NaN', 'Infinity', '1e', '00']],
  [
    { type: 'number', exclusiveMinimum: 0.1, maximum: 2 },
    ['0.100001', '1', '2', '2.000000'],
    ['0.1', '0.10', '2.000001', '0', '-1', '1e0'],
  ],
  [{ type: 'number', minimum: -1.5, exclusiveMaximum: -0.25 }, ['-1.5', '-0.26', '-1'], ['-0.25', '-1.6', '0', '-0']],
  [
    { type: 'integer', exclusiveMinimum: 9, maximum: 120, multipleOf: 5 },
    ['10', '15', '120'],
    ['9', '11', '5', '125', '1'],
  ],
  [{ type: 'number', minimum: 1e-9, maximum: 2e-9 }, ['0.000000001', '0.000000002'], ['0', '0.000000003', '1e-9']],
  [
    { type: 'object', properties: { a: true, b: true }, required: ['b'], additionalProperties: true },
    ['{"b":1}', '{"a": 1, "b": 2, "c": 3}'],
    ['{"a":1}', '{"b":1,"a":2}', '{"b":1,"b":2}', '{"b":1,"c":1,"c":2}', '{"b":1,}', '{}'],
  ],
  [
    { type: 'object', properties: { a: true }, required: ['b'] },
    ['{"b":1}', '{"a": 1, "b": 2}'],
    ['{"b":1,"c":1}', '{"c":1,"b":1}'],
  ],
  [
    { allOf: [{ properties: { a: true } }, { required: ['b'], properties: { b: true } }], type: 'object' },
    ['{"a":1,"b":1}', '{"b":1}'],
    ['{"b":1,"c":1}'],
  ],
  [{ type: 'object', properties: { a: true }, minProperties: 2 }, ['{"a":1,"c":1}', '{"c":1,"d":2}'], ['{"a":1}']],
  [
    { type: 'array', items: { type: 'integer' } },
    ['[]', '[1, 2]', '[\n  1,\n  2\n]'],
    ['[1,]', '[,1]', '[1 2]', '[1  ,2]', '[  ]'],
  ],
  [{ pattern: '^a\\\\"$', type: 'string' }, ['"a\\\\\\""'], ['"a"']],
  [
    { type: 'string', format: 'date' },
    ['"2026-11-22"', '"2024-02-29"'],
    ['"2026-02-29"', '"2026-13-01"', '"1900-02-29"', '"2026-11-31"'],
  ],
  [
    { type: 'string', format: 'date-time' },
    ['"2026-11-22T23:59:59Z"', '"2026-11-22T00:00:00.5+08:00"'],
    ['"2026-11-22"', '"2026-11-22T24:00:00Z"'],
  ],
  [{ type: 'string', format: 'email' }, ['"a.b+c@ex-ample.co.uk"'], ['"a@b"', '"a..b@c.de"']],
  [{ type: 'string', format: 'ipv4' }, ['"255.0.1.99"'], ['"256.0.0.1"', '"1.2.3"']],
  [{ type: 'string', format: 'no-such-format' }, ['"x"'], ['x']],
  [{ pattern: 'b', type: 'string' }, ['"abc"', '"b"'], ['"ac"', '""']],
  [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, ['"a"', '1'], ['1.5', 'null']],
  [{ enum: [{ a: 1 }, 2], type: 'object' }, ['{"a":1}'], ['2']],
])('%j: what it lets through', (schema, good, bad) => {
  for (const text of good) expect(accepts(schema, text), text).toBe(true)
  for (const text of bad) expect(accepts(schema, text), text).toBe(false)
})

test('a constraint ends once, and refuses without losing its place', () => {
  const constraint = createJsonConstraint(anyJsonObject(), trie, tokenizer.endTokenIds)
  const [open = -1] = tokenizer.encode('{', { addSpecialTokens: false })
  const [close = -1] = tokenizer.encode('}', { addSpecialTokens: false })
  expect(() => constraint.accept(endToken)).toThrow(expect.objectContaining({ code: 'token-not-allowed' }))
  expect(() => constraint.accept(close)).toThrow(expect.objectContaining({ code: 'token-not-allowed' }))
  constraint.accept(open)
  constraint.accept(close)
  expect(constraint.done).toBe(false)
  const allowed = [...constraint.allowed()].reduce(
    (sum, word) => sum + word.toString(2).replaceAll('0', '').replace('-', '').length,
    0,
  )
  expect(allowed).toBe(tokenizer.endTokenIds.length)
  constraint.accept(endToken)
  expect(constraint.done).toBe(true)
  expect(constraint.free()).toBe(0)
})

test('padding rows and special tokens are never allowed, and a byte without a token is refused', () => {
  const padded = createTokenTrie(tokenizer, tokenizer.vocabularySize + 100)
  const constraint = createJsonConstraint(compileJsonSchema({ type: 'string' }), padded, [endToken])
  const [quote = -1] = tokenizer.encode('"', { addSpecialTokens: false })
  constraint.accept(quote)
  const allowed = constraint.allowed()
  for (let token = 0; token < padded.vocabularySize; token++) {
    const bit = ((allowed[token >> 5] ?? 0) >>> (token & 31)) & 1
    if (token >= tokenizer.vocabularySize || tokenizer.isSpecial(token)) expect(bit).toBe(0)
  }
  expect(() => createTokenTrie(tokenizer, 50)).toThrow(expect.objectContaining({ code: 'tokenizer-unsupported' }))
})
