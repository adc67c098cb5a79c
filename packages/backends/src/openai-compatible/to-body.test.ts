import type { GenerationRequest } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import type { ServerKind } from './server-kind.ts'
import { toBody } from './to-body.ts'

const user = { role: 'user', content: 'hi' } as const
const body = (request: Partial<GenerationRequest>, kind: ServerKind = 'vllm') =>
  toBody({ messages: [user], ...request }, 'm', kind)

describe('toBody', () => {
  it('says nothing that was not asked for', () => {
    expect(body({}, 'openai')).toEqual({
      model: 'm',
      messages: [user],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it("speaks OpenAI's words, and leaves the request as it was", () => {
    const request: GenerationRequest = {
      messages: [
        { role: 'system', content: 's' },
        user,
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }] },
        { role: 'tool', content: '7', toolCallId: 'c1' },
      ],
      temperature: 0.5,
      topP: 0.9,
      seed: 7,
      maxTokens: 9,
      frequencyPenalty: 1,
      presencePenalty: -1,
      logitBias: [[5, -100]],
      topLogprobs: 0,
      parallelToolCalls: false,
      toolChoice: { name: 'f' },
      topK: 0,
      minP: 0,
      repetitionPenalty: 1,
      cachePrompt: true,
      tools: [{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }, { name: 'g' }],
      format: { type: 'json-schema', schema: { type: 'object' } },
    }
    const before = structuredClone(request)
    expect(body(request, 'openai')).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 's' },
        user,
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', content: '7', tool_call_id: 'c1' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      ...{ temperature: 0.5, top_p: 0.9, seed: 7, max_tokens: 9, frequency_penalty: 1, presence_penalty: -1 },
      ...{ logit_bias: { 5: -100 }, logprobs: true, top_logprobs: 0, parallel_tool_calls: false },
      tool_choice: { type: 'function', function: { name: 'f' } },
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
        { type: 'function', function: { name: 'g' } },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', strict: true, schema: { type: 'object' } },
      },
    })
    expect(request).toEqual(before)
  })

  it('knows the words that each server adds', () => {
    const request = { topK: 0, minP: 0.1, repetitionPenalty: 1.1, thinking: false, templateVariables: { a: 1 } }
    const variables = { chat_template_kwargs: { a: 1, enable_thinking: false } }
    expect(body(request)).toMatchObject({ top_k: -1, min_p: 0.1, repetition_penalty: 1.1, ...variables })
    expect(body(request, 'sglang')).toMatchObject({ top_k: -1, min_p: 0.1, repetition_penalty: 1.1, ...variables })
    const llama = { top_k: 0, min_p: 0.1, repeat_penalty: 1.1, repeat_last_n: -1, timings_per_token: true }
    expect(body(request, 'llama.cpp')).toMatchObject({ ...llama, ...variables })
    expect(body({ cachePrompt: false }, 'llama.cpp')).toMatchObject({ cache_prompt: false })
    expect(body({ cachePrompt: false })['cache_salt']).not.toBe(body({ cachePrompt: false })['cache_salt'])
    for (const [topLogprobs, top_logprobs] of [
      [0, 0],
      [5, 6],
      [20, 20],
    ] as const) {
      expect(body({ topLogprobs })).toMatchObject({ logprobs: true, top_logprobs })
      expect(body({ topLogprobs }, 'llama.cpp')).toMatchObject({ logprobs: true, top_logprobs: topLogprobs })
    }
    const goOn: Partial<GenerationRequest> = {
      messages: [user, { role: 'assistant', content: 'so' }],
      continueFinalMessage: true,
    }
    expect(body(goOn)).toMatchObject({ continue_final_message: true, add_generation_prompt: false })
    expect(body(goOn, 'llama.cpp')).not.toHaveProperty('continue_final_message')
    expect(body({ format: { type: 'json-schema', schema: false } })).toMatchObject({
      response_format: { json_schema: { schema: { not: {} } } },
    })
  })

  it.each<[string, ServerKind, Partial<GenerationRequest>]>([
    ['top_k', 'openai', { topK: 5 }],
    ['min_p', 'openai', { minP: 0.1 }],
    ['repetition_penalty', 'openai', { repetitionPenalty: 1.1 }],
    ['chat_template_kwargs', 'openai', { templateVariables: { a: 1 } }],
    ['reasoning_effort', 'openai', { thinking: true }],
    ['continue_final_message', 'openai', { continueFinalMessage: true }],
    ['continue_final_message', 'llama.cpp', { messages: [user, { role: 'assistant', content: 'so' }] }],
    ['cache_prompt', 'openai', { cachePrompt: false }],
    ['cache_prompt', 'sglang', { cachePrompt: false }],
    ['thinking_budget', 'vllm', { thinkingBudget: 5 }],
    ['truncation', 'vllm', { truncate: true }],
    ['record', 'sglang', { record: true }],
    ['prompt', 'llama.cpp', { prompt: 'x', messages: [] }],
  ])('refuses %s by name to %s', (field, kind, request) => {
    expect(() => body(request, kind)).toThrow(
      expect.objectContaining({ code: 'request-unsupported', details: { field } }),
    )
  })
})
