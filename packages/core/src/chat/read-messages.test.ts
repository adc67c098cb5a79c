import { describe, expect, it } from 'vitest'
import { refusal } from '../test-support/refusal.ts'
import { readMessages } from './read-messages.ts'

const text = (text: string): object => ({ type: 'text', text })
const call = (id: string, name = 'f'): object => ({ id, type: 'function', function: { name, arguments: '{}' } })
const answer = (id: string): object => ({ role: 'tool', content: 'ok', tool_call_id: id })

describe('readMessages', () => {
  it('reads every role of a conversation with tools', () => {
    const conversation = [
      { role: 'developer', content: 'be brief', name: 'dev' },
      { role: 'system', content: [text('a'), text('b')] },
      { role: 'user', content: [text('c'), text('')], name: 'bob' },
      { role: 'assistant', content: null, tool_calls: [call('1'), call('2', 'g')], reasoning_content: 'hm' },
      { role: 'tool', content: [text('two')], tool_call_id: '2' },
      { role: 'tool', content: 'one', tool_call_id: '1' },
      { role: 'assistant', content: [text('d'), { type: 'refusal', refusal: 'e' }], refusal: null, annotations: [] },
      { role: 'assistant', refusal: 'no' },
      { role: 'user', content: '' },
    ]
    expect(readMessages(conversation)).toStrictEqual([
      { role: 'system', content: 'be brief' },
      { role: 'system', content: 'ab' },
      { role: 'user', content: 'c' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: '1', name: 'f', arguments: '{}' },
          { id: '2', name: 'g', arguments: '{}' },
        ],
      },
      { role: 'tool', content: 'two', toolCallId: '2' },
      { role: 'tool', content: 'one', toolCallId: '1' },
      { role: 'assistant', content: 'de' },
      { role: 'assistant', content: 'no' },
      { role: 'user', content: '' },
    ])
  })

  it('takes an id again in a later turn', () => {
    const turn = [{ role: 'assistant', tool_calls: [call('1')] }, answer('1')]
    expect(readMessages([...turn, ...turn])).toHaveLength(4)
  })

  it.each([
    ['messages[0].role', { role: 'function', name: 'f', content: 'x' }],
    ['messages[0].content[1].type', { role: 'user', content: [text('x'), { type: 'image_url' }] }],
    ['messages[0].content[0].type', { role: 'user', content: [{ type: 'input_audio' }] }],
    ['messages[0].content[0].type', { role: 'user', content: [{ type: 'refusal', refusal: 'x' }] }],
    ['messages[0].tool_calls[0].type', { role: 'assistant', tool_calls: [{ type: 'custom', id: '1' }] }],
    ['messages[0].function_call', { role: 'assistant', content: 'x', function_call: {} }],
    ['messages[0].audio', { role: 'assistant', content: 'x', audio: { id: '1' } }],
    ['messages[0].tool_calls', { role: 'user', content: 'x', tool_calls: [call('1')] }],
    ['messages[0].no_such_field', { role: 'user', content: 'x', no_such_field: 0 }],
  ])('refuses %s', (field, message) => {
    expect(refusal(() => readMessages([message]))).toEqual({ code: 'request-unsupported', field })
  })

  it.each<[string, unknown]>([
    ['messages', []],
    ['messages', undefined],
    ['messages', {}],
    ['messages[0]', ['hello']],
    ['messages[0]', new Array(2)],
    ['messages[0].role', [{ role: 'robot', content: 'x' }]],
    ['messages[0].role', [{ content: 'x' }]],
    ['messages[0].name', [{ role: 'user', content: 'x', name: 1 }]],
    ['messages[0].content', [{ role: 'user', content: null }]],
    ['messages[0].content', [{ role: 'user' }]],
    ['messages[0].content', [{ role: 'assistant', content: null }]],
    ['messages[0].content', [{ role: 'assistant', content: null, tool_calls: [] }]],
    ['messages[0].content[0].text', [{ role: 'user', content: [{ type: 'text' }] }]],
    ['messages[0].content[0]', [{ role: 'user', content: ['x'] }]],
    ['messages[0].tool_calls[0].id', [{ role: 'assistant', tool_calls: [{ ...call('1'), id: undefined }] }]],
    ['messages[0].tool_calls[0].id', [{ role: 'assistant', tool_calls: [call('')] }]],
    ['messages[0].tool_calls[1].id', [{ role: 'assistant', tool_calls: [call('1'), call('1')] }]],
    ['messages[0].tool_calls[0].function', [{ role: 'assistant', tool_calls: [{ id: '1', type: 'function' }] }]],
    [
      'messages[0].tool_calls[0].function.arguments',
      [{ role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: {} } }] }],
    ],
    ['messages[0].tool_call_id', [answer('1')]],
    ['messages[0].tool_call_id', [{ role: 'tool', content: 'x' }]],
    ['messages[1].tool_call_id', [{ role: 'assistant', tool_calls: [call('1')] }, answer('2')]],
    ['messages[2].tool_call_id', [{ role: 'assistant', tool_calls: [call('1')] }, answer('1'), answer('1')]],
    ['messages[0].tool_calls', [{ role: 'assistant', tool_calls: [call('1')] }]],
    [
      'messages[0].tool_calls',
      [{ role: 'assistant', tool_calls: [call('1'), call('2')] }, answer('1'), { role: 'user', content: 'x' }],
    ],
  ])('finds %s invalid', (field, messages) => {
    expect(refusal(() => readMessages(messages))).toEqual({ code: 'request-invalid', field })
  })
})
