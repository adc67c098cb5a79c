import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'

// An app's own `fetch` and `headers`, in the page, for what a real Worker asks.
const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))

let test: TestPage
let server: TestServer
const seen: IncomingHttpHeaders[] = []

beforeAll(async () => {
  test = await openTestPage()
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', 'x-key, range, authorization')
    response.setHeader('Access-Control-Expose-Headers', 'content-range')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    seen.push(request.headers)
    if (request.headers['x-key'] !== 'let me in') return void response.writeHead(401).end()
    sendRange(request, response, tiny)
  })
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(async () => {
  seen.length = 0
  await test.page.evaluate(() => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return core.cache.clear()
  })
})

interface Outcome {
  readonly code?: string
  readonly urls: readonly string[]
}

function download(hooks: 'none' | 'headers' | 'function' | 'fetch' | 'broken'): Promise<Outcome> {
  return test.page.evaluate(
    async ({ url, hooks }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const urls: string[] = []
      const headers = { 'x-key': 'let me in' }
      const options: import('../index.ts').NetworkHooks = {
        none: {},
        headers: { headers },
        function: {
          headers: async (asked: string) => {
            urls.push(asked)
            return headers
          },
        },
        fetch: {
          fetch: (asked: string, init: RequestInit) => {
            urls.push(asked)
            return fetch(asked, { ...init, headers: { ...Object(init.headers), ...headers } })
          },
        },
        broken: { fetch: async () => Object({ not: 'a response' }) },
      }[hooks]
      try {
        await core.cache.download(url, { ...options, backend: 'sampan' })
        return { urls }
      } catch (error) {
        return { code: Object(error).code, urls }
      }
    },
    { url: `${server.url}/tiny.gguf`, hooks },
  )
}

it('let a download in that is refused without them', async () => {
  expect(await download('none')).toMatchObject({ code: 'source-forbidden' })
  expect(await download('headers')).not.toHaveProperty('code')
  expect(seen.some((headers) => headers.range !== undefined)).toBe(true)
}, 60_000)

it.each(['function', 'fetch'] as const)(
  'see every address, as a %s',
  async (hooks) => {
    const { code, urls } = await download(hooks)
    expect(code).toBeUndefined()
    expect(new Set(urls)).toEqual(new Set([`${server.url}/tiny.gguf`]))
    expect(urls.length).toBe(seen.length)
    expect(seen.every(({ referer }) => referer === undefined)).toBe(true)
  },
  60_000,
)

it('say so where they give back something else', async () => {
  expect(await download('broken')).toMatchObject({ code: 'option-invalid' })
  expect(seen).toEqual([])
}, 60_000)
