import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { TextError } from '@sampan/text'
import { describe, expect, it, vi } from 'vitest'
import { scriptedFetch } from '../test-support/scripted-fetch.ts'
import { endless, ScriptedSource, saying } from '../test-support/scripted-source.ts'
import { createFetch } from './create-fetch.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const url = 'https://any.example/v1/chat/completions'
const request = { messages: [{ role: 'user', content: 'hello' }] }
const post = (body: unknown, more: RequestInit = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  ...more,
})

describe('model.fetch', () => {
  it.each<[string, () => RequestInfo | URL]>([
    ['a string', () => url],
    ['a URL', () => new URL(url)],
    ['a path', () => '/v1/chat/completions'],
    ['another base', () => 'http://localhost:8080/proxy/v1/chat/completions?beta=1'],
    ['a slash at the end', () => `${url}/`],
  ])('answers at %s', async (_, input) => {
    const { fetch } = scriptedFetch(saying('Hi'))
    const response = await fetch(input(), post(request))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hi' } }] })
  })

  it('tells a request that the model cannot honour from a fault of its own', async () => {
    const unsupported = new TextError('template-unsupported', 'The template has no tools.')
    const { fetch } = scriptedFetch(() => Promise.reject(unsupported))
    const response = await fetch(url, post(request))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_parameter' } })
  })

  it('answers a Request, with a body of bytes, with no header that says what it is', async () => {
    const { fetch } = scriptedFetch(saying('Hi'))
    const body = new TextEncoder().encode(JSON.stringify(request))
    expect((await fetch(new Request(url, { method: 'POST', body }))).status).toBe(200)
  })

  it('sends events as servers do, to the byte', async () => {
    const { fetch } = scriptedFetch(saying('é\n', '✓'))
    const response = await fetch(url, post({ ...request, stream: true }))
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const events = (await response.text()).split('\n\n')
    expect(events.at(-1)).toBe('')
    expect(events.at(-2)).toBe('data: [DONE]')
    const chunks = events.slice(0, -2).map((event): { choices: { delta: { content?: string } }[] } => {
      expect(event).toMatch(/^data: \{[^\n]*\}$/)
      return JSON.parse(event.slice('data: '.length))
    })
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('é\n✓')
  })

  it.each<[number, string, string | null, string, RequestInit]>([
    [400, 'invalid_value', null, url, { method: 'POST', body: '{' }],
    [400, 'invalid_value', null, url, { method: 'POST' }],
    [400, 'invalid_value', 'messages', url, post({})],
    [400, 'unsupported_parameter', 'audio', url, post({ ...request, audio: {} })],
    [405, 'method_not_allowed', null, url, { method: 'GET' }],
    [405, 'method_not_allowed', null, 'https://any.example/v1/models', { method: 'DELETE' }],
    [404, 'unknown_url', null, 'https://any.example/chat/completions', post(request)],
    [404, 'unknown_url', null, 'https://any.example/v1/responses', post(request)],
    [404, 'model_not_found', 'model', 'https://any.example/v1/models/%E0%A4%A', { method: 'GET' }],
  ])('%i %s', async (status, code, param, at, init) => {
    const { fetch, source } = scriptedFetch(saying('x'))
    const response = await fetch(at, init)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    })
    expect(source.requests).toHaveLength(0)
  })

  it('finds a model by its id with slashes, too', async () => {
    const { fetch } = scriptedFetch(saying('x'))
    for (const id of ['test/model', 'test%2Fmodel'])
      expect(await (await fetch(`https://any.example/v1/models/${id}`)).json()).toMatchObject({ id: 'test/model' })
  })

  it('finds a model whose id is an address', async () => {
    const id = 'https://example.org/models//folder/'
    const source = new ScriptedSource(saying('x'))
    const fetch = createFetch(source, { ...source.info, source: id })
    for (const path of [id, encodeURIComponent(id)])
      expect(await (await fetch(`/v1/models/${path}`)).json()).toMatchObject({ id })
  })

  it('rejects with the reason of a signal that was aborted before, of either argument', async () => {
    const { fetch, source } = scriptedFetch(saying('x'))
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(fetch(url, post(request, { signal }))).rejects.toBe(reason)
    await expect(fetch(new Request(url, post(request, { signal })))).rejects.toMatchObject(reason)
    expect(source.requests).toHaveLength(0)
  })

  it('rejects when it is aborted while it answers, and stops the model', async () => {
    const { fetch, source } = scriptedFetch(endless)
    const controller = new AbortController()
    const answer = fetch(url, post(request, { signal: controller.signal }))
    await vi.waitFor(() => expect(source.running).toBe(1))
    controller.abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it('fails the body with the reason when it is aborted while it streams', async () => {
    const { fetch, source } = scriptedFetch(endless)
    const controller = new AbortController()
    const response = await fetch(url, post({ ...request, stream: true }, { signal: controller.signal }))
    const reader = response.body?.getReader()
    await reader?.read()
    const reason = new Error('enough')
    controller.abort(reason)
    const drain = async (): Promise<void> => {
      while (!(await reader?.read())?.done);
    }
    await expect(drain()).rejects.toBe(reason)
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it.each(['before', 'after'])('stops the model when the body is cancelled %s its first piece', async (when) => {
    const { fetch, source } = scriptedFetch(endless)
    const response = await fetch(url, post({ ...request, stream: true }))
    const reader = response.body?.getReader()
    if (when === 'after') await reader?.read()
    await reader?.cancel()
    await vi.waitFor(() => expect(source.running).toBe(0))
  })

  it('lets the model wait for a body that nobody reads', async () => {
    let made = 0
    const { fetch } = scriptedFetch(async (_, { accepted, part, signal }) => {
      accepted()
      for (; made < 10_000 && !signal.aborted; made++) await part({ type: 'content', text: 'x' })
      return {}
    })
    const response = await fetch(url, post({ ...request, stream: true }))
    await vi.waitFor(() => expect(made).toBeGreaterThan(100))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(made).toBeLessThan(5000)
    expect(await response.text()).toContain('[DONE]')
    expect(made).toBe(10_000)
  })
})

it('stops the model when nobody holds the response any more', async () => {
  const { fetch, source } = scriptedFetch(endless)
  await (async () => {
    await fetch(url, post({ ...request, stream: true }))
  })()
  await vi.waitFor(() => {
    collectGarbage()
    expect(source.running).toBe(0)
  })
})
