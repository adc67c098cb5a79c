import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ask,
  type ChatServer,
  chunk,
  connect,
  failure,
  finish,
  startChatServer,
  stream,
} from './test-support/chat-server.ts'

let server: ChatServer
beforeEach(async () => {
  server = await startChatServer()
})
afterEach(() => server.close())

const content = (text: string): object => ({ type: 'content', text })
describe('an answer', () => {
  it('comes from vLLM: thoughts, content, usage with details', async () => {
    const usage = (completion: number, reasoning: number): object => ({
      usage: {
        ...{ prompt_tokens: 11, total_tokens: 11 + completion, completion_tokens: completion },
        prompt_tokens_details: { cached_tokens: 8 },
        completion_tokens_details: { reasoning_tokens: reasoning },
      },
    })
    server.answer = (response) =>
      stream(response, [
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'hm' }),
        { ...chunk({ reasoning: 'm' }), ...usage(2, 2) },
        chunk({ content: 'Hel' }),
        chunk({ content: 'lo' }),
        finish('length'),
        { ...chunk({}), choices: [], ...usage(5, 2) },
      ])
    const { parts, end, accepted } = await ask(await connect(server), { temperature: 0 })
    expect(parts).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'reasoning', text: 'm' },
      content('Hel'),
      content('lo'),
    ])
    expect(end).toEqual({
      ...{ reason: 'length', promptTokens: 11, completionTokens: 5, cachedTokens: 8, reasoningTokens: 2 },
    })
    expect(accepted).toBe(1)
    expect(server.bodies[0]).toMatchObject({
      ...{ model: 'org/model', stream: true, temperature: 0 },
      stream_options: { include_usage: true, continuous_usage_stats: true },
    })
  })

  it("comes from llama.cpp: no usage, but its timings; the model's list in its own way", async () => {
    const meta = { n_ctx_train: 4096, size: 1234 }
    server.models = { models: [], data: [{ id: 'x.gguf', owned_by: 'llamacpp', meta }] }
    server.answer = (response) =>
      stream(response, [
        chunk({ role: 'assistant', content: null }),
        chunk({ content: 'a' }),
        { ...finish('stop'), timings: { prompt_n: 3, cache_n: 7, predicted_n: 2 } },
      ])
    const model = await connect(server)
    expect(model.info).toEqual({
      ...{ backend: 'openai-compatible', source: `${server.url}#x.gguf`, model: 'x.gguf', server: 'llama.cpp' },
      ...{ contextLength: 4096, bytes: 1234 },
    })
    const { end } = await ask(model)
    expect(end).toEqual({ reason: 'stop', promptTokens: 10, completionTokens: 2, cachedTokens: 7 })
  })

  it('is whole though its bytes are cut anywhere, with comments and other line ends', async () => {
    server.answer = async (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      const events = [chunk({ content: 'né✓🛶' }), chunk({ content: '\u2028x\r\n' }), finish('stop')]
      const text = `: hello\r\n\r\n${events.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join(': ping\r\n')}data: [DONE]\r\n\r\n`
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.of(byte))
        if (byte > 127) await new Promise((resolve) => setImmediate(resolve))
      }
      response.end()
    }
    const { parts } = await ask(await connect(server))
    expect(parts).toEqual([content('né✓🛶'), content('\u2028x\r\n')])
  })

  it('needs no [DONE] once it is finished', async () => {
    server.answer = (response) => stream(response, [chunk({ content: 'a' }), finish('stop')], '')
    expect((await ask(await connect(server))).end.reason).toBe('stop')
  })

  it('has chances with the content that they belong to', async () => {
    const token = (text: string, logprob: number): object => ({ token: text, bytes: null, logprob })
    const logprobs = (...entries: object[]): object => ({ logprobs: { content: entries } })
    server.answer = (response) =>
      stream(response, [
        chunk({ reasoning: 'hm' }, logprobs({ ...token('hm', -1), top_logprobs: [] })),
        chunk({}, logprobs({ ...token('\ufffd', -0.5), bytes: [195], top_logprobs: [] })),
        chunk(
          { content: 'é' },
          logprobs({ ...token('\ufffd', 0.0001), bytes: [169, 999, 'x'], top_logprobs: [token('é', -1e9)] }),
        ),
        chunk({ content: 'x' }),
        finish('stop'),
      ])
    const { parts } = await ask(await connect(server), { topLogprobs: 1 })
    expect(parts).toEqual([
      { type: 'reasoning', text: 'hm' },
      {
        ...content('é'),
        logprobs: [
          { text: '\ufffd', bytes: [195], logprob: -0.5, top: [] },
          { text: '\ufffd', bytes: [169], logprob: 0, top: [{ text: 'é', bytes: [195, 169], logprob: -9999 }] },
        ],
      },
      content('x'),
    ])
    expect(server.bodies[0]).toMatchObject({ logprobs: true, top_logprobs: 2 })
  })

  it('has the likeliest first, though vLLM begins with the token itself', async () => {
    const token = (text: string, logprob: number): object => ({ token: text, logprob })
    const top_logprobs = [token('z', -9), token('a', -0.5), token('b', -1)]
    const logprobs = { content: [{ ...token('z', -9), top_logprobs }] }
    server.answer = (response) => stream(response, [chunk({ content: 'z' }, { logprobs }), finish('stop')])
    const tops = async (topLogprobs: number): Promise<unknown> => {
      const [part] = (await ask(await connect(server), { topLogprobs })).parts
      return part?.type === 'content' && part.logprobs?.map(({ top }) => top.map(({ text }) => text))
    }
    expect([await tops(2), await tops(0)]).toEqual([[['a', 'b']], [[]]])
  })

  it('has calls of tools, streamed in pieces, at once, or with one index for all', async () => {
    const call = (
      index: number | undefined,
      id: string | undefined,
      name: string | undefined,
      json: string,
    ): object => ({
      ...(index !== undefined && { index }),
      ...(id !== undefined && { id }),
      function: { ...(name !== undefined && { name }), arguments: json },
    })
    server.answer = (response) =>
      stream(response, [
        chunk({ content: 'so' }),
        chunk({ tool_calls: [call(0, 'a', 'f', '')] }),
        chunk({ tool_calls: [call(0, undefined, undefined, '{"x"')] }),
        chunk({ tool_calls: [call(0, 'a', undefined, ':1}'), call(3, 'b', undefined, '{')] }),
        chunk({ tool_calls: [call(3, undefined, 'g', '}')] }),
        chunk({ tool_calls: [call(3, 'c', 'h', '{}')] }),
        chunk({ tool_calls: [call(9, undefined, 'i', '{}'), 7, null] }),
        finish('tool_calls'),
      ])
    const { parts, end } = await ask(await connect(server))
    expect(end.reason).toBe('tool_calls')
    expect(parts).toEqual([
      content('so'),
      { type: 'tool-call', index: 0, id: 'a', name: 'f' },
      { type: 'tool-arguments', index: 0, text: '{"x"' },
      { type: 'tool-arguments', index: 0, text: ':1}' },
      { type: 'tool-call', index: 1, id: 'b', name: 'g' },
      { type: 'tool-arguments', index: 1, text: '{}' },
      { type: 'tool-call', index: 2, id: 'c', name: 'h' },
      { type: 'tool-arguments', index: 2, text: '{}' },
      { type: 'tool-call', index: 3, id: expect.stringMatching(/^call_.+/), name: 'i' },
      { type: 'tool-arguments', index: 3, text: '{}' },
    ])
  })
})

