import { describe, expect, it } from 'vitest'
import type { EvaluationCase, Expected } from './evaluation-case.ts'
import { compareFields, equalJson, jsonOfReply } from './json-fields.ts'
import { type Answer, replyOf, scoreAnswer } from './score.ts'
import { toolCallsOf } from './tool-calls.ts'

const answered = (text: string, more: Partial<Answer> = {}): Answer => ({
  text,
  beyond: false,
  ended: true,
  promptTokens: 1,
  tokens: 1,
  milliseconds: 1,
  ...more,
})

const asked = (expected: Expected, more: Partial<EvaluationCase> = {}): EvaluationCase => ({
  id: 'x',
  source: 'held-out',
  task: 'x',
  lang: 'en',
  messages: [{ role: 'user', content: 'x' }],
  thinking: false,
  expected,
  copied: [],
  outside: false,
  ...more,
})

const right = { right: 1, of: 1 }
const wrong = { right: 0, of: 1 }

describe('JSON replies', () => {
  it('must be JSON and nothing else', () => {
    expect(jsonOfReply(' {"a": 1}\n')).toEqual({ a: 1 })
    expect(jsonOfReply('```json\n{"a": 1}\n```')).toBeUndefined()
    expect(jsonOfReply('Here it is: {"a": 1}')).toBeUndefined()
    expect(jsonOfReply('{"a": 1')).toBeUndefined()
    expect(jsonOfReply('')).toBeUndefined()
  })

  it('compares numbers as numbers and text exactly', () => {
    expect(compareFields(JSON.parse('{"a":40.00,"b":"x","c":null}'), JSON.parse('{"c":null,"b":" x","a":40}'))).toEqual(
      {
        right: 3,
        of: 3,
      },
    )
    expect(compareFields({ a: 40, b: 'x' }, { a: '40', b: 'X' })).toEqual({ right: 0, of: 2 })
  })

  it('counts what is missing and what was made up', () => {
    const expected = { vendor: 'A', items: [{ name: 'x', price: 1 }] }
    expect(compareFields(expected, { vendor: 'A', items: [] })).toEqual({ right: 1, of: 4 })
    expect(compareFields(expected, { ...expected, items: [...expected.items, { name: 'y', price: 2 }] })).toEqual({
      right: 3,
      of: 5,
    })
    expect(compareFields(expected, undefined)).toEqual({ right: 0, of: 3 })
    expect(equalJson(expected, { ...expected, total: null })).toBe(false)
  })

  it('knows an empty list from an empty object and from null', () => {
    expect(equalJson([], [])).toBe(true)
    expect(equalJson([], {})).toBe(false)
    expect(equalJson({}, null)).toBe(false)
    expect(equalJson(null, undefined)).toBe(false)
  })

  it('takes keys that look like parts of a path for what they are worth', () => {
    expect(equalJson({ a: { b: 1 } }, { a: { c: 1 } })).toBe(false)
    expect(equalJson(JSON.parse('{"__proto__": 1}'), {})).toBe(false)
  })

  it('are scored by validity, fields and all of them together', () => {
    const entry = asked({ kind: 'json', value: { a: 1, b: 'x' } })
    expect(scoreAnswer(entry, answered('{"a": 1, "b": "y"}'))).toMatchObject({
      json: right,
      fields: { right: 1, of: 2 },
      whole: wrong,
    })
    expect(scoreAnswer(entry, answered('{"a": 1, "b": "x"}', { beyond: true }))).toMatchObject({
      json: wrong,
      fields: { right: 0, of: 2 },
      falseFallback: right,
    })
  })
})

