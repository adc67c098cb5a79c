import type { ChatMessage } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { recent, withoutOldestTurn } from './memory.ts'

const turn = (text: string): ChatMessage[] => [
  { role: 'user', content: `${text}?`.padEnd(100) },
  { role: 'assistant', content: `${text}.`.padEnd(100) },
]
const system: ChatMessage = { role: 'system', content: 'Be brief.' }
const question: ChatMessage = { role: 'user', content: 'And now?' }
const long = [system, ...turn('a'), ...turn('b'), ...turn('c'), question]

describe('recent', () => {
  it('keeps all while there is room', () => {
    expect(recent(long, 700, 1000)).toEqual(long)
    expect(recent(long, 0, 1000)).toEqual(long)
  })

  it('drops the oldest turns, whole, and keeps the system message and the question', () => {
    const kept = recent(long, 800, 1000)
    expect(kept).toEqual([system, ...turn('c'), question])
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
    expect(withoutOldestTurn([system, ...turn('a'), question])).toEqual([system, question])
    expect(withoutOldestTurn([system, question])).toBeUndefined()
    expect(withoutOldestTurn([])).toBeUndefined()
  })
})
