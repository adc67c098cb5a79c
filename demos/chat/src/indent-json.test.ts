import { describe, expect, it } from 'vitest'
import { indentJson } from './indent-json.ts'

describe('indentJson', () => {
  it('puts every value on a line and keeps its digits and escapes', () => {
    const text = '{"a": 1.50, "b": [{"c": "x, {y}: \\"z\\""}, null], "d": {}, "e": [ ]}'
    expect(indentJson(text)).toBe(
      '{\n  "a": 1.50,\n  "b": [\n    {\n      "c": "x, {y}: \\"z\\""\n    },\n    null\n  ],\n  "d": {},\n  "e": [ ]\n}',
    )
    expect(JSON.parse(indentJson(text) ?? '')).toEqual(JSON.parse(text))
  })

  it.each(['', '{', '{"a": }', '[1] says the note', '5', '"text"', 'null'])('leaves %j alone', (text) => {
    expect(indentJson(text)).toBeUndefined()
  })

  it('leaves alone what is nested beyond reading', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`
    expect(JSON.parse(indentJson(nested(20)) ?? '')).toEqual(JSON.parse(nested(20)))
    expect(indentJson(nested(30_000))).toBeUndefined()
  })
})
