import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'

// Streams that an app asks for and does not read, or not to their end, in front of others. The song of this model is longer than
// what may lie unread before the Worker pauses.
let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage()
  server = await serveModels()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(() =>
  test.page.evaluate(async (url) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const model = await core.load(url, { backend: 'sampan' })
    const sing = { messages: [{ role: 'user', content: 'Sing' } as const], temperature: 0, stream: true } as const
    const greet = { messages: [{ role: 'user', content: 'Hello' } as const], temperature: 0 } as const
    Object.assign(globalThis, { model, sing, greet })
  }, `${server.url}/tiny.gguf`),
)
afterEach(() =>
  test.page.evaluate(() => {
    const { model }: Globals = Object(globalThis)
    return model.dispose()
  }),
)

interface Globals {
  readonly model: import('../load/model.ts').Model
  readonly sing: import('./chat-types.ts').ChatCompletionRequestStreaming
  readonly greet: import('./chat-types.ts').ChatCompletionRequestNonStreaming
}

const hello = 'Hello from a very small boat.'

/** What is still to come of an answer must not need the page: the Worker is given the time to fill up. */
const pause = 1000

describe('the next request is answered', () => {
  it('after a stream that was left before its first chunk', async () => {
    const text = await test.page.evaluate(async (pause) => {
      const { model, sing, greet }: Globals = Object(globalThis)
      const stream = await model.chat.completions.create(sing)
      await new Promise((resolve) => setTimeout(resolve, pause))
      await stream[Symbol.asyncIterator]().return?.()
      return (await model.chat.completions.create(greet)).choices[0]?.message.content
    }, pause)
    expect(text).toBe(hello)
  })

  it('after a stream of which one chunk was read', async () => {
    const text = await test.page.evaluate(async (pause) => {
      const { model, sing, greet }: Globals = Object(globalThis)
      const stream = await model.chat.completions.create(sing)
      await stream[Symbol.asyncIterator]().next()
      await new Promise((resolve) => setTimeout(resolve, pause))
      return (await model.chat.completions.create(greet)).choices[0]?.message.content
    }, pause)
    expect(text).toBe(hello)
  })

  it('after a stream that is held and not read, which can be read later', async () => {
    const seen = await test.page.evaluate(async (pause) => {
      const { model, sing, greet }: Globals = Object(globalThis)
      const stream = await model.chat.completions.create(sing)
      await new Promise((resolve) => setTimeout(resolve, pause))
      const text = (await model.chat.completions.create(greet)).choices[0]?.message.content
      let song = ''
      let usage: unknown
      for await (const chunk of stream) {
        song += chunk.choices[0]?.delta.content ?? ''
        usage = chunk.usage ?? usage
      }
      return { text, song, usage }
    }, pause)
    expect(seen.text).toBe(hello)
    expect(seen.song).toMatch(/^(Row, row, row your boat, gently down the stream. ){8}/)
    expect(seen.usage).toMatchObject({ total_tokens: 512 })
  })

  it('when of two streams the second is read first', async () => {
    const texts = await test.page.evaluate(async () => {
      const { model, sing, greet }: Globals = Object(globalThis)
      const streams = [
        await model.chat.completions.create(sing),
        await model.chat.completions.create({ ...greet, stream: true }),
      ]
      const texts: string[] = []
      for (const stream of streams.toReversed()) {
        let text = ''
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
        texts.push(text)
      }
      return texts
    })
    expect(texts[0]).toBe(hello)
    expect(texts[1]).toContain('gently down the stream')
  })
}, 60_000)

it('a model is disposed of while a stream of it is held and not read', async () => {
  const ledger = await test.page.evaluate(async (pause) => {
    const { model, sing }: Globals = Object(globalThis)
    const stream = await model.chat.completions.create(sing)
    await new Promise((resolve) => setTimeout(resolve, pause))
    await model.dispose()
    const code = await stream[Symbol.asyncIterator]()
      .next()
      .then(
        async () => 'read',
        (error: unknown) => Object(error).code,
      )
    return { ...(await model.ledger()), code }
  }, pause)
  expect(ledger).toMatchObject({ total: 0 })
}, 60_000)
