import { expect, it } from 'vitest'
import type { GenerationMessage } from '../backend.ts'
import { turnStarts, withoutTurnsBefore } from './without-oldest-turns.ts'

const message = (role: 'system' | 'user' | 'assistant', content: string): GenerationMessage => ({ role, content })

it('drops turns from the oldest on, and keeps system messages and the last turn', () => {
  const conversation: readonly GenerationMessage[] = [
    message('system', 's'),
    message('assistant', 'greeting'),
    message('user', '1'),
    { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
    { role: 'tool', content: 'x', toolCallId: 'a' },
    message('system', 't'),
    message('assistant', '2'),
    message('user', '3'),
    message('assistant', '4'),
  ]
  const left = turnStarts(conversation).map((start) =>
    withoutTurnsBefore(conversation, start)
      .map(({ content }) => content)
      .join(' '),
  )
  expect(left).toEqual(['s greeting 1  x t 2 3 4', 's 1  x t 2 3 4', 's t 3 4'])
})

it.each([
  [[message('user', '1'), message('assistant', '2')]],
  [[message('system', 's'), message('user', '1')]],
  [[message('system', 's')]],
  [[]],
])('has nothing to drop of one turn, or of none', (messages) => {
  expect(turnStarts(messages)).toEqual([0])
})
