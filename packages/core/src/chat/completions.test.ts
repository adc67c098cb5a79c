import type { ReadableStream as WebReadableStream } from 'node:stream/web'
import { ChatCompletionStream as OpenAIStream } from 'openai/lib/ChatCompletionStream'
import { describe, expect, it, vi } from 'vitest'
import type { AnswerPart } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { endless, type Script, ScriptedSource, saying } from '../test-support/scripted-source.ts'
import type { ChatCompletionChunk } from './answer-types.ts'
import { Completions } from './completions.ts'

const messages = [{ role: 'user', content: 'hello' } as const]

function connect(...scripts: readonly Script[]): { completions: Completions; source: ScriptedSource } {
  const source = new ScriptedSource(...scripts)
  return { source, completions: new Completions(source, { source: 'test/model' }) }
}

async function readAll(stream: AsyncIterable<ChatCompletionChunk>): Promise<ChatCompletionChunk[]> {
  const chunks: ChatCompletionChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

const token = (text: string, logprob: number): { text: string; bytes: number[]; logprob: number } => ({
  text,
  bytes: [...new TextEncoder().encode(text)],
  logprob,
})

const calls: readonly AnswerPart[] = [
  { type: 'tool-call', index: 0, id: 'a', name: 'f' },
  { type: 'tool-arguments', index: 0, text: '{"x"' },
  { type: 'tool-arguments', index: 0, text: ':1}' },
  { type: 'tool-call', index: 1, id: 'b', name: 'g' },
  { type: 'tool-arguments', index: 1, text: '{}' },
]

describe('a whole answer', () => {
  it('has thoughts apart from content, and counts them', async () => {
    const { completions } = connect(async (request, output, call) => ({
      ...(await saying({ type: 'reasoning', text: 'let me' }, { type: 'reasoning', text: ' see' }, '4')(
        request,
        output,
        call,
      )),
      cachedTokens: 1,
      reasoningTokens: 1,
    }))
    const answer = await completions.create({ messages })
    expect(answer.choices).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: '4', refusal: null, reasoning_content: 'let me see' },
        finish_reason: 'stop',
        logprobs: null,
      },
    ])
    expect(answer.usage).toEqual({
      prompt_tokens: 3,
      completion_tokens: 2,
      total_tokens: 5,
      prompt_tokens_details: { cached_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 1 },
    })
    expect(answer).not.toHaveProperty('system_fingerprint')
  })

  it('has calls of tools whole, and null for content where there is nothing else', async () => {
    const { completions } = connect(saying(...calls))
    const [choice] = (await completions.create({ messages })).choices
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } })
    expect(choice?.message.tool_calls).toEqual([
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    ])
  })

  it('can be sent back as it is', async () => {
    const { completions, source } = connect(
      saying(
        { type: 'reasoning', text: 'hm' },
        { type: 'warning', code: 'tool-call-malformed', message: 'odd' },
        ...calls,
      ),
      saying('done'),
    )
    const first = (await completions.create({ messages })).choices[0]?.message
    expect(first?.warnings).toEqual([{ code: 'tool-call-malformed', message: 'odd' }])
    if (!first) throw new Error('no answer')
    const answers = ['a', 'b'].map((id) => ({ role: 'tool', tool_call_id: id, content: 'ok' }) as const)
    await completions.create({ messages: [...messages, first, ...answers] })
    expect(source.requests[1]?.messages[1]).toEqual({
      role: 'assistant',
      content: '',
      toolCalls: [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
    })
  })

  it('does not have a call that turned out to be none', async () => {
    const { completions } = connect(
      saying(
        { type: 'tool-call', index: 0, id: 'a', name: 'f' },
        { type: 'tool-arguments', index: 0, text: '{"x' },
        { type: 'warning', code: 'tool-call-malformed', message: 'odd', index: 0 },
        '<tool_call>{"x',
        { type: 'tool-call', index: 1, id: 'b', name: 'g' },
        { type: 'tool-arguments', index: 1, text: '{}' },
      ),
    )
    const message = (await completions.create({ messages })).choices[0]?.message
    expect(message).toMatchObject({
      content: '<tool_call>{"x',
      tool_calls: [{ id: 'b', function: { arguments: '{}' } }],
      warnings: [{ code: 'tool-call-malformed', message: 'odd' }],
    })
    expect(message?.tool_calls).toHaveLength(1)
  })

  it('tells the chances of the tokens of its content', async () => {
    const { completions, source } = connect(
      saying(
        { type: 'content', text: 'é', logprobs: [{ ...token('\ufffd', -1), bytes: [195], top: [] }] },
        { type: 'content', text: '!', logprobs: [{ ...token('!', -0.5), top: [token('!', -0.5), token('?', -2)] }] },
      ),
    )
    const answer = await completions.create({ messages, logprobs: true, top_logprobs: 2 })
    expect(source.requests[0]?.topLogprobs).toBe(2)
    expect(answer.choices[0]?.logprobs).toEqual({
      content: [
        { token: '\ufffd', bytes: [195], logprob: -1, top_logprobs: [] },
        {
          token: '!',
          bytes: [33],
          logprob: -0.5,
          top_logprobs: [
            { token: '!', bytes: [33], logprob: -0.5 },
            { token: '?', bytes: [63], logprob: -2 },
          ],
        },
      ],
      refusal: null,
    })
  })

  it('is empty where the model says nothing', async () => {
    const { completions } = connect(saying())
    const answer = await completions.create({ messages, logprobs: true })
    expect(answer.choices[0]).toMatchObject({ message: { content: '' }, logprobs: { content: [], refusal: null } })
  })
})