describe('tool calls', () => {
  const call = (body: string): string => `<tool_call>\n${body}\n</tool_call>`

  it('are read, several of them', () => {
    const text = `${call('{"name": "a", "arguments": {"x": 1}}')}\n<tool_call>{"name": "b", "arguments": {}}</tool_call>`
    expect(toolCallsOf(text)).toEqual([
      { name: 'a', arguments: { x: 1 } },
      { name: 'b', arguments: {} },
    ])
    expect(toolCallsOf('no call at all')).toEqual([])
  })

  it('that cannot be read are no calls', () => {
    expect(toolCallsOf(call('{"name": "a", "arguments": {'))).toBeUndefined()
    expect(toolCallsOf(call('["a"]'))).toBeUndefined()
    expect(toolCallsOf(`${call('{"name": "a"}')}\n<tool_call>{"name": "b"}`)).toBeUndefined()
    expect(toolCallsOf(call('{"name": 1}'))).toBeUndefined()
  })

  it('count by tool and by arguments', () => {
    const two = asked({
      kind: 'calls',
      value: [
        { name: 'a', arguments: { x: 5, y: 'z' } },
        { name: 'b', arguments: {} },
      ],
    })
    const good = call('{"name": "a", "arguments": {"y": "z", "x": 5.0}}')
    expect(scoreAnswer(two, answered(`${good}\n${call('{"name": "b", "arguments": {}}')}`))).toMatchObject({
      tool: right,
      arguments: { right: 2, of: 2 },
    })
    expect(scoreAnswer(two, answered(good))).toMatchObject({ tool: wrong, arguments: { right: 1, of: 2 } })
    expect(scoreAnswer(two, answered(call('{"name": "a", "arguments": {"y": "z", "x": "5"}}')))).toMatchObject({
      tool: wrong,
      arguments: { right: 0, of: 2 },
    })
  })

  it('are wrong where none is needed, and an unreadable one is no reply without a call', () => {
    const none = asked({ kind: 'calls', value: [] }, { outside: true })
    expect(scoreAnswer(none, answered('Hello!'))).toEqual({ tool: right, ended: right })
    expect(scoreAnswer(none, answered(call('{"name": "a", "arguments": {}}')))).toMatchObject({ tool: wrong })
    expect(scoreAnswer(none, answered('<tool_call>\n{"na'))).toMatchObject({ tool: wrong })
  })
})

describe('text replies', () => {
  it('are exact but for white space around them, after their thought', () => {
    const entry = asked({ kind: 'text', value: 'Your name is Ann.' }, { copied: ['Ann'] })
    expect(scoreAnswer(entry, answered('<think>\nAnn\n</think>\n\nYour name is Ann.'))).toMatchObject({
      exact: right,
      copied: right,
    })
    expect(scoreAnswer(entry, answered('<think>\nYour name is Ann.'))).toMatchObject({ exact: wrong, copied: wrong })
    expect(scoreAnswer(entry, answered('Your name is Anna.'))).toMatchObject({ exact: wrong, copied: wrong })
    expect(scoreAnswer(entry, answered('Your name is Ann.', { ended: false }))).toMatchObject({
      exact: wrong,
      ended: wrong,
    })
  })

  it('hold a number only where it stands alone, and Hanzi wherever they stand', () => {
    const copied = (part: string, reply: string) =>
      scoreAnswer(asked({ kind: 'text', value: '' }, { copied: [part] }), answered(reply)).copied
    expect(copied('12', 'room 312')).toEqual(wrong)
    expect(copied('12', 'room 312, no: 12.')).toEqual(right)
    expect(copied('王芳', '你好王芳！')).toEqual(right)
    expect(copied('#34', 'No.#34')).toEqual(right)
  })

  it('may be any of those allowed', () => {
    const entry = asked({ kind: 'any', value: ['Hello!', 'Hi!'] })
    expect(scoreAnswer(entry, answered('Hi!'))).toMatchObject({ intent: right, falseFallback: wrong })
    expect(scoreAnswer(entry, answered('Hi! Hi!'))).toMatchObject({ intent: wrong })
  })

  it('are sums by their last number', () => {
    const entry = asked({ kind: 'number', value: 15 })
    expect(scoreAnswer(entry, answered('<think>\n7\n</think>\n\n7 + 8 = 15'))).toMatchObject({ exact: right })
    expect(scoreAnswer(entry, answered('15 is 7 + 8'))).toMatchObject({ exact: wrong })
    expect(scoreAnswer(entry, answered('no idea'))).toMatchObject({ exact: wrong })
  })

  it('lose a thought that never ends', () => {
    expect(replyOf('<think>\nmore and more')).toBe('')
    expect(replyOf('<think>\n\n</think>\n\n ok ')).toBe('ok')
  })
})

describe('fallback', () => {
  it('is right outside and wrong inside', () => {
    const outside = asked({ kind: 'beyond' }, { source: 'outside', outside: true })
    expect(scoreAnswer(outside, answered('', { beyond: true, ended: false }))).toEqual({ fallback: right })
    expect(scoreAnswer(outside, answered('Paris.'))).toEqual({ fallback: wrong })
    const inside = asked({ kind: 'inside' }, { source: 'inside' })
    expect(scoreAnswer(inside, answered('', { beyond: true, ended: false }))).toEqual({ falseFallback: right })
    expect(scoreAnswer(inside, answered('Hello!'))).toEqual({ falseFallback: wrong })
  })
})
