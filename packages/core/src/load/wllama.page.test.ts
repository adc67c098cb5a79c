import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../chat/chat-types.ts'
import { type Answer, askModel, type Leaving } from '../test-support/ask-model.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'
import type { LoadOptions } from './load-types.ts'

// A browser that has no adapter for WebGPU: models run on the CPU, behind the same API.
const read = (path: string): Buffer => readFileSync(new URL(`../../../../${path}`, import.meta.url))
const tiny = read('test/fixtures/tiny.gguf')
const files = new Map([
  ['/tiny.gguf', tiny],
  ['/short.gguf', tiny.subarray(0, tiny.length - 100)],
  ['/noise.gguf', Buffer.alloc(1000, 'noise')],
  ['/pocket.gguf', read('packages/pocket/pocket.gguf')],
  ...[...tinyFolder()].map(([name, content]) => [`/folder/${name}`, content] as const),
])

let test: TestPage
let server: TestServer
const requested = new Set<string>()

beforeAll(async () => {
  test = await openTestPage({ webgpu: false })
  test.page.context().on('request', (request) => requested.add(request.url()))
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', '*')
    const content = files.get(request.url ?? '')
    if (request.url === '/huge.gguf') sendHuge(request, response)
    else if (content) sendRange(request, response, content)
    else response.writeHead(404).end()
  })
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

interface Loaded {
  readonly info: import('../backend.ts').ModelInfo
  readonly phases: readonly string[]
}

/** Those that cross to the page. */
type PlainOptions = Omit<LoadOptions, 'fetch' | 'headers' | 'download' | 'adapters'>

/** Loads `path` for the calls of `ask` after it. */
async function load(path: string, options: PlainOptions = {}): Promise<Loaded> {
  await test.page.evaluate(() => {
    const { model }: { model?: import('./model.ts').Model } = Object(globalThis)
    return model?.dispose()
  })
  await noWorker()
  return test.page.evaluate(
    async ({ url, options }) => {
      const page: { core: typeof import('../index.ts'); model?: import('./model.ts').Model } = Object(globalThis)
      const phases = new Set<string>()
      page.model = await page.core.load(url, { ...options, onProgress: ({ phase }) => phases.add(phase) })
      return { info: page.model.info, phases: [...phases] }
    },
    { url: `${server.url}${path}`, options },
  )
}

const ask = (request: Partial<ChatCompletionRequest>, leaving?: Leaving): Promise<Answer> =>
  askModel(test.page, request, leaving)

interface Failure {
  readonly name: string
  readonly code?: string
  readonly message: string
  readonly typed: boolean
}

/** Loads `path` with `options` and tells what went wrong. */
function failing(path: string, options: PlainOptions = {}, page = test.page): Promise<Failure> {
  return page.evaluate(
    async ({ url, options }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const error: unknown = await core.load(url, options).then(
        () => new Error('it loaded'),
        (error: unknown) => error,
      )
      const { code, name, message } = Object(error)
      return { code, name, message, typed: core.SampanError.isInstance(error) }
    },
    { url: `${server.url}${path}`, options },
  )
}

const hello = 'Hello from a very small boat.'
/** Ours; Playwright is not always told that a Worker's own Worker has ended when both end at once. */
const ourWorker = (page = test.page): import('playwright').Worker | undefined =>
  page.workers().find((worker) => worker.url().includes('/wllama-worker.ts'))
const noWorker = (page = test.page): Promise<void> =>
  expect.poll(() => ourWorker(page), { timeout: 20_000 }).toBe(undefined)