describe('several choices', () => {
  it('are streamed one after another, with the usage of all at the end', async () => {
    const { completions } = connect(saying('a'), saying('b', 'c'))
    const chunks = await readAll(await completions.create({ messages, n: 2, stream: true }))
    expect(
      chunks.map(({ choices }) => choices.map(({ index, delta, finish_reason }) => [index, delta, finish_reason])),
    ).toEqual([
      [[0, { role: 'assistant', content: '' }, null]],
      [[0, { content: 'a' }, null]],
      [[0, {}, 'stop']],
      [[1, { role: 'assistant', content: '' }, null]],
      [[1, { content: 'b' }, null]],
      [[1, { content: 'c' }, null]],
      [[1, {}, 'stop']],
    ])
    expect(chunks.filter(({ usage }) => usage)).toEqual([chunks.at(-1)])
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 })
  })

  it('fail together when one fails', async () => {
    const { completions, source } = connect(saying('a'), () => Promise.reject(new SampanError('device-lost', 'Gone.')))
    await expect(completions.create({ messages, n: 3 })).rejects.toMatchObject({ code: 'device-lost' })
    expect(source.requests).toHaveLength(2)
  })

  it('all stop when the request is aborted between two of them', async () => {
    const { completions, source } = connect(saying('a'))
    const controller = new AbortController()
    const reason = new Error('enough')
    const stream = await completions.create({ messages, n: 3, stream: true }, { signal: controller.signal })
    const read = async (): Promise<void> => {
      for await (const { choices } of stream) if (choices[0]?.finish_reason) controller.abort(reason)
    }
    await expect(read()).rejects.toBe(reason)
    expect(source.requests).toHaveLength(1)
  })

  it('stop at once when the loop is left while the next waits for its turn', async () => {
    let accept: () => void = () => {}
    const waiting: Script = ({ ...request }, output, call) =>
      new Promise<void>((resolve) => {
        accept = resolve
      }).then(() => endless(request, output, call))
    const { completions, source } = connect(saying('a'), waiting)
    const iterator = (await completions.create({ messages, n: 2, stream: true }))[Symbol.asyncIterator]()
    let finished = false
    while (!finished) finished = (await iterator.next()).value?.choices[0]?.finish_reason === 'stop'
    await iterator.next()
    const next = iterator.next()
    await vi.waitFor(() => expect(source.running).toBe(1))
    expect(await iterator.return?.()).toMatchObject({ done: true })
    expect(await next).toMatchObject({ done: true })
    accept()
    await vi.waitFor(() => expect(source.running).toBe(0))
  })
})

describe('a stream', () => {
  it('has calls of tools in pieces: first id, type and name, then arguments', async () => {
    const { completions } = connect(saying(...calls))
    const chunks = await readAll(await completions.create({ messages, stream: true }))
    expect(chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])).toEqual([
      { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"x"' } },
      { index: 0, function: { arguments: ':1}' } },
      { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })

  it('tells warnings in its last chunk', async () => {
    const { completions } = connect(
      saying({ type: 'warning', code: 'tool-call-malformed', message: 'odd', index: 3 }, '<tool_call>'),
    )
    const chunks = await readAll(await completions.create({ messages, stream: true }))
    expect(chunks.at(-1)?.choices[0]).toMatchObject({
      delta: { warnings: [{ code: 'tool-call-malformed', message: 'odd', index: 3 }] },
      finish_reason: 'stop',
    })
  })

  it('ends without an error when its controller aborts', async () => {
    const { completions, source } = connect(endless)
    const stream = await completions.create({ messages, stream: true })
    let chunks = 0
    for await (const _ of stream) if (++chunks === 3) stream.controller.abort()
    expect(chunks).toBe(3)
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it("becomes a readable stream that the openai package's helper reads", async () => {
    const { completions } = connect(saying('Hello ', 'there'))
    const stream = await completions.create({ messages, stream: true })
    const bytes: WebReadableStream<Uint8Array> = Object(stream.toReadableStream())
    const answer = await OpenAIStream.fromReadableStream(Object(bytes)).finalChatCompletion()
    expect(answer.choices[0]?.message.content).toBe('Hello there')
    expect(() => stream[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'stream-used' }))
  })

  it('as a readable stream stops when that is cancelled', async () => {
    const { completions, source } = connect(endless)
    const reader = (await completions.create({ messages, stream: true })).toReadableStream().getReader()
    await reader.read()
    await reader.cancel()
    await vi.waitFor(() => expect(source.running).toBe(0))
  })
})

it('does not care what becomes of the request once it was given', async () => {
  const { completions, source } = connect(saying('a'))
  const request = { messages: [{ role: 'user' as const, content: 'first' }], n: 2, tools: [] }
  const answer = completions.create(request)
  request.messages[0] = { role: 'user', content: 'second' }
  request.n = 1
  expect((await answer).choices).toHaveLength(2)
  expect(source.requests.map(({ messages }) => messages[0]?.content)).toEqual(['first', 'first'])
})
