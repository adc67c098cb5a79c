import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { toMessages } from './to-messages.ts'

type Part<Role extends 'assistant' | 'tool'> = Extract<LanguageModelV4Prompt[number], { role: Role }>['content'][number]

const result = (output: LanguageModelV4ToolResultOutput): Part<'tool'> => ({
  type: 'tool-result',
  toolCallId: 'a',
  toolName: 'f',
  output,
})

describe('toMessages', () => {
  it('joins texts, keeps thoughts apart and writes calls as JSON', () => {
    const prompt: LanguageModelV4Prompt = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'one ' },
          { type: 'text', text: 'two' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'f', input: { x: '"' } },
          { type: 'tool-call', toolCallId: 'b', toolName: 'g', input: undefined },
        ],
      },
    ]
    const before = structuredClone(prompt)
    expect(toMessages(prompt)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one two' },
      {
        role: 'assistant',
        content: 'Let me see.',
        reasoning_content: 'hm',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":"\\""}' } },
          { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
    ])
    expect(prompt).toEqual(before)
  })

  it.each<[LanguageModelV4ToolResultOutput, string]>([
    [{ type: 'text', value: 'rain' }, 'rain'],
    [{ type: 'json', value: { sky: null } }, '{"sky":null}'],
    [{ type: 'error-text', value: 'no such city' }, 'no such city'],
    [{ type: 'error-json', value: ['no'] }, '["no"]'],
    [{ type: 'execution-denied', reason: 'too dear' }, 'too dear'],
    [{ type: 'execution-denied' }, 'The user did not allow this call.'],
    [
      {
        type: 'content',
        value: [
          { type: 'text', text: 'ra' },
          { type: 'text', text: 'in' },
        ],
      },
      'rain',
    ],
  ])('tells the model of a result: %j', (output, content) => {
    const approval: Part<'tool'> = { type: 'tool-approval-response', approvalId: '1', approved: true }
    expect(toMessages([{ role: 'tool', content: [approval, result(output)] }])).toEqual([
      { role: 'tool', tool_call_id: 'a', content },
    ])
  })

  it.each<[string, LanguageModelV4Prompt[number], string]>([
    [
      'a file of the user',
      { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: '' } }] },
      'prompt[0].content[0]',
    ],
    [
      'a file of the assistant',
      { role: 'assistant', content: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: '' } }] },
      'prompt[0].content[0]',
    ],
    [
      'a part of another provider',
      { role: 'assistant', content: [{ type: 'custom', kind: 'other.part' }] },
      'prompt[0].content[0].type',
    ],
    [
      'a file that a tool gave',
      {
        role: 'tool',
        content: [
          result({
            type: 'content',
            value: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: '' } }],
          }),
        ],
      },
      'prompt[0].content[0].output.value[0]',
    ],
  ])('refuses %s by name', (_name, message, field) => {
    expect(() => toMessages([message])).toThrow(
      expect.objectContaining({ code: 'request-unsupported', details: { field } }),
    )
  })
})
