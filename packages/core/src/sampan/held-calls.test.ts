import type { Tokenizer } from '@sampan/text'
import { describe, expect, it } from 'vitest'
import {
  type Answered,
  ask,
  conversation,
  ScriptedEngine,
  time,
  tokenizer,
  weather,
} from '../test-support/ask-tokens.ts'
import { SampanModel } from './sampan-model.ts'

/** `tokenizer` with other control tokens. */
function bound(original: Tokenizer, isSpecial: (token: number) => boolean): Tokenizer {
  return new Proxy(original, {
    get(target, name) {
      if (name === 'isSpecial') return isSpecial
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('calls of tools, held to what the request wants of them', () => {
  const call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome", "days": 2}}\n</tool_call>'
  const argumentsOf = ({ parts }: Answered): string =>
    parts.map((part) => (part.type === 'tool-arguments' && part.index === 0 ? part.text : '')).join('')
  const called = (answered: Answered): unknown => JSON.parse(argumentsOf(answered))

  it('are one where parallel calls are off, whatever the model would do', async () => {
    const both = await ask(`${call}\n${call}`, { tools: [weather], thinking: false })
    expect(both.parts.filter(({ type }) => type === 'tool-call')).toHaveLength(2)
    const one = await ask(`${call}\n${call}`, { tools: [weather], thinking: false, parallelToolCalls: false })
    expect(one.parts.filter(({ type }) => type === 'tool-call')).toHaveLength(1)
    expect(called(one)).toEqual({ city: 'Rome', days: 2 })
    expect(one.end.reason).toBe('tool_calls')
  })

  it('are one of a function that is named, as many as the model will where calls are required', async () => {
    const request = { tools: [time, weather], thinking: false } as const
    const count = ({ parts }: Answered): number => parts.filter(({ type }) => type === 'tool-call').length
    expect(count(await ask(`${call}\n${call}`, { ...request, toolChoice: 'required' }))).toBe(2)
    expect(count(await ask(`${call}\n${call}`, { ...request, toolChoice: { name: 'get_weather' } }))).toBe(1)
  })

  it('are possible beside a format', async () => {
    const request = {
      tools: [time, weather],
      format: {
        type: 'json-schema',
        schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
      },
      thinking: false,
    } as const
    const calls = await ask(call, request)
    expect(calls.parts[0]).toMatchObject({ type: 'tool-call', name: 'get_weather' })
    expect(calls.end.reason).toBe('tool_calls')
    const content = await ask('{"ok": true}', request)
    expect(JSON.parse(content.content)).toEqual({ ok: true })
    expect(JSON.parse((await ask('Neither of them', request)).content)).toEqual({ ok: expect.any(Boolean) })
    const after = await ask(`<think>\nhm\n</think>\n\n${call}`, { ...request, thinking: true })
    expect([after.reasoning, called(after)]).toEqual(['hm', { city: 'Rome', days: 2 }])
  })

  it('follow the schema of strict tools, also where the model may choose', async () => {
    const wrong = call.replace('"days": 2', '"days": "two"')
    expect(called(await ask(wrong, { tools: [weather], thinking: false }))).toEqual({ city: 'Rome', days: 'two' })
    const strict = await ask(`Let me see.\n${wrong}`, { tools: [{ ...weather, strict: true }], thinking: false })
    expect(strict.content).toBe('Let me see.')
    expect(called(strict)).toEqual({ city: 'Rome', days: expect.any(Number) })
    const text = await ask('No call.', { tools: [{ ...weather, strict: true }], thinking: false })
    expect(text.content).toBe('No call.')
  })

  it('have no arguments where the tool has no parameters', async () => {
    const named = { tools: [time], toolChoice: { name: 'get_time' }, thinking: false } as const
    const script = '<tool_call>\n{"name": "get_time", "arguments": {"zone": "CET"}}\n</tool_call>'
    expect(called(await ask(script, named))).toEqual({})
  })

  it('name what no schema can hold them to, before the answer begins', async () => {
    const strange = { type: 'object', if: {}, unevaluatedProperties: false }
    const strict = { name: 'f', parameters: strange, strict: true } as const
    for (const request of [{ toolChoice: 'required' }, { format: { type: 'json-object' } }, {}] as const) {
      const engine = new ScriptedEngine('')
      const model = new SampanModel(engine, conversation, { backend: 'sampan', source: 'pocket', bytes: 0 })
      let accepted = false
      const answer = model.generate(
        { messages: [{ role: 'user', content: 'Hi' }], tools: [time, strict], ...request },
        { signal: new AbortController().signal, accepted: () => (accepted = true), part: async () => true },
      )
      await expect(answer).rejects.toMatchObject({
        code: 'schema-unsupported',
        details: { field: 'tools[1].function.parameters' },
      })
      expect(accepted).toBe(false)
    }
    const loose = await ask('', {
      tools: [{ name: 'f', parameters: strange }],
      toolChoice: 'required',
      thinking: false,
    })
    expect(called(loose)).toEqual(expect.any(Object))
  })

  it('are seen where the file marks their tags as control tokens', async () => {
    const tags = new Set(['<tool_call>', '</tool_call>', '<think>', '</think>'].map((tag) => tokenizer.idOf(tag)))
    const marked = bound(tokenizer, (token) => tags.has(token) || tokenizer.isSpecial(token))
    const answered = await ask(
      `<think>\nhm\n</think>\n\n${call}`,
      { tools: [weather], thinking: true },
      { ...conversation, tokenizer: marked },
    )
    expect([answered.reasoning, called(answered)]).toEqual(['hm', { city: 'Rome', days: 2 }])
  })
})
