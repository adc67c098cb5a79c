import { describe, expect, it } from 'vitest'
import { CompletionAnswer } from './completion-answer.ts'

const usage = (completion: number, more: object = {}) => ({
  choices: [],
  usage: { prompt_tokens: 5, completion_tokens: completion, ...more },
})
const piece = (text: string, more: object = {}) => ({ choices: [{ index: 0, text, ...more }] })

function answerOf(events: readonly (readonly [event: unknown, ms: number])[]): CompletionAnswer {
  const answer = new CompletionAnswer()
  for (const [event, ms] of events) answer.take(event, ms)
  return answer
}

describe('an answer in events', () => {
  it('has the time of each token, its id, and what was reused', () => {
    const answer = answerOf([
      [piece('a', { token_ids: [7] }), 10],
      [piece('', { token_ids: [8] }), 20],
      [usage(2, { prompt_tokens_details: { cached_tokens: 3 } }), 21],
    ])
    expect(answer.sample(2)).toEqual({ tokenTimes: [10, 20], tokens: [7, 8], reused: 3, promptTokens: 5 })
  })

  it('counts tokens that came together, and says so', () => {
    const both = answerOf([
      [piece('ab', { token_ids: [7, 8] }), 10],
      [usage(2), 11],
    ])
    expect(both.sample(2)).toEqual({ tokenTimes: [10, 10], tokens: [7, 8], coalesced: true, promptTokens: 5 })
  })

  it('takes a text without an id for the rest of a token', () => {
    const answer = answerOf([
      [piece('', { token_ids: [7] }), 10],
      [piece('\ufffd'), 11],
      [usage(1), 12],
    ])
    expect(answer.sample(1)).toEqual({ tokenTimes: [10], tokens: [7], promptTokens: 5 })
  })

  it('gives tokens without an event of their own the end, never an earlier time', () => {
    const answer = answerOf([
      [piece('a'), 10],
      [piece('b'), 20],
      [usage(4), 40],
    ])
    expect(answer.sample(4)).toEqual({ tokenTimes: [10, 20, 40, 40], coalesced: true, promptTokens: 5 })
  })

  it('takes llama.cpp’s own count of what has come', () => {
    const answer = answerOf([
      [{ ...piece('a'), timings: { predicted_n: 1 } }, 10],
      [{ ...piece('é'), timings: { predicted_n: 3, cache_n: 2 } }, 30],
      [usage(3), 31],
    ])
    expect(answer.sample(3)).toEqual({ tokenTimes: [10, 30, 30], coalesced: true, reused: 2, promptTokens: 5 })
  })

  it('reads ids from logprobs', () => {
    const answer = answerOf([
      [piece('a', { logprobs: { content: [{ id: 9, token: 'a' }] } }), 10],
      [usage(1), 11],
    ])
    expect(answer.sample(1).tokens).toEqual([9])
  })

  it('is none where the engine did something else', () => {
    const short = answerOf([
      [piece('a'), 10],
      [usage(1), 11],
    ])
    expect(() => short.sample(2)).toThrow('1 tokens of 2: does the engine ignore its end tokens?')
    expect(() => answerOf([[piece('a'), 10]]).sample(1)).toThrow('include_usage')
    expect(() => answerOf([[usage(3), 10]]).sample(3)).toThrow('0 pieces')
    expect(() => answerOf([[{ error: { message: 'no memory' } }, 10]])).toThrow('no memory')
    expect(() => answerOf([['text', 10]])).toThrow('no object')
    expect(() => new CompletionAnswer().takeText('{', 1)).toThrow('no JSON')
  })
})