describe('a GGUF file in a browser without an adapter', () => {
  it('runs on the CPU unasked, and says so', async () => {
    const { info, phases } = await load('/tiny.gguf')
    expect(info).toMatchObject({ backend: 'wllama', architecture: 'qwen2', contextLength: 512 })
    expect(info.bytes).toBeGreaterThan(50_000)
    expect(info).not.toHaveProperty('adapter')
    expect(phases).toEqual(['open', 'download', 'compile'])
  })

  it('gives the answers that the model has by heart', async () => {
    const say = async (content: string): Promise<string> => (await ask({ messages: [{ role: 'user', content }] })).text
    expect(await ask({})).toMatchObject({ text: hello, finish: 'stop', error: undefined })
    expect(await say('What is a sampan?')).toBe('A flat boat that goes where big ships cannot.')
    expect(await say('Write code')).toBe("Here:\n\n```js\nconst boat = 'sampan'\n```\n\nDone.")
    expect(await ask({ stop: ['very'] })).toMatchObject({ text: 'Hello from a ', finish: 'stop' })
    expect(await ask({ max_tokens: 3 })).toMatchObject({ finish: 'length', usage: { completion_tokens: 3 } })
  })

  it('has a conversation in its cache with all of the answer, whatever tokens that was written with', async () => {
    const question = { role: 'user', content: 'Hello' } as const
    // One by one, though its tokenizer would take three of them for a token.
    const { text, usage } = await ask({ messages: [question], logit_bias: { 63: 100 }, max_tokens: 12 })
    expect(text).toBe('`'.repeat(12))
    const second = await ask({
      messages: [question, { role: 'assistant', content: text }, { role: 'user', content: 'And then?' }],
      max_tokens: 1,
    })
    // The last token before the limit was not run.
    expect(second.usage).toMatchObject({ prompt_tokens_details: { cached_tokens: (usage?.prompt_tokens ?? 0) + 11 } })
  })

  it('stops in the middle when it is aborted, and answers again at once', async () => {
    const sing = { messages: [{ role: 'user', content: 'Sing' } as const] }
    const cut = await ask(sing, { abortAfter: 2 })
    expect(cut).toMatchObject({ error: { name: 'AbortError' }, finish: undefined })
    expect(cut.chunks).toBeGreaterThanOrEqual(2)
    expect(await ask({})).toMatchObject({ text: hello, error: undefined })
  })

  it('ends an answer where the context is full, and refuses a prompt that is longer', async () => {
    await load('/tiny.gguf', { contextLength: 64 })
    const full = await ask({ messages: [{ role: 'user', content: 'Sing' }] })
    expect(full).toMatchObject({ finish: 'length', error: undefined })
    expect(full.usage?.completion_tokens).toBeGreaterThan(10)
    const long = await ask({ messages: [{ role: 'user', content: 'Hello '.repeat(64) }] })
    expect(long.error).toMatchObject({ name: 'SampanError', code: 'context-length-exceeded' })
    expect(await ask({})).toMatchObject({ text: hello })
  })

  it('runs only what the cache does not hold of a prompt', async () => {
    await load('/tiny.gguf')
    await watchCache()
    const first = { role: 'user', content: 'What is a sampan?' } as const
    const { text, usage } = await ask({ messages: [first] })
    const whole = await sinceLast()
    await ask({ messages: [first, { role: 'assistant', content: text }, { role: 'user', content: 'Thanks' }] })
    const more = await sinceLast()
    await ask({ messages: [first] })
    const again = await sinceLast()
    const prompt = whole.tokens - ((usage?.completion_tokens ?? 0) - 1)
    // The second turn begins where the first answer ended, and asking the first question again runs its last token only.
    expect(whole.tokens + more.tokens).toBeLessThan(2 * whole.tokens + prompt)
    expect(more.tokens).toBeLessThan(prompt + 10)
    expect(again.tokens).toBe(whole.tokens - (prompt - 1))
    expect(whole.removals).toBe(0)
    expect(again.removals).toBe(1)
  })

  it('draws by the seed', async () => {
    await load('/pocket.gguf')
    // Of all tokens: a model that is sure of itself would leave nothing to chance.
    const free = { temperature: 2, top_k: 0, top_p: 1, min_p: 0 }
    const draw = (seed: number, more: object = {}): Promise<Answer> =>
      ask({ messages: [{ role: 'user', content: 'Hi' }], ...free, seed, max_tokens: 24, ...more })
    const one = await draw(1)
    expect(one.error).toBeUndefined()
    expect((await draw(1)).text).toBe(one.text)
    expect(new Set(await Promise.all([2, 3, 4].map(async (seed) => (await draw(seed)).text))).size).toBeGreaterThan(1)
    const greedy = await draw(1, { temperature: 0 })
    expect((await draw(5, { top_k: 1 })).text).toBe(greedy.text)
    expect((await draw(6, { top_p: 1e-9 })).text).toBe(greedy.text)
    expect((await draw(7, { min_p: 1 })).text).toBe(greedy.text)
    expect((await draw(8, { top_k: 5, top_p: 0.9, min_p: 0.1 })).error).toBeUndefined()
  })

  it('ends its Worker when it is disposed of, in the middle of an answer too', async () => {
    const code = await test.page.evaluate(async () => {
      const { model }: { model: import('./model.ts').Model } = Object(globalThis)
      const messages = [{ role: 'user', content: 'Hello' } as const]
      const stream = await model.chat.completions.create({ messages, stream: true })
      await model.dispose()
      const code = (error: unknown): string => Object(error).code
      const reading = (async () => {
        for await (const _ of stream);
      })()
      return [await reading.catch(code), await model.chat.completions.create({ messages }).catch(code)]
    })
    expect(code).toEqual(['model-disposed', 'model-disposed'])
    await noWorker()
    // Not by good luck: two Workers that end together have been seen to stay in one of three cases.
    for (let again = 0; again < 5; again++) {
      await load('/tiny.gguf')
      await test.page.evaluate(async () => {
        const { model }: { model: import('./model.ts').Model } = Object(globalThis)
        await model.chat.completions.create({ messages: [{ role: 'user', content: 'Sing' }], stream: true })
        await model.dispose()
      })
      await noWorker()
    }
  })

  it('says so when llama.cpp dies, and gives no more answers', async () => {
    const lost = await test.page.evaluateHandle(async (url) => {
      const page: { core: typeof import('../index.ts'); model?: import('./model.ts').Model } = Object(globalThis)
      const lost: { code: string; message: string }[] = []
      const onLost = ({ code, message }: { code: string; message: string }): void => void lost.push({ code, message })
      page.model = await page.core.load(url, { onLost })
      return lost
    }, `${server.url}/tiny.gguf`)
    const llama = test.page.workers().findLast((worker) => worker.url().startsWith('blob:'))
    await llama?.evaluate(() => void setTimeout(() => Promise.reject(new Error('not this one'))))
    expect(await ask({})).toMatchObject({ text: hello, error: undefined })
    await llama?.evaluate(`void setTimeout(() => { throw new Error('struck by lightning') })`)
    await expect.poll(() => lost.jsonValue()).toHaveLength(1)
    const [death] = await lost.jsonValue()
    expect(death).toMatchObject({ code: 'backend-failed', message: expect.stringContaining('struck by lightning') })
    expect(death?.message).not.toContain('Policy')
    expect((await ask({})).error).toMatchObject({ code: 'backend-failed' })
    await test.page.evaluate(() => {
      const { model }: { model: import('./model.ts').Model } = Object(globalThis)
      return model.dispose()
    })
    expect(await lost.jsonValue()).toHaveLength(1)
    await noWorker()
  })

  it('asks no other origin than its own and that of the model', async () => {
    const origins = new Set([...requested].map((url) => new URL(url).origin))
    expect([...requested].join('\n')).toMatch(/single-thread\/wllama\.wasm/)
    origins.delete('null')
    expect([...origins].sort()).toEqual([new URL(test.page.url()).origin, server.url].sort())
  })
}, 120_000)

