import { describe, expect, it } from 'vitest'
import { deepFreeze, refusal } from '../test-support/refusal.ts'
import type { ChatCompletionRequest } from './request-types.ts'
import { validateRequest } from './validate-request.ts'

const messages = [{ role: 'user', content: 'hello' }]

const full: ChatCompletionRequest = {
  messages: [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
  ],
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
  temperature: 0,
  top_p: 0.9,
  top_k: 40,
  min_p: 0.05,
  seed: 2 ** 40 + 5,
  max_tokens: 7,
  max_completion_tokens: 7,
  stop: 'x',
  frequency_penalty: -2,
  presence_penalty: 2,
  repetition_penalty: 1.1,
  logit_bias: { 7: -100, 8: 0.5 },
  logprobs: true,
  top_logprobs: 20,
  n: 2,
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  response_format: { type: 'json_schema', json_schema: { name: 'r', schema: { type: 'object' }, strict: true } },
  reasoning_effort: 'low',
  thinking_budget: 9,
  chat_template_kwargs: { mood: { calm: [1, null] } },
  continue_final_message: true,
  truncation: 'auto',
  cache_prompt: false,
  priority: 'background',
  model: 'any',
  user: 'me',
  metadata: { a: 'b' },
}

const read = {
  generation: {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
    temperature: 0,
    topP: 0.9,
    topK: 40,
    minP: 0.05,
    seed: 5 ^ 256,
    maxTokens: 7,
    frequencyPenalty: -2,
    presencePenalty: 2,
    repetitionPenalty: 1.1,
    logitBias: [
      [7, -100],
      [8, 0.5],
    ],
    topLogprobs: 20,
    tools: [{ name: 'f', parameters: { type: 'object', properties: {} } }],
    toolChoice: 'auto',
    parallelToolCalls: false,
    format: { type: 'json-schema', schema: { type: 'object' } },
    thinking: true,
    thinkingBudget: 9,
    templateVariables: { mood: { calm: [1, null] } },
    continueFinalMessage: true,
    truncate: true,
    cachePrompt: false,
    priority: 'background',
  },
  stop: ['x'],
  choices: 2,
  stream: true,
  includeUsage: true,
}

describe('validateRequest', () => {
  it("puts a full request into the backends' words and changes nothing of it", () => {
    const request = deepFreeze(structuredClone(full))
    expect(validateRequest(request)).toStrictEqual(read)
    expect(request).toEqual(full)
  })

  it('takes any top_k: beyond a vocabulary all are alike', () => {
    const request = { messages: [{ role: 'user', content: 'a' }], top_k: Number.MAX_SAFE_INTEGER }
    expect(validateRequest(request).generation.topK).toBe(2 ** 31 - 1)
  })

  it('keeps nothing of the request: what is changed later does not count', () => {
    const request = structuredClone(full)
    const valid = validateRequest(request)
    const spoil = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      for (const [key, part] of Object.entries(value)) {
        spoil(part)
        Object.assign(value, { [key]: 'spoilt' })
      }
    }
    spoil(request)
    expect(request.n).toBe('spoilt')
    expect(valid).toStrictEqual(read)
  })

  it('leaves absent what is absent, null or undefined', () => {
    const absent = Object.fromEntries(Object.keys(full).map((field) => [field, null]))
    expect(validateRequest({ ...absent, no_such_field: null, tools: undefined, messages })).toStrictEqual({
      generation: { messages },
      stop: [],
      choices: 1,
      stream: false,
      includeUsage: undefined,
    })
  })

  it('accepts values that ask for nothing', () => {
    const neutral = {
      n: 1,
      logprobs: false,
      top_logprobs: 0,
      logit_bias: {},
      tools: [],
      tool_choice: 'none',
      functions: [],
      function_call: 'none',
      modalities: ['text'],
      store: false,
      verbosity: 'medium',
      service_tier: 'priority',
      safety_identifier: 'x',
      prompt_cache_key: 'x',
      prompt_cache_options: {},
      prompt_cache_retention: '24h',
      response_format: { type: 'text' },
    }
    expect(validateRequest({ messages, ...neutral }).generation).toStrictEqual({ messages })
  })

  it.each([
    ['store', true],
    ['audio', { voice: 'x', format: 'wav' }],
    ['modalities', ['text', 'audio']],
    ['functions', [{ name: 'f' }]],
    ['function_call', { name: 'f' }],
    ['prediction', { type: 'content', content: 'x' }],
    ['verbosity', 'low'],
    ['web_search_options', {}],
    ['moderation', {}],
    ['extra_body', { enable_thinking: false }],
    ['no_such_field', 1],
    ['toString', 1],
    ['constructor', 1],
  ])('refuses %s by name', (field, value) => {
    expect(refusal(() => validateRequest({ messages, [field]: value }))).toEqual({ code: 'request-unsupported', field })
  })

  it.each([
    ['temperature', { temperature: 2.1 }],
    ['temperature', { temperature: Number.NaN }],
    ['temperature', { temperature: '1' }],
    ['top_p', { top_p: -0.1 }],
    ['top_k', { top_k: 1.5 }],
    ['top_k', { top_k: -1 }],
    ['min_p', { min_p: 2 }],
    ['seed', { seed: 2 ** 60 }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_tokens', { max_tokens: 3, max_completion_tokens: 4 }],
    ['frequency_penalty', { frequency_penalty: 2.01 }],
    ['presence_penalty', { presence_penalty: -3 }],
    ['repetition_penalty', { repetition_penalty: 0 }],
    ['n', { n: 0 }],
    ['n', { n: 129 }],
    ['n', { n: 1.5 }],
    ['logprobs', { logprobs: 1 }],
    ['top_logprobs', { top_logprobs: 1 }],
    ['top_logprobs', { logprobs: true, top_logprobs: 21 }],
    ['logit_bias', { logit_bias: [1] }],
    ['logit_bias.x', { logit_bias: { x: 1 } }],
    ['logit_bias.07', { logit_bias: { '07': 1 } }],
    ['logit_bias.-1', { logit_bias: { '-1': 1 } }],
    ['logit_bias.4294967296', { logit_bias: { 4294967296: 1 } }],
    ['logit_bias.5', { logit_bias: { 5: 100.5 } }],
    ['logit_bias.5', { logit_bias: { 5: Number.NaN } }],
    ['stop', { stop: '' }],
    ['stop', { stop: ['a', 1] }],
    ['stop', { stop: Array.from({ length: 17 }, () => 'a') }],
    ['stream', { stream: 'yes' }],
    ['stream_options', { stream_options: { include_usage: true } }],
    ['stream_options.include_usage', { stream: true, stream_options: { include_usage: 1 } }],
    ['continue_final_message', { continue_final_message: true }],
    ['cache_prompt', { cache_prompt: 'no' }],
    ['truncation', { truncation: true }],
    ['priority', { priority: 'high' }],
  ])('finds %s invalid', (field, request) => {
    expect(refusal(() => validateRequest({ messages, ...request }))).toEqual({ code: 'request-invalid', field })
  })

  it('refuses fields that it does not know inside others', () => {
    const request = { messages, stream: true, stream_options: { continuous: true } }
    expect(refusal(() => validateRequest(request))).toEqual({
      code: 'request-unsupported',
      field: 'stream_options.continuous',
    })
  })

  it.each([[null], ['text'], [[]], [undefined]])('finds %s no request', (request) => {
    expect(refusal(() => validateRequest(request)).code).toBe('request-invalid')
  })
})
