import OpenAI from 'openai'
import { describe, expect, it, vi } from 'vitest'
import { scriptedFetch } from '../test-support/scripted-fetch.ts'
import { endless, type Script, ScriptedSource, saying } from '../test-support/scripted-source.ts'
import { createFetch } from './create-fetch.ts'

const model = 'test/model'
const prompt = 'Once upon a time'

function connect(...scripts: readonly Script[]): { client: OpenAI; source: ScriptedSource } {
  const { fetch, source } = scriptedFetch(...scripts)
  return { source, client: new OpenAI({ apiKey: 'none', baseURL: 'https://any.example/v1', fetch }) }
}

const token = (text: string, logprob: number): { text: string; bytes: number[]; logprob: number } => ({
  text,
  bytes: [...new TextEncoder().encode(text)],
  logprob,
})

describe('POST /v1/completions', () => {
  it('goes on with a text', async () => {
    const { client, source } = connect(saying(' there', ' was'))
    const answer = await client.completions.create({ model, prompt, temperature: 0, best_of: 1, echo: false })
    expect(answer).toMatchObject({
      object: 'text_completion',
      model,
      choices: [{ index: 0, text: ' there was', finish_reason: 'stop', logprobs: null }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    })
    expect(source.requests).toEqual([{ messages: [], prompt, temperature: 0, maxTokens: 16 }])
  })

  it('streams several choices, up to a stop string', async () => {
    const { client, source } = connect(saying('a', 'b.c'), saying('d'))
    const stream = await client.completions.create({ model, prompt: [prompt], n: 2, stop: '.', stream: true })
    const seen: unknown[] = []
    for await (const { choices } of stream)
      for (const { index, text, finish_reason } of choices) seen.push([index, text, finish_reason])
    expect(seen).toEqual([
      [0, 'a', null],
      [0, 'b', null],
      [0, '', 'stop'],
      [1, 'd', null],
      [1, '', 'stop'],
    ])
    expect(source.requests).toHaveLength(2)
  })

  it('tells chances, and where tokens begin', async () => {
    const { client, source } = connect(
      saying(
        { type: 'content', text: 'é', logprobs: [{ ...token('é', -1), top: [token('e', -0.5)] }] },
        { type: 'content', text: 'bc', logprobs: [token('b', -2), token('c', -3)].map((one) => ({ ...one, top: [] })) },
      ),
    )
    const answer = await client.completions.create({ model, prompt, logprobs: 1 })
    expect(source.requests[0]?.topLogprobs).toBe(1)
    expect(answer.choices[0]?.logprobs).toEqual({
      tokens: ['é', 'b', 'c'],
      token_logprobs: [-1, -2, -3],
      top_logprobs: [{ e: -0.5 }, {}, {}],
      text_offset: [0, 1, 2],
    })
  })

  it('goes on with tokens, past those that end answers, and tells the tokens', async () => {
    const pieces = saying(
      { type: 'content', text: '', tokens: [{ id: 7, ms: 3 }] },
      { type: 'content', text: 'é', tokens: [{ id: 8, ms: 5 }] },
    )
    const asked = { ignore_eos: true, return_token_ids: true }
    const { client, source } = connect(pieces, pieces)
    const answer = await client.completions.create({ model, prompt: [5, 6], ...asked })
    expect(source.requests).toEqual([{ messages: [], prompt: [5, 6], maxTokens: 16, ignoreEnd: true, tellIds: true }])
    expect(answer.choices).toMatchObject([{ text: 'é', token_ids: [7, 8], token_times: [3, 5] }])
    const seen: unknown[] = []
    for await (const { choices } of await client.completions.create({ model, prompt: [[5]], ...asked, stream: true }))
      seen.push(...choices)
    expect(seen).toMatchObject([
      { text: '', token_ids: [7], token_times: [3] },
      { text: 'é', token_ids: [8], token_times: [5] },
      { finish_reason: 'stop' },
    ])
  })

  it('stops when the loop is left', async () => {
    const { client, source } = connect(endless)
    for await (const _ of await client.completions.create({ model, prompt, stream: true })) break
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it.each<[string, string, object]>([
    ['prompt', 'unsupported_parameter', { prompt: ['a', 'b'] }],
    ['prompt', 'unsupported_parameter', { prompt: [[1, 2], [3]] }],
    ['prompt[1]', 'invalid_value', { prompt: [1, 2.5] }],
    ['prompt[0][0]', 'invalid_value', { prompt: [[-1, 2]] }],
    ['prompt[0]', 'invalid_value', { prompt: [[]] }],
    ['ignore_eos', 'invalid_value', { ignore_eos: 1 }],
    ['return_token_ids', 'invalid_value', { return_token_ids: 'yes' }],
    ['record', 'invalid_value', { prompt: [1, 2], record: true }],
    ['record', 'invalid_value', { ignore_eos: true, record: true }],
    ['prompt', 'invalid_value', { prompt: '' }],
    ['prompt', 'invalid_value', { prompt: null }],
    ['echo', 'unsupported_parameter', { echo: true }],
    ['best_of', 'unsupported_parameter', { best_of: 2 }],
    ['suffix', 'unsupported_parameter', { suffix: 'x' }],
    ['messages', 'unsupported_parameter', { messages: [] }],
    ['tools', 'unsupported_parameter', { tools: [] }],
    ['logprobs', 'invalid_value', { logprobs: 6 }],
    ['logprobs', 'invalid_value', { logprobs: true }],
    ['temperature', 'invalid_value', { temperature: 5 }],
    ['max_tokens', 'invalid_value', { max_tokens: 0 }],
  ])('answers a bad %s with %s', async (param, code, more) => {
    const { fetch } = scriptedFetch(saying('x'))
    const response = await fetch('/v1/completions', { method: 'POST', body: JSON.stringify({ prompt, ...more }) })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param, code } })
  })

  it('says so where the backend answers chats only', async () => {
    const source = new ScriptedSource(saying('x'))
    const { readsText: _, ...info } = source.info
    const response = await createFetch(source, info)('/v1/completions', { method: 'POST', body: '{"prompt":"x"}' })
    expect(await response.json()).toMatchObject({
      error: { code: 'unsupported_parameter', message: expect.stringContaining('/v1/chat/completions') },
    })
  })
})
