import { describe, expect, it } from 'vitest'
import { type KnownText, PromptMemory } from './prompt-memory.ts'

/** A text of one token a character, with borders before each `|`, whose last tokens are an answer. */
function textOf(text: string, answer = '', answerEnds?: readonly number[]): KnownText {
  const whole = text + answer
  const ends = answerEnds ?? [...answer].map((_, index) => text.length + index + 1)
  const borders = [...text].flatMap((character, index) =>
    character === '|' ? [{ characters: index, tokens: index }] : [],
  )
  return {
    text: whole,
    tokens: Uint32Array.from(whole, (character) => character.charCodeAt(0)),
    borders: [...borders, { characters: text.length, tokens: text.length }],
    answerEnds: Uint32Array.from(ends),
  }
}

function longText(character: string, length: number): KnownText {
  return {
    text: character.repeat(length),
    tokens: new Uint32Array(length),
    borders: [],
    answerEnds: new Uint32Array(0),
  }
}

function found(memory: PromptMemory, text: string): number {
  return memory.find(text, (at) => at === text.length || text[at] === '|')?.tokens ?? 0
}

describe('the memory of prompts', () => {
  it('finds the longest beginning that ends at a border', () => {
    const memory = new PromptMemory()
    memory.remember(textOf('|a|b', 'cd'))
    expect(found(memory, '|a|bcd|e')).toBe(6)
    expect(found(memory, '|a|bc|e')).toBe(5)
    expect(found(memory, '|a|b|e')).toBe(4)
    expect(found(memory, '|a|x')).toBe(2)
    // No border: what follows could belong to the token before.
    expect(found(memory, '|a|bcdx|')).toBe(2)
    expect(found(memory, '|a|bcd')).toBe(6)
    expect(found(memory, 'x')).toBe(0)
    expect(found(memory, '')).toBe(0)
  })

  it('does not cut an answer within a character', () => {
    const memory = new PromptMemory()
    memory.remember(textOf('|a', 'bc', [0, 4]))
    expect(found(memory, '|ab|')).toBe(0)
    expect(found(memory, '|abc|')).toBe(4)
  })

  it('finds borders in an answer behind those that cannot be', () => {
    const memory = new PromptMemory()
    memory.remember(textOf('|a', 'b'.repeat(500)))
    expect(found(memory, `|a${'b'.repeat(300)}|`)).toBe(302)
    expect(found(memory, `|a${'b'.repeat(300)}c|`)).toBe(0)
  })

  it('takes the latest of equals', () => {
    const memory = new PromptMemory()
    const first = textOf('|a', 'b')
    memory.remember(first)
    const other = { ...textOf('|a', 'bc'), tokens: Uint32Array.of(124, 97, 1, 2) }
    memory.remember(other)
    expect(memory.size).toBe(2)
    expect(memory.find('|ab|', () => true)?.known).toBe(other)
    memory.remember({ ...first })
    expect(memory.size).toBe(2)
    expect(memory.find('|ab|', () => true)?.known).not.toBe(other)
  })

  it('holds a conversation once, and so many texts and bytes', () => {
    const memory = new PromptMemory()
    memory.remember(textOf('|a', 'b'))
    memory.remember(textOf('|ab|c', 'd'))
    expect(memory.size).toBe(1)
    for (let index = 0; index < 40; index += 1) {
      memory.remember(textOf(`|${index}`, 'x'))
      expect(found(memory, '|ab|cd|')).toBe(6)
    }
    expect(memory.size).toBe(32)
    const { bytes } = memory
    memory.remember(longText('y', 3_000_000))
    expect([memory.size, memory.bytes]).toEqual([32, bytes])
    for (let index = 0; index < 4; index += 1) memory.remember(longText(`${index}`, 1_000_000))
    expect(memory.bytes).toBeLessThan(16 * 1024 * 1024)
    expect(memory.size).toBe(2)
  })
})
