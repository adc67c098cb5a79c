import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../chat/chat-types.ts'
import { type Answer, askModel, type Leaving } from '../test-support/ask-model.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'

// The engine and its Worker in a real page, with a model that has learnt a few answers by heart and one of random weights.
const tiny = readFileSync(fileURLToPath(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url)))
const folder = tinyFolder()

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage()
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    const content =
      pathname === '/tiny.gguf' ? tiny : folder.get(pathname.replace(/^\/(folder|org\/name\/resolve\/main)\//, ''))
    if (pathname === '/api/models/org/name/tree/main')
      response.end(JSON.stringify([...folder.keys()].map((path) => ({ type: 'file', path }))))
    else if (content) sendRange(request, response, content)
    else response.writeHead(404).end()
  })
  await test.page.evaluate(async (url) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const lost: unknown[] = []
    Object.assign(globalThis, {
      lost,
      model: await core.load(url, { backend: 'sampan', onLost: (error) => lost.push(error.code) }),
    })
  }, `${server.url}/tiny.gguf`)
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

const ask = (request: Partial<ChatCompletionRequest>, leaving?: Leaving): Promise<Answer> =>
  askModel(test.page, request, leaving)

const endless = { messages: [{ role: 'user', content: 'Sing' } as const], max_tokens: 400 }
const hello = { text: 'Hello from a very small boat.', finish: 'stop', error: undefined }

describe('a model in a page', () => {
  it('streams an answer, and ends with its reason and usage', async () => {
    const answer = await ask({})
    expect(answer).toMatchObject(hello)
    expect(answer.chunks).toBeGreaterThan(3)
    expect(answer.usage).toMatchObject({ prompt_tokens: 27 })
    expect(answer.usage?.total_tokens).toBe(27 + (answer.usage?.completion_tokens ?? 0))
  })

  it('gives whole characters of every script', async () => {
    expect(await ask({ messages: [{ role: 'user', content: '你好' }] })).toMatchObject({
      text: '你好！小船也能远航。🚣',
    })
  })

  it('ends at the longest answer allowed', async () => {
    expect(await ask({ max_tokens: 3 })).toMatchObject({ finish: 'length', usage: { completion_tokens: 3 } })
  })

  it('ends before a stop string that lies across tokens', async () => {
    expect(await ask({ ...endless, stop: ['t, gen', 'never'] })).toMatchObject({
      text: 'Row, row, row your boa',
      finish: 'stop',
    })
  })

  it('answers the next question after a reader has left or aborted', async () => {
    expect(await ask(endless, { leaveAfter: 5 })).toMatchObject({ chunks: 5, error: undefined })
    expect(await ask({})).toMatchObject(hello)
    expect(await ask(endless, { abortAfter: 5 })).toMatchObject({ chunks: 5, error: { name: 'AbortError' } })
    expect(await ask({})).toMatchObject(hello)
  })

  it('answers requests in order, each its own', async () => {
    const answers = await Promise.all([ask({}), ask({ messages: [{ role: 'user', content: 'Thanks' }] }), ask({})])
    expect(answers.map(({ text }) => text)).toEqual([hello.text, 'Fair winds!', hello.text])
  })

  it('runs only what is new of a conversation that it comes back to', async () => {
    const { text, usage } = await ask({ ...endless, max_tokens: 40 })
    await ask({})
    const back = await ask({
      messages: [...endless.messages, { role: 'assistant', content: text }, { role: 'user', content: 'Thanks' }],
      max_tokens: 1,
    })
    // The last token before the limit was not run.
    expect(back.usage).toMatchObject({ prompt_tokens_details: { cached_tokens: (usage?.prompt_tokens ?? 0) + 39 } })
  })

  it('refuses a prompt that the context does not hold, with both numbers', async () => {
    const content = 'boat '.repeat(600)
    const { error } = await ask({ messages: [{ role: 'user', content }] })
    expect(error).toMatchObject({ code: 'context-length-exceeded', details: { contextLength: 512 } })
    expect(error?.details?.['promptTokens']).toBeGreaterThan(512)
  })

  it('refuses what it cannot honour, by name', async () => {
    expect(await ask(Object({ audio: { voice: 'alloy', format: 'wav' } }))).toMatchObject({
      error: { code: 'request-unsupported', details: { field: 'audio' } },
    })
  })

  it('can be iterated once', async () => {
    const code = await test.page.evaluate(async () => {
      const { model }: { model: import('./model.ts').Model } = Object(globalThis)
      const stream = await model.chat.completions.create({
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
      })
      for await (const _ of stream) break
      try {
        for await (const _ of stream) break
      } catch (error) {
        return Object(error).code
      }
    })
    expect(code).toBe('stream-used')
  })

  it('answers whole without streaming', async () => {
    const { answer, info } = await test.page.evaluate(async () => {
      const { model }: { model: import('./model.ts').Model } = Object(globalThis)
      const messages = [{ role: 'user', content: 'Hello' } as const]
      return { answer: await model.chat.completions.create({ messages, temperature: 0 }), info: model.info }
    })
    expect(answer.choices).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: hello.text, refusal: null },
        finish_reason: 'stop',
        logprobs: null,
      },
    ])
    expect(info).toMatchObject({
      backend: 'sampan',
      architecture: 'qwen2',
      contextLength: 512,
      adapter: { software: true },
      shape: { layers: 2, tiedEmbeddings: true },
    })
    const { layers = 0, keyValueHeads = 0, headSize = 0 } = info.shape ?? {}
    // Keys and values, in 4 bytes on a CPU.
    expect(info.tokenBytes?.keyValue).toBe(layers * 2 * keyValueHeads * headSize * 4)
    expect(info.bytes).toBeGreaterThan(100_000)
  })

  it('fails an answer in flight and every later one when it is disposed of, and leaves no byte', async () => {
    const seen = await test.page.evaluate(async () => {
      const { model, lost }: { model: import('./model.ts').Model; lost: unknown[] } = Object(globalThis)
      const messages = [{ role: 'user', content: 'Sing' } as const]
      const code = (error: unknown): string => Object(error).code
      const stream = await model.chat.completions.create({ messages, stream: true, max_tokens: 400 })
      const streaming = (async () => {
        for await (const _ of stream);
      })().catch(code)
      await Promise.all([model.dispose(), model.dispose()])
      const later = await model.chat.completions.create({ messages }).catch(code)
      return {
        streaming: await streaming,
        later,
        counters: await model.counters().catch(code),
        ledger: await model.ledger(),
        lost,
      }
    })
    expect(seen).toMatchObject({
      streaming: 'model-disposed',
      later: 'model-disposed',
      counters: 'model-disposed',
      ledger: { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0, total: 0 },
      lost: [],
    })
  })
}, 120_000)

