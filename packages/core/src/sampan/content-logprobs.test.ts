import { readFileSync } from 'node:fs'
import { bytesSource, openGguf } from '@sampan/engine'
import { describe, expect, it } from 'vitest'
import { ContentLogprobs, LOWEST_LOGPROB } from './content-logprobs.ts'
import { openConversation } from './open-conversation.ts'

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
const checkpoint = await openGguf(bytesSource(Uint8Array.from(tiny), 'tiny.gguf'))
const { tokenizer } = openConversation(checkpoint, {}, 'tiny')

function add(logprobs: ContentLogprobs, ...texts: readonly string[]): void {
  for (const text of texts) logprobs.add({ token: tokenizer.encode(text)[0] ?? 0, logprob: -1, top: [] }, text)
}

const texts = (logprobs: ContentLogprobs, content: string): string[] => logprobs.take(content).map(({ text }) => text)

describe('ContentLogprobs', () => {
  it('gives tokens with the content they end in', () => {
    const logprobs = new ContentLogprobs(tokenizer)
    add(logprobs, 'a', 'b')
    expect(texts(logprobs, 'ab')).toEqual(['a', 'b'])
    expect(texts(logprobs, '')).toEqual([])
    add(logprobs, 'c')
    expect(texts(logprobs, 'c')).toEqual(['c'])
  })

  it('keeps what is held back for later', () => {
    const logprobs = new ContentLogprobs(tokenizer)
    add(logprobs, 'a', '<')
    expect(texts(logprobs, 'a')).toEqual(['a'])
    add(logprobs, 'b')
    expect(texts(logprobs, '<b')).toEqual(['<', 'b'])
  })

  it('leaves out what stands before the content', () => {
    const logprobs = new ContentLogprobs(tokenizer)
    add(logprobs, '\n', '\n', 'a')
    expect(texts(logprobs, 'a')).toEqual(['a'])
    add(logprobs, 'x')
    logprobs.drop()
    add(logprobs, 'y')
    expect(texts(logprobs, 'y')).toEqual(['y'])
  })

  it('tells bytes of tokens that are no characters, and no infinities', () => {
    const logprobs = new ContentLogprobs(tokenizer)
    const [first, ...rest] = tokenizer.encode('囧')
    logprobs.add({ token: first ?? 0, logprob: Number.NEGATIVE_INFINITY, top: [] }, '')
    for (const [index, token] of rest.entries())
      logprobs.add({ token, logprob: -0.5, top: [{ token, logprob: -0.5 }] }, index === rest.length - 1 ? '囧' : '')
    const told = logprobs.take('囧')
    expect(told.flatMap(({ bytes }) => bytes)).toEqual([...new TextEncoder().encode('囧')])
    expect(told[0]?.logprob).toBe(LOWEST_LOGPROB)
    expect(told.at(-1)?.top).toHaveLength(1)
  })
})
