import { describe, expect, it } from 'vitest'
import type { GenerationRequest } from '../backend.ts'
import { ask, time, tokenizer, weather } from '../test-support/ask-tokens.ts'

describe('thoughts', () => {
  it('are told apart from the content, and counted', async () => {
    const { content, reasoning, end } = await ask('<think>\n1 + 1\n</think>\n\n2', { thinking: true })
    expect([reasoning, content]).toEqual(['1 + 1', '2'])
    expect(end.reason).toBe('stop')
    expect(end.reasoningTokens).toBeGreaterThan(3)
    expect(end.completionTokens).toBeGreaterThan(end.reasoningTokens ?? 0)
    expect(end.cachedTokens).toBe(3)
  })

  it('are off where the request says so', async () => {
    const { content, engine, end } = await ask('2', { thinking: false })
    expect(engine.prompt).toMatch(/<think>\n\n<\/think>\n\n$/)
    expect(content).toBe('2')
    expect(end.reasoningTokens).toBe(0)
  })

  it('are closed when their budget is spent', async () => {
    const { content, reasoning } = await ask(`<think>\n${'on and on '.repeat(50)}`, {
      thinking: true,
      thinkingBudget: 10,
      maxTokens: 60,
    })
    expect(reasoning.length).toBeLessThan(60)
    expect(reasoning).not.toContain('</think>')
    expect(content).toContain('on and on')
  })

  it('of earlier answers are not sent back', async () => {
    const { engine } = await ask('ok', {
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: '<think>\nsecret\n</think>\n\nb' },
        { role: 'user', content: 'c' },
      ],
    })
    expect(engine.prompt).not.toContain('secret')
    expect(engine.prompt).toContain('b<|im_end|>')
  })
})

describe('calls of tools', () => {
  const call = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome", "days": 2}}\n</tool_call>'

  it('are parts of the answer where there are tools, else text', async () => {
    const { parts, end, engine } = await ask(call, { tools: [weather], thinking: false })
    expect(engine.prompt).toContain('"get_weather"')
    expect(parts[0]).toMatchObject({ type: 'tool-call', index: 0, name: 'get_weather' })
    expect(parts.map((part) => (part.type === 'tool-arguments' ? part.text : '')).join('')).toBe(
      '{"city": "Rome", "days": 2}',
    )
    expect(end.reason).toBe('tool_calls')
    expect((await ask(call, { thinking: false })).content).toBe(call)
    expect((await ask(call, { thinking: false, tools: [weather], toolChoice: 'none' })).content).toBe(call)
  })

  it('go round through the template', async () => {
    const { engine } = await ask('18 degrees', {
      tools: [weather],
      messages: [
        { role: 'user', content: 'Weather in Rome?' },
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city": "Rome", "days": 2}' }],
        },
        { role: 'tool', toolCallId: 'call_1', content: '{"temperature": 18}' },
      ],
    })
    expect(engine.prompt).toContain(call)
    expect(engine.prompt).toContain('<tool_response>\n{"temperature": 18}\n</tool_response>')
  })

  it.each(['required', { name: 'get_weather' }] as const)('must be made where %o is chosen', async (toolChoice) => {
    const { parts, end, content } = await ask('I would rather talk about the weather', {
      tools: [time, weather],
      toolChoice,
      thinking: false,
      maxTokens: 200,
    })
    expect(content).toBe('')
    expect(end.reason).toBe('tool_calls')
    const [first] = parts
    expect(first).toMatchObject({ type: 'tool-call' })
    if (typeof toolChoice === 'object') expect(first).toMatchObject(toolChoice)
    const text = parts.map((part) => (part.type === 'tool-arguments' && part.index === 0 ? part.text : '')).join('')
    const called: unknown = JSON.parse(text)
    if (first?.type === 'tool-call' && first.name === 'get_weather')
      expect(called).toEqual({ city: expect.any(String), days: expect.any(Number) })
  })

  it('are made of the tokens that the model itself takes', async () => {
    const request = { tools: [time, weather], toolChoice: 'required', thinking: false } as const
    for (const script of [call, `${call}\n${call}`]) {
      const { engine } = await ask(script, request)
      expect(engine.tokens.slice(0, -1)).toEqual(tokenizer.encode(script, { addSpecialTokens: false }))
    }
  })

  it('may come after a thought where one must be made', async () => {
    const { parts, reasoning } = await ask(`<think>\nhm\n</think>\n\n${call}`, {
      tools: [weather],
      toolChoice: 'required',
      thinking: true,
    })
    expect(reasoning).toBe('hm')
    expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({ name: 'get_weather' })
  })

  it('become text where the model leaves them unfinished, and stay calls where a limit cuts them', async () => {
    const text = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Ro'
    const left = await ask(text, { tools: [weather], thinking: false })
    expect(left.content).toBe(text)
    expect(left.parts.at(-1)).toMatchObject({ type: 'warning', index: 0 })
    expect(left.end.reason).toBe('stop')
    const cut = await ask(`${text}me is`, {
      tools: [weather],
      thinking: false,
      maxTokens: left.end.completionTokens - 1,
    })
    expect(cut.end.reason).toBe('length')
    expect(cut.parts.at(-1)).toMatchObject({ type: 'warning' })
    expect(cut.parts.at(-1)).not.toHaveProperty('index')
  })

  it('become text and a warning where they cannot be read', async () => {
    const { parts, content, end } = await ask('<tool_call>\n{"name" get_weather}\n</tool_call>', {
      tools: [weather],
      thinking: false,
    })
    expect(content).toContain('get_weather')
    expect(parts.some((part) => part.type === 'warning')).toBe(true)
    expect(end.reason).toBe('stop')
  })
})

