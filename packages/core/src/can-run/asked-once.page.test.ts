import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'

// What the network panel of a real page shows: `canRun`, a `load` that nobody has agreed to, and one that somebody has.
vi.setConfig({ testTimeout: 60_000 })

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage()
  server = await serveModels({}, '"1"')
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

/** What is asked for: preflights are the browser's. */
const asked = (): string[] => server.requests.splice(0).filter((request) => request.startsWith('GET '))

function inPage(path: string, work: 'canRun' | 'refused' | 'allowed'): Promise<unknown> {
  return test.page.evaluate(
    async ({ source, work }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      if (work === 'canRun') return (await core.canRun(source)).reasons.map(({ code }) => code)
      const download = work === 'allowed' ? ({ download: 'allow' } as const) : { download: () => false }
      try {
        const model = await core.load(source, { backend: 'sampan', ...download })
        await model.dispose()
        return 'loaded'
      } catch (error) {
        return Object(error).code
      }
    },
    { source: `${server.url}/${path}`, work },
  )
}

it.each(['folder/', 'tiny.gguf'])('%s is asked for each small thing once', async (path) => {
  asked()
  await inPage(path, 'canRun')
  const before = asked()
  expect(new Set(before).size).toBe(before.length)
  expect(await inPage(path, 'refused')).toBe('download-required')
  expect(asked()).toEqual([])
  expect(await inPage(path, 'allowed')).toBe('loaded')
  const during = asked()
  expect(during.filter((request) => before.includes(request))).toEqual([])
  // The tokenizer, and ranges of weights.
  expect(during.filter((request) => !/ bytes=|\/tokenizer\.json$/.test(request))).toEqual([])
  expect(await inPage(path, 'allowed')).toBe('loaded')
  expect(asked()).toEqual([])
})

it('a load that was refused is asked again without asking the server', async () => {
  await test.page.evaluate(() => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return core.cache.clear()
  })
  asked()
  expect(await inPage('folder/?again', 'refused')).toBe('download-required')
  const before = asked()
  expect(new Set(before).size).toBe(before.length)
  expect(await inPage('folder/?again', 'allowed')).toBe('loaded')
  expect(asked().filter((request) => before.includes(request))).toEqual([])
})

it('a server that does not tell when a file has changed is asked again: no old config meets new weights', async () => {
  const config: Record<string, unknown> = JSON.parse(String(tinyFolder().get('config.json')))
  const changed: Record<string, Record<string, string>> = { moving: {} }
  const untold = await serveModels(changed)
  const contextLength = await test.page.evaluate(async (source) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return (await core.canRun(source, { backend: 'sampan' })).contextLength
  }, `${untold.url}/moving/`)
  expect(contextLength).toBe(config['max_position_embeddings'])
  changed['moving'] = { 'config.json': JSON.stringify({ ...config, max_position_embeddings: 64 }) }
  const loaded = await test.page.evaluate(async (source) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const model = await core.load(source, { backend: 'sampan', download: 'allow' })
    await model.dispose()
    return model.info.contextLength
  }, `${untold.url}/moving/`)
  expect(loaded).toBe(64)
  await untold.close()
})