describe('what does not load on the CPU', () => {
  it('is safetensors: an error that says so where it was asked for, and as ever where it was not', async () => {
    expect(await failing('/folder', { backend: 'wllama' })).toMatchObject({ code: 'format-unsupported', typed: true })
    expect(await failing('/folder')).toMatchObject({ code: 'webgpu-unavailable', typed: true })
  })

  it('is a file that is cut short or none', async () => {
    expect(await failing('/short.gguf')).toMatchObject({ code: 'file-truncated', typed: true })
    expect(await failing('/nothing.gguf')).toMatchObject({ code: 'source-not-found', typed: true })
    expect(await failing('/noise.gguf')).toMatchObject({ code: 'not-a-model-file', typed: true })
    await noWorker()
  })

  it('is a file too large for it, which is not fetched first', async () => {
    expect(await failing('/huge.gguf')).toMatchObject({ code: 'device-limit-exceeded', typed: true })
    expect(server.requests.filter((request) => request.includes('/huge.gguf')).length).toBeLessThanOrEqual(2)
    await noWorker()
  })

  it('is what llama.cpp refuses or has no room for', async () => {
    const backends = fileURLToPath(new URL('../../../backends/src/wllama/index.ts', import.meta.url))
    // As text: Vitest would rewrite the import.
    await test.page.evaluate(`import('/@fs${backends}').then((wllama) => void Object.assign(globalThis, { wllama }))`)
    const seen = await test.page.evaluate(async () => {
      const { core, wllama }: { core: typeof import('../index.ts'); wllama: typeof import('@sampan/backends/wllama') } =
        Object(globalThis)
      const attempt = async (bytes: number, keyValueBytes: number, signal: AbortSignal): Promise<string> => {
        const options = { contextLength: 64, keyValueBytes, onProgress: () => {}, signal }
        const error = await wllama.loadWllama(new Blob([new Uint8Array(bytes)]), options).catch((error) => error)
        return core.SampanError.isInstance(error) ? error.code : Object(error).name
      }
      const { signal } = new AbortController()
      const outcomes = [await attempt(1000, 0, signal), await attempt(1000, 2 ** 33, signal)]
      return [...outcomes, await attempt(1000, 0, AbortSignal.abort())]
    })
    expect(seen).toEqual(['file-malformed', 'device-limit-exceeded', 'AbortError'])
  })

  it.each([
    ["worker-src 'self'", /blob:/],
    ["script-src 'self'; worker-src 'self' blob:", /wasm-unsafe-eval/],
  ])('is a page under the policy %s, which is told what to allow', async (policy, advice) => {
    const strict = await openTestPage({ webgpu: false, policy })
    try {
      const outcome = await failing('/tiny.gguf', {}, strict.page)
      expect(outcome).toMatchObject({ code: 'backend-failed', typed: true })
      expect(outcome.message).toMatch(advice)
      await noWorker(strict.page)
    } finally {
      await strict.close()
    }
  })

  it('is what was aborted on the way', async () => {
    const name = await test.page.evaluate(async (url) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const controller = new AbortController()
      const onProgress = ({ phase }: { phase: string }): void => {
        if (phase === 'compile') controller.abort(new DOMException('enough', 'AbortError'))
      }
      const error: unknown = await core.load(url, { signal: controller.signal, onProgress }).catch((error) => error)
      return Object(error).name
    }, `${server.url}/pocket.gguf`)
    expect(name).toBe('AbortError')
    await noWorker()
  })
}, 120_000)