/** Talks until the other side goes. */
const endless = (response: ServerResponse): void => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const timer = setInterval(() => response.write(`data: ${JSON.stringify(chunk({ content: 'x' }))}\n\n`), 2)
  response.on('close', () => clearInterval(timer))
}

describe('leaving', () => {
  const gone = (): Promise<void> => vi.waitFor(() => expect(server.closed).toBe(1), { timeout: 5000 })

  it('closes the connection when enough has come, and tells the tokens so far', async () => {
    server.answer = (response) => {
      const usage = { prompt_tokens: 4, completion_tokens: 1 }
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify({ ...chunk({ content: 'x' }), usage })}\n\n`)
    }
    const { end } = await ask(await connect(server), {}, { leaveAfter: 1 })
    expect(end).toEqual({ reason: 'stop', promptTokens: 4, completionTokens: 1 })
    await gone()
  })

  it('closes it on abort, while it streams and before the server has said a word', async () => {
    const model = await connect(server)
    for (const answer of [endless, () => {}]) {
      server.answer = answer
      server.closed = 0
      const controller = new AbortController()
      const reason = new DOMException('enough', 'AbortError')
      const answering = failure(ask(model, {}, { signal: controller.signal }))
      await vi.waitFor(() => expect(server.bodies.length).toBeGreaterThan(0))
      controller.abort(reason)
      expect(await answering).toBe(reason)
      await gone()
      server.bodies.length = 0
    }
  })

  it('closes it on dispose, also where the reader has stopped reading', async () => {
    server.answer = endless
    const model = await connect(server)
    const { signal } = new AbortController()
    let waits = (): void => {}
    const waiting = new Promise<void>((resolve) => {
      waits = resolve
    })
    const part = (): Promise<boolean> => {
      waits()
      return new Promise(() => {})
    }
    const answering = failure(model.generate({ messages: [] }, { signal, accepted: () => {}, part }))
    await waiting
    await model.dispose()
    expect(await answering).toMatchObject({ code: 'model-disposed' })
    await gone()
    expect(await failure(ask(model))).toMatchObject({ code: 'model-disposed' })
  })

  it('answers several requests at a time', async () => {
    const model = await connect(server)
    const waiting: ServerResponse[] = []
    server.answer = (response) => {
      if (waiting.push(response) === 3)
        for (const one of waiting) stream(one, [chunk({ content: 'x' }), finish('stop')])
    }
    expect(await Promise.all([ask(model), ask(model), ask(model)])).toHaveLength(3)
  })
})
