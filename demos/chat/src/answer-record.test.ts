import type { AnswerDelta } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { AnswerRecord } from './answer-record.ts'

function record(...deltas: readonly AnswerDelta[]): AnswerRecord {
  const made = new AnswerRecord()
  for (const delta of deltas) made.add(delta)
  return made
}

const begin = (index: number, name: string): AnswerDelta => ({
  tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }],
})
const more = (index: number, text: string): AnswerDelta => ({ tool_calls: [{ index, function: { arguments: text } }] })
const call = (index: number, name: string, args: string) => ({
  id: `call_${index}`,
  type: 'function',
  function: { name, arguments: args },
})

describe('AnswerRecord', () => {
  it('sends back what was said, without thoughts', () => {
    const said = record(
      { role: 'assistant', content: '' },
      { reasoning_content: 'Hm.' },
      { content: ' A' },
      { content: ' b\n' },
    )
    expect(said.messages()).toEqual([{ role: 'assistant', content: 'A b' }])
    expect(said.isBlank).toBe(false)
  })

  it('sends back nothing of an answer that is only a thought, or nothing at all', () => {
    expect(record({ reasoning_content: 'Hm.' }).messages()).toEqual([])
    expect(record({ reasoning_content: 'Hm.' }).isBlank).toBe(false)
    expect(record({ content: ' \n' }, { reasoning_content: '\n' }).isBlank).toBe(true)
  })

  it('answers every call with the truth that it was not run', () => {
    const said = record(
      { content: 'Well.' },
      begin(0, 'f'),
      more(0, '{"a"'),
      more(0, ': 1}'),
      begin(1, 'g'),
      more(1, '{}'),
    )
    const [assistant, ...results] = said.messages()
    expect(assistant).toEqual({
      role: 'assistant',
      content: 'Well.',
      tool_calls: [call(0, 'f', '{"a": 1}'), call(1, 'g', '{}')],
    })
    expect(results).toMatchObject([
      { role: 'tool', tool_call_id: 'call_0', content: expect.stringMatching(/not run/i) },
      { role: 'tool', tool_call_id: 'call_1' },
    ])
    expect(said.messages()).not.toBe(said.messages())
  })

  it('has null for content where there are only calls', () => {
    expect(record(begin(0, 'f'), more(0, '{}')).messages()[0]).toMatchObject({ content: null })
  })

  it('leaves out calls that were cut, keeps their number out of the next ones', () => {
    const said = record(begin(0, 'f'), more(0, '{}'), begin(1, 'g'), more(1, '{"a": '))
    expect(said.messages()).toHaveLength(2)
    expect(record(begin(0, 'f'), more(0, '{"a": ')).messages()).toEqual([])
    expect(record(begin(0, 'f')).isBlank).toBe(false)
  })

  it('forgets a call that turned out to be void: its text is in the content', () => {
    const said = record(
      begin(0, 'f'),
      more(0, '{"a"'),
      { content: '<tool_call>{"a" b' },
      {
        warnings: [{ code: 'tool-call-malformed', message: 'No call.', index: 0 }],
      },
    )
    expect(said.messages()).toEqual([{ role: 'assistant', content: '<tool_call>{"a" b' }])
  })
})
