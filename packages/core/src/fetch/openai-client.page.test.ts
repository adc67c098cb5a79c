import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'

// The `openai` package in a page, over a model that runs in its Worker.
let test: TestPage
let server: TestServer

interface Globals {
  readonly model: import('../load/model.ts').Model
  readonly client: import('openai').OpenAI
}

beforeAll(async () => {
  test = await openTestPage({ packages: ['openai'] })
  server = await serveModels()
  // As text: Vitest would rewrite the import.
  await test.page.evaluate("import('/@id/openai').then(({ OpenAI }) => void Object.assign(globalThis, { OpenAI }))")
  await test.page.evaluate(async (url) => {
    const { core, OpenAI }: { core: typeof import('../index.ts'); OpenAI: typeof import('openai').OpenAI } =
      Object(globalThis)
    const model = await core.load(url, { backend: 'sampan' })
    const options = { apiKey: 'none', baseURL: 'https://sampan.invalid/v1', dangerouslyAllowBrowser: true }
    Object.assign(globalThis, { model, client: new OpenAI({ ...options, fetch: model.fetch }) })
  }, `${server.url}/tiny.gguf`)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

describe('the openai package in a page', () => {
  it('answers and streams with no request over the network', async () => {
    const requests: string[] = []
    test.page.on('request', (request) => requests.push(request.url()))
    const texts = await test.page.evaluate(async () => {
      const { client }: Globals = Object(globalThis)
      const request = { model: 'any', messages: [{ role: 'user', content: 'Hello' } as const], temperature: 0 }
      const whole = await client.chat.completions.create(request)
      let text = ''
      for await (const chunk of await client.chat.completions.create({ ...request, stream: true }))
        text += chunk.choices[0]?.delta.content ?? ''
      const helped = await client.chat.completions.stream(request).finalContent()
      return [whole.choices[0]?.message.content, text, helped]
    })
    expect(texts).toEqual(Array.from({ length: 3 }, () => 'Hello from a very small boat.'))
    expect(requests).toEqual([])
  })

  it('leaves a stream, and the next request is answered', async () => {
    const text = await test.page.evaluate(async () => {
      const { client }: Globals = Object(globalThis)
      const ask = (
        content: string,
      ): { model: string; messages: { role: 'user'; content: string }[]; temperature: 0 } => ({
        model: 'any',
        messages: [{ role: 'user', content }],
        temperature: 0,
      })
      for await (const _ of await client.chat.completions.create({ ...ask('Sing'), stream: true })) break
      return (await client.chat.completions.create(ask('Hello'))).choices[0]?.message.content
    })
    expect(text).toBe('Hello from a very small boat.')
  })

  it('tells a bad request, and a model that is gone', async () => {
    const failures = await test.page.evaluate(async () => {
      const { client, model }: Globals = Object(globalThis)
      const messages = [{ role: 'user', content: 'Hello' } as const]
      const failure = (request: object): Promise<unknown> =>
        client.chat.completions.create({ model: 'any', messages, ...request }).then(
          () => 'answered',
          ({ status, code, param }) => ({ status, code, param }),
        )
      const bad = await failure({ n: 0 })
      const long = await failure({ messages: [{ role: 'user', content: 'Hello '.repeat(2000) }] })
      await model.dispose()
      return [bad, long, await failure({})]
    })
    expect(failures).toEqual([
      { status: 400, code: 'invalid_value', param: 'n' },
      { status: 400, code: 'context_length_exceeded', param: 'messages' },
      { status: 503, code: 'model-disposed', param: null },
    ])
  })
}, 60_000)
