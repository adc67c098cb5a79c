import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { serveTest, type TestServer } from '../test-support/test-server.ts'

// A model from a server, in a real page: asked for, downloaded once, and loaded from this device from then on.
vi.setConfig({ testTimeout: 60_000 })

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))

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
beforeEach(async () => {
  await test.page.evaluate(() => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return core.cache.clear()
  })
  server.requests.length = 0
})

type Options = Pick<import('../load/load-types.ts').LoadOptions, 'backend' | 'bits' | 'cache' | 'afterCrash'>

interface Outcome {
  readonly text?: string | null | undefined
  readonly phases?: readonly string[]
  readonly info?: import('../backend.ts').ModelInfo
  readonly code?: string
  readonly details?: Record<string, unknown>
}

/** Loads `source`, asks and disposes. */
function tryOut(path: string, options: Options & { readonly download?: 'allow' | undefined } = {}): Promise<Outcome> {
  return test.page.evaluate(
    async ({ source, options, allowed }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const phases = new Set<string>()
      const onProgress = ({ phase }: { phase: string }): void => void phases.add(phase)
      const consent = allowed ? {} : { download: () => false }
      try {
        const model = await core.load(source, { backend: 'sampan', ...options, ...consent, onProgress })
        const messages = [{ role: 'user', content: 'Hello' } as const]
        const { choices } = await model.chat.completions.create({ messages, temperature: 0, max_tokens: 20 })
        const info = { ...model.info }
        await model.dispose()
        return { text: choices[0]?.message.content, info, phases: [...phases] }
      } catch (error) {
        const { code, details, message } = Object(error)
        return { code, details, message }
      }
    },
    { source: `${server.url}/${path}`, options, allowed: 'download' in options },
  )
}

const answered = 'Hello from a very small boat.'
/** The folder's weights are random. */
const untrained = 'kkkkkkk'

describe.each([
  ['tiny.gguf', {}, answered],
  ['folder/', { bits: 16 }, untrained],
  ['blobs/tiny', {}, answered],
] as const)('%s', (path, options, text) => {
  it('is not downloaded unless somebody agrees', async () => {
    const { code, details } = await tryOut(path, options)
    expect({ code, details }).toMatchObject({
      code: 'download-required',
      details: { reason: 'not-cached', cachedBytes: 0, bytes: expect.any(Number) },
    })
  })

  it('is downloaded once, and loads from this device afterwards', async () => {
    const first = await tryOut(path, { ...options, download: 'allow' })
    expect(first).toMatchObject({ text, phases: expect.arrayContaining(['open', 'download', 'weights', 'compile']) })
    server.requests.length = 0
    const again = await tryOut(path, options)
    expect(again).toMatchObject({ text, phases: expect.not.arrayContaining(['download']) })
    expect(again.info).toEqual(first.info)
    expect(server.requests).toEqual([])
  })
})

describe('a model that is kept', () => {
  it('is kept as the GPU takes it or as llama.cpp does, each by itself', async () => {
    await tryOut('tiny.gguf', { download: 'allow' })
    expect(await tryOut('tiny.gguf', { backend: 'wllama' })).toMatchObject({ details: { reason: 'other-kind' } })
    const onCpu = await tryOut('tiny.gguf', { backend: 'wllama', download: 'allow' })
    expect(onCpu).toMatchObject({ text: answered, info: { backend: 'wllama' } })
    server.requests.length = 0
    const again = await tryOut('tiny.gguf', { backend: 'wllama' })
    expect(again.info?.hash).toBe(onCpu.info?.hash)
    expect(server.requests).toEqual([])
  })

  it('is asked for again with other bits', async () => {
    await tryOut('folder/', { download: 'allow', bits: 16 })
    expect(await tryOut('folder/', { bits: 8 })).toMatchObject({
      code: 'download-required',
      details: { reason: 'other-bits' },
    })
    expect(await tryOut('folder/', { bits: 16 })).toMatchObject({ text: untrained })
  })

  it('is not kept where that is not wanted', async () => {
    expect(await tryOut('tiny.gguf', { download: 'allow', cache: false })).toMatchObject({ text: answered })
    expect(await tryOut('tiny.gguf', { cache: false })).toMatchObject({ code: 'download-required' })
  })
})

describe('a server that knows no ranges', () => {
  it('serves a model all the same, once', async () => {
    const whole = await serveTest((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      if (request.url === '/tiny.gguf') response.writeHead(200, { 'Content-Length': tiny.length }).end(tiny)
      else response.writeHead(404).end()
    })
    try {
      const found = await test.page.evaluate(async (url) => {
        const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
        const verdict = await core.canRun(url, { backend: 'sampan' })
        const id = await core.cache.download(url, { backend: 'sampan' })
        const found = await core.cache.find(url, { backend: 'sampan' })
        return { same: found?.id === id, ok: verdict.ok, none: await core.cache.find(url, { backend: 'wllama' }) }
      }, `${whole.url}/tiny.gguf`)
      expect(found).toEqual({ same: true, ok: true })
    } finally {
      await whole.close()
    }
  })
})

describe('a page that died while a model was being loaded', () => {
  it('does not load it by itself again', async () => {
    await tryOut('tiny.gguf', { download: 'allow' })
    const load = { key: `${server.url}/tiny.gguf`, name: 'tiny', bytes: 5e8, at: Date.now(), times: 2 }
    await test.page.evaluate((crash) => localStorage.setItem('sampan.crashes', JSON.stringify([crash])), load)
    expect(await tryOut('tiny.gguf')).toMatchObject({ code: 'crashed-last-time', details: { times: 2 } })
    expect(await tryOut('tiny.gguf', { backend: 'wllama', download: 'allow' }), 'on the CPU').toMatchObject({
      text: answered,
    })
    expect(await tryOut('tiny.gguf', { afterCrash: 'load' })).toMatchObject({ text: answered })
    expect(await tryOut('tiny.gguf')).toMatchObject({ text: answered })
  })
})
