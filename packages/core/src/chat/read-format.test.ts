import { describe, expect, it } from 'vitest'
import { refusal } from '../test-support/refusal.ts'
import { readFormat } from './read-format.ts'

const schema = (more: object): object => ({ type: 'json_schema', json_schema: { name: 'r', ...more } })

describe('readFormat', () => {
  it('reads what OpenAI has', () => {
    expect(readFormat(null)).toBeUndefined()
    expect(readFormat({ type: 'text' })).toBeUndefined()
    expect(readFormat({ type: 'json_object' })).toEqual({ type: 'json-object' })
    const description = 'an answer'
    expect(readFormat(schema({ description, strict: false, schema: { type: 'array' } }))).toEqual({
      type: 'json-schema',
      schema: { type: 'array' },
    })
    expect(readFormat(schema({ strict: null }))).toEqual({ type: 'json-object' })
  })

  it.each<[string, string, unknown]>([
    ['request-invalid', 'response_format', 'json'],
    ['request-invalid', 'response_format.type', {}],
    ['request-unsupported', 'response_format.type', { type: 'grammar' }],
    ['request-invalid', 'response_format.json_schema', { type: 'json_schema' }],
    ['request-invalid', 'response_format.json_schema.name', { type: 'json_schema', json_schema: { schema: {} } }],
    ['request-invalid', 'response_format.json_schema.name', schema({ name: 'two words' })],
    ['request-invalid', 'response_format.json_schema.schema', schema({ schema: 'x' })],
    ['request-invalid', 'response_format.json_schema.schema', schema({ schema: true })],
    ['request-unsupported', 'response_format.json_schema.scheme', schema({ scheme: {} })],
  ])('%s: %s', (code, field, format) => {
    expect(refusal(() => readFormat(format))).toEqual({ code, field })
  })
})
