import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RemoteModel } from './remote-model.ts'
import { ServerAddress } from './server-address.ts'
import { ask, type ChatServer, chunk, connect, failure, finish, startChatServer } from './test-support/chat-server.ts'

let server: ChatServer
beforeEach(async () => {
  server = await startChatServer()
})
afterEach(() => server.close())

const content = (text: string): object => ({ type: 'content', text })

const KEY = 'sk-very-secret-0123456789'

describe('what goes wrong', () => {
  const json =
    (status: number, body: unknown, headers: Record<string, string> = {}) =>
    (response: ServerResponse): void =>
      void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  const said = (message: string, more: object = {}): object => ({ error: { message, ...more } })
  const vllmLong =
    "This model's maximum context length is 2048 tokens. However, you requested 3000 tokens in the messages."
  const llamaLong = { type: 'exceed_context_size_error', n_prompt_tokens: 1407, n_ctx: 256 }

  it.each<[string, (response: ServerResponse) => void, string, object]>([
    ['401', json(401, said(`no such key ${KEY}`)), 'source-forbidden', { status: 401, said: 'no such key [apiKey]' }],
    ['403 in HTML', json(403, '<html>no</html>'), 'source-forbidden', { status: 403, said: '<html>no</html>' }],
    ['404 of the model', json(404, said('The model `x` does not exist.')), 'model-unknown', {}],
    ['404 of the address', json(404, { detail: 'Not Found' }), 'source-not-found', {}],
    ['429', json(429, said('slow down'), { 'Retry-After': '7' }), 'source-unavailable', { status: 429, retryAfter: 7 }],
    [
      '429 until long ago',
      json(429, '', { 'Retry-After': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
      'source-unavailable',
      { retryAfter: 0 },
    ],
    ['429 in words', json(429, '', { 'Retry-After': 'soon' }), 'source-unavailable', { status: 429 }],
    ['503', json(503, said('Loading model', { code: 503 })), 'source-unavailable', { status: 503 }],
    ['500 with nothing', json(500, ''), 'source-unavailable', { said: 'no reason given' }],
    ['400', json(400, { object: 'error', message: 'bad', code: 400 }), 'request-invalid', { said: 'bad' }],
    ['422', json(422, { detail: [{ loc: ['body'] }] }), 'request-invalid', { said: '[{"loc":["body"]}]' }],
    ["vLLM's long prompt", json(400, said(vllmLong)), 'context-length-exceeded', { contextLength: 2048 }],
    [
      "llama.cpp's long prompt",
      json(500, said('too long', llamaLong)),
      'context-length-exceeded',
      { promptTokens: 1407, contextLength: 256 },
    ],
    ['a page', (response) => void response.setHeader('Content-Type', 'text/html').end('<html>'), 'backend-failed', {}],
    [
      'a redirection',
      (response) => void response.writeHead(307, { Location: '/elsewhere' }).end(),
      'network-failed',
      {},
    ],
    ['a cut connection', (response) => void response.destroy(), 'network-failed', {}],
    [
      'an endless error',
      (response) => {
        response.writeHead(500)
        const timer = setInterval(() => response.write('x'.repeat(9999)), 1)
        response.on('close', () => clearInterval(timer))
      },
      'source-unavailable',
      {},
    ],
  ])('before the answer: %s', async (_, answer, code, details) => {
    server.answer = answer
    const model = await connect(server, { apiKey: KEY })
    const error = await failure(ask(model))
    expect(error).toMatchObject({ code, details })
    expect(Symbol.for('sampan.error') in error).toBe(true)
    expect(error.message.length).toBeLessThan(1000)
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(KEY)
  })

  const streamed =
    (...lines: readonly string[]) =>
    (response: ServerResponse): void => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.end([`data: ${JSON.stringify(chunk({ content: 'a' }))}`, ...lines, ''].join('\n\n'))
    }

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['an error object', streamed(`data: ${JSON.stringify(said(`boom ${KEY}`, { code: 500 }))}`), 'source-unavailable'],
    ["vLLM's older error", streamed('data: {"object":"error","message":"bad","code":400}'), 'request-invalid'],
    ["llama.cpp's error field", streamed('error: {"code":500,"message":"boom"}'), 'source-unavailable'],
    ['a long prompt', streamed(`data: ${JSON.stringify(said('x', llamaLong))}`), 'context-length-exceeded'],
    ['no JSON', streamed(`data: {"choices": ${KEY}`), 'backend-failed'],
    ['an end without a reason', streamed('data: [DONE]'), 'network-failed'],
    ['an end without anything', streamed(), 'network-failed'],
    ['a chunk cut in two', streamed('data: {"choices":[{"delta":{"con'), 'backend-failed'],
    ['a filter', streamed(`data: ${JSON.stringify(finish('content_filter'))}`), 'backend-failed'],
    ['a reason of its own', streamed(`data: ${JSON.stringify(finish(KEY))}`), 'backend-failed'],
    [
      'too many calls',
      streamed(
        ...Array.from({ length: 129 }, (_, index) => `data: ${JSON.stringify(chunk({ tool_calls: [{ index }] }))}`),
      ),
      'backend-failed',
    ],
    [
      'a cut connection',
      (response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Content-Length': 9999 })
        response.write(`data: ${JSON.stringify(chunk({ content: 'a' }))}\n\n`, () =>
          setTimeout(() => response.destroy(), 20),
        )
      },
      'network-failed',
    ],
    [
      'a line without end',
      (response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        response.write(`data: ${JSON.stringify(chunk({ content: 'a' }))}\n\n`)
        const more = (): void =>
          void response.write('x'.repeat(1 << 20), () => response.destroyed || setImmediate(more))
        more()
      },
      'backend-failed',
    ],
  ])('within the answer: %s', async (_, answer, code) => {
    server.answer = answer
    const model = await connect(server, { apiKey: KEY })
    let accepted = 0
    const { signal } = new AbortController()
    const texts: unknown[] = []
    const part = async (one: unknown): Promise<boolean> => texts.push(one) > 0
    const error = await failure(model.generate({ messages: [] }, { signal, accepted: () => void accepted++, part }))
    expect(error).toMatchObject({ code })
    expect([accepted, texts[0]]).toEqual([1, content('a')])
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(KEY)
  })

  it('closes the connection of what it does not read', async () => {
    const model = await connect(server)
    server.answer = (response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).write('<html>')
    expect(await failure(ask(model))).toMatchObject({ code: 'backend-failed' })
    await vi.waitFor(() => expect(server.closed).toBe(1), { timeout: 5000 })
  })

  it('is not patient for ever', async () => {
    // Connecting with so little patience might fail on a busy machine.
    const { info } = await connect(server)
    const model = new RemoteModel(new ServerAddress(server.url), info, 200)
    server.answer = () => {}
    expect(await failure(ask(model))).toMatchObject({ code: 'network-failed', details: { patienceSeconds: 0.2 } })
    server.answer = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'a' }))}\n\n`)
    }
    expect(await failure(ask(model))).toMatchObject({ code: 'network-failed', details: { patienceSeconds: 0.2 } })
    await vi.waitFor(() => expect(server.closed).toBe(2), { timeout: 5000 })
  })

  it('tells that nothing listens', async () => {
    const model = await connect(server)
    await server.close()
    expect(await failure(ask(model))).toMatchObject({ code: 'network-failed' })
  })

  it('survives chunks that are none', async () => {
    const odd = [
      'null',
      '[]',
      '7',
      '{}',
      '{"choices":7}',
      '{"choices":[null]}',
      '{"choices":[{"delta":{"content":7,"tool_calls":{}}}]}',
    ]
    server.answer = streamed(
      ...odd.map((one) => `data: ${one}`),
      `data: ${JSON.stringify({ ...finish('stop'), usage: { prompt_tokens: -1 } })}`,
    )
    const { parts, end } = await ask(await connect(server))
    expect(parts).toEqual([content('a')])
    expect(end).toEqual({ reason: 'stop', promptTokens: 0, completionTokens: 0 })
  })
})
