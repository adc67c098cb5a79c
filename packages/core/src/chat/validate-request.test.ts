import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from './chat-types.ts'
import { validateRequest } from './validate-request.ts'

const messages = [{ role: 'user', content: 'hello' }]

function codeOf(request: unknown): { code: unknown; field: unknown } {
  try {
    validateRequest(request)
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'details' in error) {
      const { details } = error
      const field = typeof details === 'object' && details !== null && 'field' in details ? details.field : undefined
      return { code: error.code, field }
    }
    throw error
  }
  return { code: undefined, field: undefined }
}

describe('validateRequest', () => {
  it("puts a full request into the backends' words", () => {
    const request: ChatCompletionRequest = {
      messages: [
        { role: 'developer', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'assistant', content: 'c', refusal: null },
        { role: 'user', content: '' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.05,
      seed: 2 ** 40 + 5,
      max_tokens: 7,
      stop: 'x',
      model: 'any',
      user: 'me',
      metadata: { a: 'b' },
    }
    const copy = structuredClone(request)
    expect(validateRequest(deepFreeze(request))).toEqual({
      generation: {
        messages: [
          { role: 'system', content: 'be brief' },
          { role: 'user', content: 'ab' },
          { role: 'assistant', content: 'c' },
          { role: 'user', content: '' },
        ],
        temperature: 0,
        topP: 0.9,
        topK: 40,
        minP: 0.05,
        seed: 5 ^ 256,
        maxTokens: 7,
      },
      stop: ['x'],
      stream: true,
      includeUsage: true,
    })
    expect(request).toEqual(copy)
  })

  it('leaves absent what is absent, null or undefined', () => {
    expect(validateRequest({ messages, temperature: null, stop: null, tools: undefined, logprobs: null })).toEqual({
      generation: { messages },
      stop: [],
      stream: false,
      includeUsage: undefined,
    })
  })

  it('accepts unsupported fields whose value asks for nothing', () => {
    const neutral = {
      n: 1,
      frequency_penalty: 0,
      logprobs: false,
      logit_bias: {},
      tools: [],
      response_format: { type: 'text' },
    }
    expect(codeOf({ messages, ...neutral }).code).toBeUndefined()
  })

  it.each([
    ['n', 2],
    ['frequency_penalty', 0.5],
    ['logprobs', true],
    ['tools', [{ type: 'function' }]],
    ['tool_choice', 'auto'],
    ['response_format', { type: 'json_object' }],
    ['reasoning_effort', 'low'],
    ['extra_body', { enable_thinking: false }],
    ['no_such_field', 1],
    ['toString', 1],
  ])('refuses %s by name', (field, value) => {
    expect(codeOf({ messages, [field]: value })).toEqual({ code: 'request-unsupported', field })
  })

  it.each([
    ['messages[0].role "tool"', { role: 'tool', content: 'x' }],
    ['messages[0].content[0].type "image_url"', { role: 'user', content: [{ type: 'image_url' }] }],
    ['messages[0].tool_calls', { role: 'assistant', content: 'x', tool_calls: [{}] }],
    ['messages[0].name', { role: 'user', content: 'x', name: 'bob' }],
  ])('refuses %s', (field, message) => {
    expect(codeOf({ messages: [message] })).toEqual({ code: 'request-unsupported', field })
  })

  it.each([
    ['messages', { messages: [] }],
    ['messages', {}],
    ['messages[0]', { messages: ['hello'] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: null }] }],
    ['temperature', { messages, temperature: 2.1 }],
    ['temperature', { messages, temperature: Number.NaN }],
    ['temperature', { messages, temperature: '1' }],
    ['top_p', { messages, top_p: -0.1 }],
    ['top_k', { messages, top_k: 1.5 }],
    ['min_p', { messages, min_p: 2 }],
    ['seed', { messages, seed: 2 ** 60 }],
    ['max_tokens', { messages, max_tokens: 0 }],
    ['max_tokens', { messages, max_tokens: 3, max_completion_tokens: 4 }],
    ['stop', { messages, stop: '' }],
    ['stop', { messages, stop: ['a', 1] }],
    ['stop', { messages, stop: Array.from({ length: 17 }, () => 'a') }],
    ['stream', { messages, stream: 'yes' }],
    ['stream_options', { messages, stream_options: { include_usage: true } }],
    ['stream_options.include_usage', { messages, stream: true, stream_options: { include_usage: 1 } }],
  ])('finds %s invalid', (field, request) => {
    expect(codeOf(request)).toEqual({ code: 'request-invalid', field })
  })

  it.each([[null], ['text'], [[]], [undefined]])('finds %s no request', (request) => {
    expect(codeOf(request).code).toBe('request-invalid')
  })
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
