import { expect, test } from 'vitest'
import { EngineError } from '../errors.ts'
import { maximumJsonDepth, parseJsonObject } from './json.ts'

const parse = (text: string) => parseJsonObject(text, 'some.json')
const messageOf = (text: string) => {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'parsed'
}

test('brackets, quotes and colons inside strings are text', () => {
  const value = { 'a{[": ': '}]"\\', b: ['"', '\\"', { c: ':' }], d: '\\\\' }
  expect(parse(JSON.stringify(value))).toEqual(value)
  expect(parse(JSON.stringify(value, null, 2))).toEqual(value)
})

test('equal keys in different objects are no duplicates', () => {
  expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] })
})

test.each([
  ['{"a":1,"a":2}', /^file-malformed.*key a twice/],
  ['{"a":1,"\\u0061":2}', /^file-malformed.*key a twice/],
  ['{"x":[{"a":1 , "a"\n:2}]}', /^file-malformed.*key a twice/],
  ['', /^file-malformed.*not valid JSON/],
  ['{"a":NaN}', /^file-malformed.*not valid JSON/],
  ['{"a":Infinity}', /^file-malformed.*not valid JSON/],
  ['{"a":1}}', /^file-malformed.*not valid JSON/],
  ['{"a', /^file-malformed.*not valid JSON/],
  ['{"\\q":1,"\\q":2}', /^file-malformed/],
  ['[1]', /^file-malformed.*does not hold a JSON object/],
  ['null', /^file-malformed.*does not hold a JSON object/],
  [`{"a":${'['.repeat(maximumJsonDepth)}${']'.repeat(maximumJsonDepth)}}`, /^file-limit-exceeded.*nests more than/],
  [`{"a":${'['.repeat(5_000_000)}`, /^file-limit-exceeded.*nests more than/],
])('%.40s is refused', (text, expected) => {
  expect(messageOf(text)).toMatch(expected)
})

test('the greatest depth is allowed', () => {
  const depth = maximumJsonDepth - 1
  expect(messageOf(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toBe('parsed')
})

test('a key named __proto__ is a key like any other', () => {
  expect(Object.keys(parse('{"__proto__":{"dtype":"F32"}}'))).toEqual(['__proto__'])
})

test('a long run of escaped quotes is scanned in one pass', () => {
  expect(messageOf(`{"${'\\"'.repeat(2_000_000)}`)).toMatch(/^file-malformed/)
})
