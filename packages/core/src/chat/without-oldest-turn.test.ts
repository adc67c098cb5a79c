import { expect, it } from 'vitest'
import type { GenerationMessage } from '../backend.ts'
import { withoutOldestTurn } from './without-oldest-turn.ts'

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
  const left: string[] = []
  for (
    let messages: readonly GenerationMessage[] | undefined = conversation;
    messages;
    messages = withoutOldestTurn(messages)
  )
    left.push(messages.map(({ content }) => content).join(' '))
  expect(left).toEqual(['s greeting 1  x t 2 3 4', 's 1  x t 2 3 4', 's t 3 4'])
})

it('has nothing to drop of one turn, or of none', () => {
  expect(withoutOldestTurn([message('user', '1'), message('assistant', '2')])).toBeUndefined()
  expect(withoutOldestTurn([message('system', 's')])).toBeUndefined()
  expect(withoutOldestTurn([])).toBeUndefined()
})
