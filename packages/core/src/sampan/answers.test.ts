import { readFileSync } from 'node:fs'
import { bytesSource, openGguf } from '@sampan/engine'
import { describe, expect, it } from 'vitest'
import type { AnswerPart, GenerationEnd, GenerationRequest, TokenEngine, TokenGenerateOptions } from '../backend.ts'
import { openConversation } from './open-conversation.ts'
import { SampanModel } from './sampan-model.ts'

// Pocket's tokenizer and template (Qwen3's format of thoughts and calls), with scripted tokens instead of its weights.
const file = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))
const conversation = openConversation(await openGguf(bytesSource(Uint8Array.from(file), 'pocket.gguf')), {}, 'pocket')
const { tokenizer } = conversation

const isAllowed = (mask: Uint32Array | undefined, token: number): boolean =>
  !mask || ((mask[token >>> 5] ?? 0) & (1 << (token & 31))) !== 0

/** Says what it is told to, as far as the constraint lets it; where not, a token that is allowed, those that end something first. */
class ScriptedEngine implements TokenEngine {
  readonly contextLength = 1024
  readonly lost = new Promise<Error>(() => {})
  readonly #script: number[]
  prompt = ''
  seen: TokenGenerateOptions | undefined

  constructor(script: string) {
    this.#script = tokenizer.encode(script, { addSpecialTokens: false })
  }

  async *generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    this.prompt = tokenizer.decode(prompt)
    this.seen = options
    options.onCached?.(3)
    for (let step = 0; step < options.maxTokens; step++) {
      const mask = options.constraint?.allowed()
      const token = this.#next(mask, options.stopTokens)
      options.constraint?.accept(token)
      options.logprobs?.take({ token, logprob: -step / 8, top: [{ token, logprob: -step / 8 }] })
      yield token
      if (options.stopTokens.includes(token)) return
    }
  }

  #next(mask: Uint32Array | undefined, stopTokens: readonly number[]): number {
    const scripted = this.#script[0] ?? stopTokens[0] ?? 0
    if (isAllowed(mask, scripted)) {
      this.#script.shift()
      return scripted
    }
    const closing = ['}', ']', '"', '1'].flatMap((text) => tokenizer.encode(text, { addSpecialTokens: false }))
    const all = [...stopTokens, ...closing, ...Array.from({ length: tokenizer.vocabularySize }, (_, token) => token)]
    const token = all.find((one) => isAllowed(mask, one))
    if (token === undefined) throw new Error('nothing is allowed')
    return token
  }

  async dispose(): Promise<void> {}
}

interface Answered {
  readonly parts: readonly AnswerPart[]
  readonly end: GenerationEnd
  readonly engine: ScriptedEngine
  readonly content: string
  readonly reasoning: string
}

async function ask(script: string, request: Partial<GenerationRequest> = {}): Promise<Answered> {
  const engine = new ScriptedEngine(script)
  const model = new SampanModel(engine, conversation, { backend: 'sampan', source: 'pocket', bytes: 0 })
  const parts: AnswerPart[] = []
  const end = await model.generate(
    { messages: [{ role: 'user', content: 'Hi' }], ...request },
    {
      signal: new AbortController().signal,
      accepted: () => {},
      part: async (part) => {
        parts.push(part)
        return true
      },
    },
  )
  const textOf = (type: 'content' | 'reasoning'): string =>
    parts.map((part) => (part.type === type ? part.text : '')).join('')
  return { parts, end, engine, content: textOf('content'), reasoning: textOf('reasoning') }
}

const weather = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', maxLength: 12 }, days: { type: 'integer', minimum: 1, maximum: 9 } },
    required: ['city', 'days'],
    additionalProperties: false,
  },
} as const
const time = { name: 'get_time' } as const

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

  it('may come after a thought where one must be made', async () => {
    const { parts, reasoning } = await ask(`<think>\nhm\n</think>\n\n${call}`, {
      tools: [weather],
      toolChoice: 'required',
      thinking: true,
    })
    expect(reasoning).toBe('hm')
    expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({ name: 'get_weather' })
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

  it('are not told unasked', async () => {
    const { parts, engine } = await ask('A cat', { thinking: false })
    expect(parts.every((part) => !('logprobs' in part))).toBe(true)
    expect(engine.seen?.logprobs).toBeUndefined()
  })
})
