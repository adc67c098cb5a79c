import { describe, expect, it } from 'vitest'
import { refusal } from '../test-support/refusal.ts'
import { readThinking } from './read-thinking.ts'

describe('readThinking', () => {
  it.each<[object, object]>([
    [{}, {}],
    [{ reasoning_effort: 'none' }, { thinking: false }],
    [{ reasoning_effort: 'low' }, { thinking: true, thinkingBudget: 1024 }],
    [{ reasoning_effort: 'max' }, { thinking: true }],
    [{ thinking_budget: 0 }, { thinkingBudget: 0 }],
    [
      { reasoning_effort: 'high', thinking_budget: 5 },
      { thinking: true, thinkingBudget: 5 },
    ],
    [{ thinking: { type: 'enabled', budget_tokens: 7 } }, { thinking: true, thinkingBudget: 7 }],
    [
      { thinking: { type: 'enabled', budget_tokens: 7 }, reasoning_effort: 'low' },
      { thinking: true, thinkingBudget: 7 },
    ],
    [{ thinking: { type: 'disabled' }, thinking_budget: 7 }, { thinking: false }],
    [
      { chat_template_kwargs: { enable_thinking: false, tone: 'dry' } },
      { thinking: false, templateVariables: { enable_thinking: false, tone: 'dry' } },
    ],
  ])('%j', (request, read) => {
    expect(readThinking({ ...request })).toStrictEqual(read)
  })

  it('refuses variables that other fields set', () => {
    const request = { chat_template_kwargs: { messages: [] } }
    expect(refusal(() => readThinking(request))).toEqual({
      code: 'request-unsupported',
      field: 'chat_template_kwargs.messages',
    })
  })

  it.each<[string, object]>([
    ['reasoning_effort', { reasoning_effort: 'little' }],
    ['reasoning_effort', { reasoning_effort: 'toString' }],
    ['reasoning_effort', { thinking: { type: 'enabled' }, reasoning_effort: 'none' }],
    [
      'chat_template_kwargs.enable_thinking',
      { reasoning_effort: 'low', chat_template_kwargs: { enable_thinking: false } },
    ],
    ['thinking', { thinking: true }],
    ['thinking.type', { thinking: { type: 'on' } }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled', budget_tokens: -1 } }],
    ['thinking_budget', { thinking_budget: 1.5 }],
    ['thinking_budget', { thinking_budget: 1, thinking: { type: 'enabled', budget_tokens: 2 } }],
    ['chat_template_kwargs', { chat_template_kwargs: 'x' }],
    ['chat_template_kwargs.now', { chat_template_kwargs: { now: () => 0 } }],
  ])('finds %s invalid', (field, request) => {
    expect(refusal(() => readThinking({ ...request }))).toEqual({ code: 'request-invalid', field })
  })
})