describe('a format', () => {
  const schema = {
    type: 'object',
    properties: { sum: { type: 'integer' }, ok: { type: 'boolean' } },
    required: ['sum', 'ok'],
    additionalProperties: false,
  } as const

  it('binds what the model says', async () => {
    const free = await ask('{"sum": 12, "ok": true}', { format: { type: 'json-schema', schema }, thinking: false })
    expect(JSON.parse(free.content)).toEqual({ sum: 12, ok: true })
    const bound = await ask('The sum is 12.', { format: { type: 'json-schema', schema }, thinking: false })
    expect(JSON.parse(bound.content)).toEqual({ sum: expect.any(Number), ok: expect.any(Boolean) })
    const object = await ask('[1]', { format: { type: 'json-object' }, thinking: false })
    expect(JSON.parse(object.content)).toEqual(expect.any(Object))
  })

  it('begins after the thoughts', async () => {
    const { content, reasoning } = await ask('<think>\n{"no": 1}\n</think>\n\n{"sum": 3, "ok": false}', {
      format: { type: 'json-schema', schema },
    })
    expect(reasoning).toBe('{"no": 1}')
    expect(JSON.parse(content)).toEqual({ sum: 3, ok: false })
  })

  it('holds a model to it that would end within its thoughts', async () => {
    const stop = tokenizer.decode(tokenizer.endTokenIds.slice(0, 1))
    const format = { type: 'json-schema', schema } as const
    const { content, reasoning } = await ask(`<think>\nhm${stop}\n</think>\n\n{"sum": 3, "ok": false}`, { format })
    expect(reasoning).toContain('hm')
    expect(JSON.parse(content)).toEqual({ sum: expect.any(Number), ok: expect.any(Boolean) })
  })

  it('goes on where an answer that is gone on with stands', async () => {
    const request = (content: string): Partial<GenerationRequest> => ({
      format: { type: 'json-schema', schema },
      continueFinalMessage: true,
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content },
      ],
    })
    expect((await ask('7, "ok": true}', request('{"sum": 1'))).content).toBe('7, "ok": true}')
    const thought = '<think>\nhm\n</think>\n\n'
    expect((await ask('7, "ok": true}', request(`${thought}{"sum": 1`))).content).toBe('7, "ok": true}')
    await expect(ask('', request('The sum is'))).rejects.toMatchObject({
      code: 'request-invalid',
      details: { field: 'continue_final_message' },
    })
  })

  it('is refused by name where a keyword is not known', async () => {
    const strange = { type: 'object', if: {}, unevaluatedProperties: false }
    await expect(ask('', { format: { type: 'json-schema', schema: strange } })).rejects.toMatchObject({
      code: 'schema-unsupported',
    })
  })
})

