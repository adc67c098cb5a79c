import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { serveTest, type TestServer } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'

// What goes wrong while a model loads or afterwards: each a typed error, and a page that answers all the same.
const tokenizer: Record<string, unknown> & { model: Record<string, unknown> } = JSON.parse(
  String(tinyFolder().get('tokenizer.json')),
)
const { merges: _, ...mergeless } = tokenizer.model
const endless = '{% for a in range(10000) %}{% for b in range(10000) %}{{ a * b }}{% endfor %}{% endfor %}'

vi.setConfig({ testTimeout: 120_000 })

let test: TestPage
let server: TestServer
const uncaught: string[] = []

beforeAll(async () => {
  test = await openTestPage()
  test.page.on('pageerror', (error) => uncaught.push(error.message))
  server = await serveModels({
    mergeless: { 'tokenizer.json': JSON.stringify({ ...tokenizer, model: mergeless }) },
    strange: { 'tokenizer.json': JSON.stringify({ ...tokenizer, model: { ...mergeless, merges: [['zz', 'y']] } }) },
    endless: { 'chat_template.jinja': endless },
    untold: { 'config.json': null },
  })
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

interface Outcome {
  readonly text?: string | null | undefined
  readonly source?: string
  readonly code?: string
  readonly message?: string
  readonly typed: boolean
}

/** Loads `source`, asks and disposes. */
function tryOut(source: string, page = test.page): Promise<Outcome> {
  return page.evaluate(async (source) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    try {
      const model = await core.load(source, { backend: 'sampan' })
      const messages = [{ role: 'user', content: 'Hello' } as const]
      const answer = await model.chat.completions
        .create({ messages, temperature: 0, max_tokens: 20 })
        .finally(() => model.dispose())
      return { text: answer.choices[0]?.message.content, source: model.info.source, typed: false }
    } catch (error) {
      const { code, message } = Object(error)
      return { code, message, typed: core.SampanError.isInstance(error) }
    }
  }, source)
}

const usable = async (): Promise<void> =>
  expect(await tryOut(`${server.url}/tiny.gguf`)).toMatchObject({ text: 'Hello from a very small boat.' })

describe('texts of strangers', () => {
  it.each([
    ['a tokenizer without merges', 'mergeless', /^tokenizer-/],
    ['a tokenizer whose merges make tokens that it lacks', 'strange', /^tokenizer-/],
    ['a template that never ends', 'endless', /^template-limit-exceeded$/],
  ])('%s is a typed error, and the page stays usable', async (_, folder, code) => {
    const outcome = await tryOut(`${server.url}/${folder}/`)
    expect(outcome).toMatchObject({ code: expect.stringMatching(code), typed: true })
    await usable()
  })
})

describe('files under odd names', () => {
  it('are GGUF by their first bytes, behind a URL, a blob: URL and in a File', async () => {
    const url = `${server.url}/blobs/tiny`
    expect(await tryOut(url)).toMatchObject({ text: 'Hello from a very small boat.', source: url })
    const name = await test.page.evaluate(async (url) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const blob = await (await fetch(url)).blob()
      const fromUrl = await core.load(URL.createObjectURL(blob), { backend: 'sampan' })
      await fromUrl.dispose()
      const fromFile = await core.load([new File([blob], 'sha256-0a1b')], { backend: 'sampan' })
      await fromFile.dispose()
      return [fromUrl.info.bytes === fromFile.info.bytes, fromFile.info.source]
    }, url)
    expect(name).toEqual([true, 'sha256-0a1b'])
  })

  it('are named as neither a folder nor a GGUF file otherwise', async () => {
    for (const path of ['untold', 'nothing-here']) {
      const outcome = await tryOut(`${server.url}/${path}`)
      expect(outcome).toMatchObject({ code: 'source-not-found', typed: true })
      expect(outcome.message).toMatch(/neither a folder with config\.json nor a GGUF file/)
    }
  })
})

describe('a callback that throws', () => {
  it('ends the load with what it threw, and leaves no uncaught error', async () => {
    uncaught.length = 0
    const seen = await test.page.evaluate(async (url) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const own = new RangeError('my own mistake')
      let calls = 0
      const onProgress = (): void => {
        calls++
        throw own
      }
      const error = await core.load(url, { backend: 'sampan', onProgress }).catch((error: unknown) => error)
      return { same: error === own, calls }
    }, `${server.url}/tiny.gguf`)
    await usable()
    expect(seen).toEqual({ same: true, calls: 1 })
    expect(uncaught).toEqual([])
  })
})

describe('a Worker that has died', () => {
  it('fails answers, and leaves nothing to dispose of', async () => {
    await test.page.evaluate(async (url) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const lost: string[] = []
      Object.assign(globalThis, {
        lost,
        model: await core.load(url, { backend: 'sampan', onLost: ({ code }) => lost.push(code) }),
      })
    }, `${server.url}/tiny.gguf`)
    const worker = test.page.workers().at(-1)
    await worker?.evaluate(() => void setTimeout(() => Promise.reject(new Error('not this one'))))
    await worker?.evaluate("setTimeout(() => { throw new Error('broken') })")
    await test.page.waitForFunction('globalThis.lost.length > 0')
    const seen = await test.page.evaluate(async () => {
      const { model, lost }: { model: import('./model.ts').Model; lost: string[] } = Object(globalThis)
      const code = (error: unknown): string => Object(error).code
      const counters = await model.counters().catch(code)
      const before = await model.ledger()
      await model.dispose()
      await model[Symbol.asyncDispose]()
      return { counters, before, after: await model.ledger(), lost }
    })
    const nothing = { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0, total: 0 }
    expect(seen).toEqual({ counters: 'worker-failed', before: nothing, after: nothing, lost: ['worker-failed'] })
    await usable()
  })
})

describe('a load that is aborted', () => {
  it('closes its connections', async () => {
    const folder = tinyFolder()
    let [asked, closed] = [0, 0]
    const slow = await serveTest((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Expose-Headers', '*')
      const name = request.url?.split('/').at(-1) ?? ''
      const content = folder.get(name)
      if (!content) return void response.writeHead(404).end()
      if (!name.endsWith('.safetensors')) return void response.end(content)
      asked++
      request.socket.on('close', () => closed++)
      const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
      const [start, end] = [Number(first), Math.min(Number(last) + 1, content.length)]
      const headers = { 'Content-Range': `bytes ${start}-${end - 1}/${content.length}`, 'Content-Length': end - start }
      response.writeHead(206, headers).write(content.subarray(start, end - 1))
    })
    const loading = test.page.evaluate(async (url) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const controller = new AbortController()
      Object.assign(globalThis, { controller })
      return core.load(url, { signal: controller.signal }).catch((error: unknown) => Object(error).name)
    }, slow.url)
    await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(closed).toBe(0)
    await test.page.evaluate('controller.abort()')
    expect(await loading).toBe('AbortError')
    await expect.poll(() => closed, { timeout: 20_000 }).toBe(asked)
    await slow.close()
    await usable()
  })
})

describe('a browser without', () => {
  it('WebGPU adapters is told so with a typed error, and its page stays usable', async () => {
    const without = await openTestPage({ webgpu: false })
    try {
      for (const source of ['tiny.gguf', 'folder'])
        expect(await tryOut(`${server.url}/${source}`, without.page)).toMatchObject({
          code: 'webgpu-unavailable',
          typed: true,
        })
      expect(await without.page.evaluate('document.title')).toBe('test')
      await expect.poll(() => without.page.workers().length).toBe(0)
    } finally {
      await without.close()
    }
  })
})
