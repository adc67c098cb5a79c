import { describe, expect, it } from 'vitest'
import type { GenerationMessage } from '../backend.ts'
import { fitContext } from './fit-context.ts'

const turn = (name: string): GenerationMessage[] => [
  { role: 'user', content: `${name}?` },
  { role: 'assistant', content: name },
]
const system: GenerationMessage = { role: 'system', content: 's' }
/** A message is ten tokens. */
const countTokens = ({ messages }: { readonly messages: readonly GenerationMessage[] }): number => 10 * messages.length

describe('fitContext', () => {
  const last: GenerationMessage = { role: 'user', content: 'now?' }
  const messages = [system, ...turn('a'), ...turn('b'), ...turn('c'), last]

  it('leaves a conversation that fits as it is', () => {
    const request = { messages }
    expect(fitContext(request, 81, countTokens)).toEqual(request)
  })

  it('leaves out no more turns than it must, and keeps the system message and the last turn', () => {
    expect(fitContext({ messages }, 80, countTokens)?.messages).toEqual([system, ...turn('b'), ...turn('c'), last])
    expect(fitContext({ messages, maxTokens: 20 }, 80, countTokens)?.messages).toEqual([
      system,
      ...turn('b'),
      ...turn('c'),
      last,
    ])
    expect(fitContext({ messages, maxTokens: 21 }, 80, countTokens)?.messages).toEqual([system, ...turn('c'), last])
    expect(fitContext({ messages }, 21, countTokens)?.messages).toEqual([system, last])
  })

  it('leaves what it can where an answer of so many tokens fits beside no turn', () => {
    // Half the context: 40 tokens are left for the prompt.
    expect(fitContext({ messages, maxTokens: 4096 }, 80, countTokens)?.messages).toEqual([system, ...turn('c'), last])
    expect(fitContext({ messages, maxTokens: 4096 }, 30, countTokens)?.messages).toEqual([system, last])
    expect(fitContext({ messages: [system, last], maxTokens: 4096 }, 80, countTokens)?.messages).toEqual([system, last])
  })

  it('gives up where even the last turn is too long', () => {
    expect(fitContext({ messages }, 20, countTokens)).toBeUndefined()
  })

  it('counts few prompts', () => {
    const long = [...Array.from({ length: 1000 }, (_, index) => turn(String(index))).flat(), last]
    let counted = 0
    fitContext({ messages: long }, 100, (request) => {
      counted++
      return countTokens(request)
    })
    expect(counted).toBeLessThan(13)
  })

  it('takes a hundred thousand messages', () => {
    const long = [...Array.from({ length: 49_999 }, (_, index) => turn(String(index))).flat(), last]
    expect(fitContext({ messages: long }, 100, countTokens)?.messages).toHaveLength(9)
  })
})