describe('chances', () => {
  it('are told of the content alone', async () => {
    const { parts } = await ask('<think>\nhm\n</think>\n\nA cat <b>', { topLogprobs: 1, thinking: true })
    const told = parts.flatMap((part) => (part.type === 'content' ? (part.logprobs ?? []) : []))
    expect(told.map(({ text }) => text).join('')).toBe('A cat <b>')
    expect(told.every(({ top }) => top.length === 1)).toBe(true)
  })

  it('are told of no end token, also where the last content was held back', async () => {
    const { parts } = await ask('1 <', { topLogprobs: 0, thinking: true })
    const told = parts.flatMap((part) => (part.type === 'content' ? (part.logprobs ?? []) : []))
    expect(told.map(({ text }) => text).join('')).toBe('1 <')
  })

  it('are told of content after a call, whatever stands in its tags', async () => {
    const script = '<tool_call>\n{"name": "get_time", "arguments": {}}\n</tool_call>\ncall l'
    const { parts } = await ask(script, { topLogprobs: 0, thinking: false, tools: [time] })
    const contents = parts.filter((part) => part.type === 'content')
    expect(contents.map(({ text }) => text).join('')).toBe('call l')
    expect(contents.flatMap(({ logprobs = [] }) => logprobs.map(({ text }) => text)).join('')).toMatch(/^\n?call l$/)
  })

  it('are not told unasked', async () => {
    const { parts, engine } = await ask('A cat', { thinking: false })
    expect(parts.every((part) => !('logprobs' in part))).toBe(true)
    expect(engine.seen?.logprobs).toBeUndefined()
  })
})

it('a bias of what is no token is refused before the answer begins', async () => {
  const logitBias = [[tokenizer.vocabularySize, 1]] as const
  await expect(ask('', { logitBias })).rejects.toMatchObject({
    code: 'request-invalid',
    details: { field: `logit_bias.${tokenizer.vocabularySize}` },
  })
})

it('what an engine takes as it is goes to it', async () => {
  const options = {
    seed: 7,
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    repetitionPenalty: 1.1,
    logitBias: [[5, 1]] as const,
    cachePrompt: false,
    priority: 'background',
  } as const
  const { engine } = await ask('A cat', { thinking: false, ...options })
  expect(engine.seen).toMatchObject(options)
})

describe('prompts of tokens', () => {
  const prompt = tokenizer.encode('Sing ', { addSpecialTokens: false })
  const script = 'la 龘<|im_end|>lo<|im_end|>'
  const ids = tokenizer.encode(script, { addSpecialTokens: false })

  it('are read as they are, go on past the end, and tell each token when it comes', async () => {
    const request = { messages: [], prompt, ignoreEnd: true, tellIds: true, maxTokens: ids.length }
    const { parts, content, end, engine } = await ask(script, request)
    expect(engine.prompt).toBe('Sing ')
    expect(content).toBe('la 龘lo')
    expect(end).toMatchObject({ reason: 'length', promptTokens: prompt.length, completionTokens: ids.length })
    const told = parts.flatMap((part) => (part.type === 'content' ? (part.tokens ?? []) : []))
    expect(told.map(({ id }) => id)).toEqual(ids)
    expect(told.map(({ ms }) => ms)).toEqual(told.map(({ ms }) => ms).toSorted((one, other) => one - other))
    // A character of several tokens has its text with the last.
    expect(parts).toHaveLength(ids.length)
  })

  it('end where the model ends unless that is ignored, and tell that token too', async () => {
    const { parts, content, end } = await ask(script, { messages: [], prompt, tellIds: true })
    expect([content, end.reason]).toEqual(['la 龘', 'stop'])
    const told = parts.flatMap((part) => (part.type === 'content' ? (part.tokens ?? []) : []))
    expect(told.at(-1)?.id).toBe(tokenizer.idOf('<|im_end|>'))
  })

  it('are refused where they are no tokens of this model', async () => {
    const refused = ask('x', { messages: [], prompt: [1, tokenizer.vocabularySize] })
    await expect(refused).rejects.toMatchObject({ code: 'request-invalid', details: { field: 'prompt[1]' } })
  })
})
