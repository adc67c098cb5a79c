import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, type ChatServer, connect, failure, MODEL, startChatServer } from './test-support/chat-server.ts'

let server: ChatServer
beforeEach(async () => {
  server = await startChatServer()
})
afterEach(() => server.close())

const KEY = 'sk-very-secret-0123456789'

describe('connecting', () => {
  it('sends the key to the server, and shows it nowhere', async () => {
    const model = await connect(server, { apiKey: KEY })
    await ask(model)
    expect(server.headers.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`])
    expect(JSON.stringify([model, model.info, Object.entries(model)])).not.toContain(KEY)
    await ask(await connect(server))
    expect(server.headers.at(-1)).not.toHaveProperty('authorization')
  })

  it('sends headers, and shows them nowhere', async () => {
    const headers = { 'X-Project': 'project-not-to-be-told', 'X-Short': 'a' }
    const model = await connect(server, { apiKey: KEY, headers })
    await ask(model)
    expect(server.headers.at(-1)).toMatchObject({
      'x-project': 'project-not-to-be-told',
      authorization: `Bearer ${KEY}`,
    })
    expect(server.headers.at(-1)).toMatchObject({ 'content-type': 'application/json' })
    server.answer = (response) => void response.writeHead(400).end('{"message":"a project-not-to-be-told"}')
    expect(await failure(ask(model))).toMatchObject({ details: { said: 'a [apiKey]' } })
    await ask(await connect(server, { headers: { authorization: `Basic ${KEY}` } })).catch(() => {})
    expect(server.headers.at(-1)).toMatchObject({ authorization: `Basic ${KEY}` })
  })

  it('shows the key in no spelling of JSON and addresses', async () => {
    const apiKey = 'sk+/="very"\\secret'
    const model = await connect(server, { apiKey })
    for (const repeated of [{ detail: [{ input: `Bearer ${apiKey}` }] }, `?key=${encodeURIComponent(apiKey)}`]) {
      server.answer = (response) => void response.writeHead(400).end(JSON.stringify(repeated))
      const { message, details } = await failure(ask(model))
      expect(message).toContain('[apiKey]')
      expect(message + JSON.stringify(details)).not.toMatch(/very|secret/)
    }
  })

  it('takes the name, the length and the kind from the list', async () => {
    expect((await connect(server)).info).toMatchObject({ model: 'org/model', contextLength: 2048, server: 'vllm' })
    expect((await connect(server, { server: 'sglang' })).info).toMatchObject({ server: 'sglang' })
    server.models = { data: [MODEL, { id: 'b', owned_by: 'someone' }] }
    expect((await connect(server, { model: 'b' })).info).toMatchObject({
      model: 'b',
      contextLength: 0,
      server: 'openai',
    })
    expect(await failure(connect(server))).toMatchObject({
      code: 'model-unknown',
      details: { models: ['org/model', 'b'] },
    })
    expect(await failure(connect(server, { model: 'c' }))).toMatchObject({ code: 'model-unknown' })
    server.models = { data: [] }
    expect(await failure(connect(server))).toMatchObject({ code: 'model-unknown' })
    expect((await connect(server, { model: 'c' })).info).toMatchObject({ model: 'c' })
  })

  it.each([
    ['file:///etc', {}],
    ['localhost:8000/v1', {}],
    ['/v1', {}],
    [`https://user:${KEY}@x.test/v1`, {}],
    [`https://x.test/v1?key=${KEY}`, {}],
    ['https://x.test/v1', { apiKey: `${KEY}\nX-More: 1` }],
    ['https://x.test/v1', { apiKey: '' }],
    ['https://x.test/v1', { apiKey: KEY, headers: { Authorization: `Bearer ${KEY}` } }],
    ['https://x.test/v1', { headers: { 'X y': KEY } }],
    ['https://x.test/v1', { headers: { x: `${KEY}\nX-More: 1` } }],
    ['https://x.test/v1', { patienceSeconds: Number.NaN }],
    ['https://x.test/v1', { patienceSeconds: 1e9 }],
  ])('refuses %s with %j', async (baseUrl, options) => {
    const error = await failure(connect(server, { baseUrl, ...options }))
    expect(error).toMatchObject({ code: 'option-invalid' })
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(KEY)
  })

  it('tells an address that is no such server', async () => {
    expect(await failure(connect(server, { baseUrl: `${server.url}/x` }))).toMatchObject({ code: 'source-not-found' })
    for (const models of ['text', 7, { data: {} }, null]) {
      server.models = models
      expect(await failure(connect(server))).toMatchObject({ code: 'backend-failed' })
    }
    server.models = 'x'.repeat(5 << 20)
    expect(await failure(connect(server))).toMatchObject({ code: 'backend-failed' })
  })
})