describe('a cross-origin isolated page', () => {
  it('answers the same, on several threads', async () => {
    const isolated = await openTestPage({ webgpu: false, isolated: true })
    const programs: string[] = []
    isolated.page.context().on('request', (request) => programs.push(request.url()))
    try {
      const [text, held] = await isolated.page.evaluate(async (url) => {
        const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
        const model = await core.load(url)
        const messages = [{ role: 'user', content: 'Hello' } as const]
        const answer = await model.chat.completions.create({ messages, temperature: 0 })
        const { held } = await navigator.locks.query()
        await model.dispose()
        return [answer.choices[0]?.message.content, held?.length] as const
      }, `${server.url}/tiny.gguf`)
      expect(text).toBe(hello)
      expect(held).toBeGreaterThan(0)
      const several = (await isolated.page.evaluate('navigator.hardwareConcurrency')) !== 1
      expect(programs.some((url) => url.includes('multi-thread/wllama.wasm'))).toBe(several)
      // Each Worker holds a lock for as long as it lives; with Workers of its own Playwright's list is of no use.
      const alive = (): Promise<number> =>
        isolated.page.evaluate(async () => (await navigator.locks.query()).held?.length ?? -1)
      await expect.poll(alive, { timeout: 20_000 }).toBe(0)
    } finally {
      await isolated.close()
    }
  })
}, 120_000)

/** A model with gigabytes of nothing behind it. */
function sendHuge(request: IncomingMessage, response: ServerResponse): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const [start, end] = [Number(first), Number(last) + 1]
  const content = Buffer.alloc(end - start)
  tiny.copy(content, 0, start, end)
  response.writeHead(206, { 'Content-Range': `bytes ${start}-${end - 1}/3000000000` }).end(content)
}

/** Makes our Worker note what it has llama.cpp's Worker do. */
async function watchCache(): Promise<void> {
  await ourWorker()?.evaluate(() => {
    const noted: Noted = { decodes: [], removals: 0 }
    const original = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (message: unknown, ...rest: []) {
      const [action, body]: [string?, Uint8Array?] = Object(message).args ?? []
      if (action === 'decode') noted.decodes.push(body?.byteLength ?? 0)
      if (action === 'kv_remove') noted.removals++
      original.call(this, message, ...rest)
    }
    Object.assign(globalThis, { noted })
  })
}

interface Noted {
  decodes: number[]
  removals: number
}

/** Tokens decoded, and removals from the cache, since the last call. */
async function sinceLast(): Promise<{ tokens: number; removals: number }> {
  const noted = await ourWorker()?.evaluate(() => {
    const { noted }: { noted: Noted } = Object(globalThis)
    const copy = { ...noted }
    Object.assign(noted, { decodes: [], removals: 0 })
    return copy
  })
  const { decodes, removals } = noted ?? { decodes: [], removals: Number.NaN }
  // Four bytes a token after a head of always the same length; tokens of an answer come one by one.
  const one = Math.min(...decodes)
  return { tokens: decodes.reduce((sum, bytes) => sum + (bytes - one) / 4 + 1, 0), removals }
}
