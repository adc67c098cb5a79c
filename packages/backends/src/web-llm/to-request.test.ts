import type { GenerationRequest } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { skipPrefix } from './skip-prefix.ts'
import { toLogprobs } from './to-logprobs.ts'
import { NO_THOUGHTS, toWebLlm } from './to-request.ts'

const user = { role: 'user', content: 'hi' } as const
const ask = (request: Partial<GenerationRequest>, id = 'Qwen3-0.6B-q4f32_1-MLC') =>
  toWebLlm({ messages: [user], ...request }, id)
const plain = { messages: [user], stream: true, stream_options: { include_usage: true } }

describe('toWebLlm', () => {
  it('says nothing that was not asked for, nor what is off', () => {
    expect(ask({})).toEqual(plain)
    const off: Partial<GenerationRequest> = { topK: 0, minP: 0, tools: [], logitBias: [], templateVariables: {} }
    expect(ask({ ...off, cachePrompt: false, continueFinalMessage: false, thinking: true })).toEqual(plain)
  })

  it("speaks web-llm's words", () => {
    expect(
      ask({
        temperature: 0.5,
        topP: 0.9,
        seed: 7,
        maxTokens: 9,
        frequencyPenalty: 1,
        presencePenalty: -1,
        logitBias: [[5, -100]],
        thinking: false,
      }),
    ).toEqual({
      ...plain,
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      max_tokens: 9,
      frequency_penalty: 1,
      presence_penalty: -1,
      logit_bias: { 5: -100 },
      extra_body: { enable_thinking: false },
    })
    expect(ask({ repetitionPenalty: 1.1 })).toMatchObject({ repetition_penalty: 1.1 })
  })

  it('asks for one chance at least, and for those of the model itself', () => {
    for (const [topLogprobs, top_logprobs] of [
      [0, 1],
      [5, 5],
    ] as const)
      expect(ask({ topLogprobs, temperature: 1 })).toMatchObject({
        ...{ logprobs: true, top_logprobs, frequency_penalty: 0, presence_penalty: 0, repetition_penalty: 1 },
      })
  })

  it('gives schemas as text, and no thoughts before them', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } }
    const asked = ask({ format: { type: 'json-schema', schema } })
    expect(asked.response_format).toEqual({ type: 'json_object', schema: JSON.stringify(schema) })
    expect(asked.extra_body).toEqual({ enable_thinking: false })
    const other = ask({ format: { type: 'json-object' } }, 'Llama-3.2-1B-Instruct-q4f32_1-MLC')
    expect(other.response_format).toEqual({ type: 'json_object', schema: '{"type":"object"}' })
    expect(other).not.toHaveProperty('extra_body')
    expect(ask({ format: { type: 'json-schema', schema: true } }).response_format?.schema).toBe('{}')
    expect(() => ask({ format: { type: 'json-schema', schema: false } })).toThrow(
      expect.objectContaining({ code: 'request-invalid' }),
    )
  })

  it.each<[string, Partial<GenerationRequest>, string?]>([
    ['top_k', { topK: 1 }],
    ['min_p', { minP: 0.1 }],
    ['tools', { tools: [{ name: 'f' }] }],
    ['thinking_budget', { thinkingBudget: 0 }],
    ['continue_final_message', { continueFinalMessage: true }],
    ['chat_template_kwargs', { templateVariables: { a: 1 } }],
    ['record', { record: true }],
    ['truncation', { truncate: true }],
    ['messages', { messages: [{ role: 'tool', content: '', toolCallId: 'x' }] }],
    [
      'messages',
      { messages: [{ role: 'assistant', content: '', toolCalls: [{ id: 'x', name: 'f', arguments: '' }] }] },
    ],
    ['top_logprobs', { topLogprobs: 6, temperature: 1 }],
    ['logprobs', { topLogprobs: 0 }],
    ['logprobs', { topLogprobs: 1, temperature: 0 }],
    ['logprobs', { topLogprobs: 1, temperature: 1, presencePenalty: 1 }],
    ['logprobs', { topLogprobs: 1, temperature: 1, repetitionPenalty: 1.1 }],
    ['logprobs', { topLogprobs: 1, temperature: 1, logitBias: [[1, 1]] }],
    ['logprobs', { topLogprobs: 1, temperature: 1, format: { type: 'json-object' } }],
    ['logit_bias', { logitBias: [[1, 1]], repetitionPenalty: 1.1 }],
    ['reasoning_effort', { thinking: true, format: { type: 'json-object' } }],
    ['reasoning_effort', { thinking: false }, 'DeepSeek-R1-Distill-Qwen-7B-q4f32_1-MLC'],
  ])('refuses %s by name: %j', (field, request, id) => {
    expect(() => ask(request, id)).toThrow(expect.objectContaining({ code: 'request-unsupported', details: { field } }))
  })
})

describe('toLogprobs', () => {
  it('has no infinities, and no more than was asked for', () => {
    const one = { token: 'é', bytes: null, logprob: Number.NEGATIVE_INFINITY }
    const content = [{ ...one, top_logprobs: [{ token: 'a', bytes: [97], logprob: -0.5 }, one] }]
    expect(toLogprobs({ content }, 1)).toEqual([
      { text: 'é', bytes: [195, 169], logprob: -9999, top: [{ text: 'a', bytes: [97], logprob: -0.5 }] },
    ])
    expect(toLogprobs({ content }, 0)[0]?.top).toEqual([])
    expect([toLogprobs(null, 1), toLogprobs(undefined, 1)]).toEqual([[], []])
  })
})

describe('skipPrefix', () => {
  it.each([
    [[`${NO_THOUGHTS}hi`], 'hi'],
    [[...NO_THOUGHTS, 'h', 'i'], 'hi'],
    [['<think>', 'no'], '<think>no'],
    [['hi', NO_THOUGHTS], `hi${NO_THOUGHTS}`],
  ])('of %j leaves %j', (pieces, left) => {
    const skip = skipPrefix(NO_THOUGHTS)
    expect(pieces.map(skip).join('')).toBe(left)
  })
})
