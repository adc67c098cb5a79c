import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ChatServer,
  chunk,
  finish,
  startChatServer,
  stream,
} from '../../../backends/src/openai-compatible/test-support/chat-server.ts'
import { SampanError } from '../errors.ts'
import { load } from './load.ts'
import type { LoadOptions, LoadSource } from './load-types.ts'
import type { Model } from './model.ts'

// The first model on a server fetches its script.
vi.setConfig({ testTimeout: 60_000 })

const KEY = 'sk-very-secret-0123456789'
const PROJECT = 'project-never-to-be-told'
const messages = [{ role: 'user', content: 'hi' } as const]

let server: ChatServer
let origin: string
beforeEach(async () => {
  server = await startChatServer()
  origin = new URL(server.url).origin
})
afterEach(() => server.close())

const credentials = { apiKey: KEY, headers: { 'X-Project': PROJECT } }
const open = (options: LoadOptions = {}, more: object = {}): Promise<Model> =>
  load({ server: { url: server.url, ...more } }, { consent: { [origin]: credentials }, ...options })

const failure = (promise: Promise<unknown>): Promise<SampanError> =>
  promise.then(
    () => Promise.reject(new Error('it went well')),
    (error) => error,
  )

describe('a model on a server', () => {
  it('answers like any other, and says where', async () => {
    const seen: unknown[] = []
    const model = await open({ onReply: (place) => seen.push(place) })
    expect(model.info).toMatchObject({ backend: 'openai-compatible', contextLength: 2048 })
    const answer = await model.chat.completions.create({ messages })
    const place = {
      where: 'server',
      backend: 'openai-compatible',
      host: new URL(origin).host,
      model: model.info.source,
    }
    expect(answer).toMatchObject({ choices: [{ message: { content: 'hi' } }], computed_by: place })
    expect(seen).toEqual([place])
    expect(server.headers.at(-1)).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-project': PROJECT })
    expect(await model.counters()).toBeUndefined()
    expect(await model.ledger()).toBeUndefined()
    await expect(model.countTokens({ messages })).rejects.toMatchObject({ code: 'request-unsupported' })
    await model.dispose()
    await expect(model.chat.completions.create({ messages })).rejects.toMatchObject({ code: 'model-disposed' })
  })

  it('ends at stop strings, tells thoughts apart, and answers over fetch', async () => {
    server.answer = (response) =>
      stream(response, [
        ...['<thi', 'nk>hm</th', 'ink>one tw', 'o three'].map((content) => chunk({ content })),
        finish('stop'),
      ])
    const model = await open()
    const answer = await model.fetch('https://any.test/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ messages, stop: [' two'] }),
    })
    expect(await answer.json()).toMatchObject({
      choices: [{ message: { content: 'one', reasoning_content: 'hm' }, finish_reason: 'stop' }],
      computed_by: { where: 'server' },
    })
    await model.dispose()
  })

  it('answers several at a time, stops those that are left, and fails those in flight on dispose', async () => {
    server.answer = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'x' }))}\n\n`)
    }
    const model = await open()
    const streams = await Promise.all([1, 2, 3].map(() => model.chat.completions.create({ messages, stream: true })))
    const [left, aborted, disposed] = streams.map((one) => one[Symbol.asyncIterator]())
    for (const one of [left, aborted, disposed]) await one?.next()
    await left?.return?.()
    streams[1]?.controller.abort()
    await aborted?.next()
    const rest = (async () => {
      for (;;) if ((await disposed?.next())?.done) return
    })()
    const failed = failure(rest)
    await model.dispose()
    expect(await failed).toMatchObject({ code: 'model-disposed' })
    await expect.poll(() => server.closed).toBe(3)
  })

  it.each<[string, unknown]>([
    ['backend', { backend: 'wllama' }],
    ['bits', { bits: 8 }],
    ['contextLength', { contextLength: 10 }],
    ['prefixCacheBytes', { prefixCacheBytes: 0 }],
    ['onReply', { onReply: 'x' }],
  ])('refuses the option %s', async (option, options) => {
    await expect(open(Object(options))).rejects.toMatchObject({ code: 'option-invalid', details: { option } })
    expect(server.headers).toEqual([])
  })
})

describe('without consent', () => {
  it.each<[string, LoadOptions['consent']]>([
    ['none', undefined],
    ['an empty one', {}],
    ['one to another port', { 'http://127.0.0.1:1': credentials }],
    ['one to another host', { 'http://localhost': true }],
  ])('(%s) nothing is sent, and the error names the host', async (_, consent) => {
    const error = await failure(load({ server: { url: server.url } }, consent ? { consent } : {}))
    expect(error).toMatchObject({ code: 'consent-missing', details: { host: new URL(origin).host, origin } })
    expect(error.message).toContain(new URL(origin).host)
    expect(server.headers).toEqual([])
  })

  it('nothing is sent by a rule either, and the cause is told', async () => {
    const fallback = [{ when: ['worker-failed'], to: { server: { url: server.url } } }] as const
    // There are no Workers in Node.
    const error = await failure(load('https://x.test/m.gguf', { backend: 'sampan', fallback }))
    expect(error).toMatchObject({ code: 'consent-missing', cause: { code: 'worker-failed' } })
    expect(server.headers).toEqual([])
    const model = await load('https://x.test/m.gguf', { backend: 'sampan', fallback, consent: { [origin]: true } })
    expect(await model.chat.completions.create({ messages })).toMatchObject({
      computed_by: { where: 'server', reason: 'worker-failed' },
    })
    await model.dispose()
  })
})

describe('the key', () => {
  it('goes to the server only, and stands in nothing that a page can see', async () => {
    const shown: unknown[] = []
    const model = await open({ onReply: (place) => shown.push(place) })
    shown.push(model, model.info, await model.chat.completions.create({ messages }))
    for await (const one of await model.chat.completions.create({ messages, stream: true })) shown.push(one)
    for (const body of [
      { error: { message: `no key ${KEY} of ${PROJECT}` } },
      `<html>${KEY} ${PROJECT}`,
      { detail: [{ [KEY]: PROJECT }] },
    ])
      for (const status of [400, 401, 404, 429, 500]) {
        server.answer = (response) =>
          void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
        shown.push(await failure(model.chat.completions.create({ messages })))
      }
    server.answer = (response) => stream(response, [{ error: { message: `${KEY} ${PROJECT}` } }])
    shown.push(await failure(model.chat.completions.create({ messages })))
    server.answer = (response) => void response.writeHead(200, { 'Content-Type': `x/${KEY}` }).end()
    shown.push(await failure(model.chat.completions.create({ messages })))
    server.models = { data: [{ id: `${KEY} a` }, { id: PROJECT }] }
    shown.push(await failure(open()), await failure(open({}, { model: 'none' })))
    const wrong = { apiKey: `${KEY}\n`, headers: { 'X y': PROJECT } }
    shown.push(await failure(open({ consent: { [origin]: { apiKey: wrong.apiKey } } })))
    shown.push(await failure(open({ consent: { [origin]: { headers: wrong.headers } } })))
    shown.push(await failure(open({}, { apiKey: KEY, headers: { x: PROJECT } })))
    await model.dispose()
    shown.push(await failure(model.chat.completions.create({ messages })))
    expect(shown.length).toBeGreaterThan(25)
    const text = everything(shown)
    expect(text).toContain('[apiKey]')
    expect(text).not.toContain(KEY)
    expect(text).not.toContain(PROJECT)
  })
})

/** All that can be read of a value: enumerable or not, causes and stacks of errors too. */
function everything(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (seen.has(value)) return ''
  seen.add(value)
  return Reflect.ownKeys(value)
    .map((key) => `${String(key)} ${everything(Reflect.get(value, key), seen)}`)
    .join('\n')
}

/** A source that TypeScript would not let through. */
const anySource = (value: unknown): LoadSource => Object(value)

describe('a server that is none', () => {
  it.each([
    [{ server: undefined }],
    [{ server: 'https://x.test/v1' }],
    [{ server: {} }],
    [{ server: { url: 'x.test/v1' } }],
    [{ server: { url: 'file:///etc/passwd' } }],
    [{ server: { url: 'https://x.test', model: '' } }],
    [{ server: { url: 'https://x.test', patienceSeconds: Number.NaN } }],
    [{ server: { url: 'https://x.test', baseUrl: 'x' } }],
  ])('is refused: %j', async (source) => {
    const error = await failure(load(anySource(source), { consent: { 'https://x.test': true } }))
    expect(error).toMatchObject({ code: 'option-invalid' })
    expect(SampanError.isInstance(error)).toBe(true)
  })
})