describe('sources', () => {
  /** Loads, asks for three tokens, and gives back what the source was called. */
  function loadsAs(kind: 'url' | 'hub' | 'files' | 'file'): Promise<{ source: string; bytes: number; tokens: number }> {
    return test.page.evaluate(
      async ({ kind, origin, names }) => {
        const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
        const file = async (path: string, name: string): Promise<File> =>
          new File([await (await fetch(`${origin}/${path}`)).blob()], name)
        const sources = {
          url: async () => `${origin}/folder/`,
          hub: async () => 'org/name',
          files: () => Promise.all(names.map((name) => file(`folder/${name}`, name))),
          file: () => file('tiny.gguf', 'tiny.gguf'),
        }
        const model = await core.load(await sources[kind](), { backend: 'sampan', hub: `${origin}/`, bits: 16 })
        const answer = await model.chat.completions.create({
          messages: [{ role: 'user', content: 'abc' }],
          max_tokens: 3,
          temperature: 0,
        })
        await model[Symbol.asyncDispose]()
        return { source: model.info.source, bytes: model.info.bytes, tokens: answer.usage.completion_tokens }
      },
      { kind, origin: server.url, names: [...folder.keys()] },
    )
  }

  it('are a folder behind a URL, with sharded safetensors', async () => {
    expect(await loadsAs('url')).toMatchObject({ source: `${server.url}/folder/`, tokens: 3 })
  })

  it('are a repository on the hub', async () => {
    expect(await loadsAs('hub')).toMatchObject({ source: 'org/name', tokens: 3 })
    expect(server.requests).toContain('GET /api/models/org/name/tree/main?recursive=true')
  })

  it('are the files of a folder, and one file', async () => {
    expect(await loadsAs('files')).toMatchObject({ tokens: 3 })
    expect(await loadsAs('file')).toMatchObject({ source: 'tiny.gguf', tokens: 3 })
  })
}, 120_000)
