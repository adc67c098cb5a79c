import type { ChatMessage } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { recent, withoutOldestTurn } from './memory.ts'

const turn = (text: string): ChatMessage[] => [
  { role: 'user', content: `${text}?`.padEnd(100) },
  { role: 'assistant', content: `${text}.`.padEnd(100) },
]
const called: ChatMessage[] = [
  { role: 'user', content: 'Weather?'.padEnd(100) },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_0', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
  },
  { role: 'tool', content: 'not run', tool_call_id: 'call_0' },
]
const question: ChatMessage = { role: 'user', content: 'And now?' }
const long = [...turn('a'), ...turn('b'), ...turn('c'), question]

describe('recent', () => {
  it('keeps all while there is room', () => {
    expect(recent(long, 700, 1000)).toEqual(long)
    expect(recent(long, 0, 1000)).toEqual(long)
  })

  it('drops the oldest turns, whole, and keeps the question', () => {
    expect(recent(long, 800, 1000)).toEqual([...turn('c'), question])
    expect(recent([question], 5000, 1000)).toEqual([question])
  })

  it('changes nothing of what it is given', () => {
    const before = structuredClone(long)
    recent(long, 2000, 1000)
    expect(long).toEqual(before)
  })
})

describe('withoutOldestTurn', () => {
  it('ends with the last question', () => {
    expect(withoutOldestTurn([...turn('a'), question])).toEqual([question])
    expect(withoutOldestTurn([question])).toBeUndefined()
    expect(withoutOldestTurn([])).toBeUndefined()
  })

  it('never leaves the answer of a tool without its call', () => {
    expect(withoutOldestTurn([...called, ...turn('a'), question])).toEqual([...turn('a'), question])
    expect(withoutOldestTurn([...turn('a'), ...called, question])).toEqual([...called, question])
  })
})
