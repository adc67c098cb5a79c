import { createServer } from 'node:http'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchChromium } from '../../../packages/core/src/test-support/test-page.ts'
import { planFaults } from '../plan/plan.ts'
import { type FakeHub, startHub } from './start-hub.ts'
import { type StaticServer, startStaticServer } from './static-server.ts'

// What a page of another origin can read of each answer: the table in the notes about hubs, in a real browser.
const weights = Buffer.alloc(300_000, 5)
const config = JSON.stringify({ model_type: 'llama', padding: 'x'.repeat(3000) })

/** What fetch shows of one answer. */
interface Seen {
  readonly status: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
}

let browser: Browser
let page: Page
let hub: FakeHub
let modelscope: FakeHub
let bare: StaticServer
const app = createServer((_, response) => {
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
  response.setHeader('Content-Type', 'text/html')
  response.end('<!doctype html><title>app</title>')
})
let origin: string

beforeAll(async () => {
  const files = { 'config.json': config, 'model.safetensors': weights }
  hub = await startHub()
  hub.add('org/name', { files })
  hub.add('org/gated', { files, gated: 'auto' })
  hub.allow('hf_in', 'org/gated')
  modelscope = await startHub({ kind: 'modelscope' })
  modelscope.add('org/name', { files })
  bare = await startStaticServer({ exposed: false })
  bare.put('model.gguf', weights)
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const address = app.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  browser = await launchChromium(false)
  page = await browser.newPage()
  await page.goto(origin)
}, 60_000)
beforeEach(() => hub.forget())
afterAll(async () => {
  await browser?.close()
  await Promise.all([hub?.close(), modelscope?.close(), bare?.close()])
  app.close()
})

function see(url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Seen> {
  return page.evaluate(
    async ({ url, headers, method }) => {
      const answer = await fetch(url, { headers, method, referrerPolicy: 'no-referrer', cache: 'no-store' })
      const bytes = (await answer.arrayBuffer()).byteLength
      return { status: answer.status, url: answer.url, headers: Object.fromEntries(answer.headers), bytes }
    },
    { url, headers, method },
  )
}

const failed = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  see(url, headers).then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && error.message.includes('TypeError') ? 'TypeError' : String(error)),
  )
const large = (): string => `${hub.url}/org/name/resolve/main/model.safetensors`
const small = (): string => `${hub.url}/org/name/resolve/main/config.json`
const preflights = (name: 'hub' | 'cdn'): number =>
  hub.log.filter((request) => request.origin === name && request.method === 'OPTIONS').length

it('of the API: ETag, Link and errors, no rate limit and no date', async () => {
  const { headers } = await see(`${hub.url}/api/models/org/name/tree/main`)
  expect(headers['etag']).toMatch(/^W\//)
  expect(Object.keys(headers).filter((name) => /ratelimit|retry-after|date|access-control/.test(name))).toEqual([])
  const missing = await see(`${hub.url}/api/models/org/name/tree/none`)
  expect([missing.status, missing.headers['x-error-code']]).toEqual([404, 'RevisionNotFound'])
  const gated = await see(`${hub.url}/org/gated/resolve/main/config.json`)
  expect([gated.status, gated.headers['x-error-code']]).toEqual([401, 'GatedRepo'])
})

it('of a small file: the commit and, with a range, its length and a strong ETag', async () => {
  const whole = await see(small())
  expect([whole.status, whole.bytes]).toEqual([200, config.length])
  expect(whole.url).toContain('/api/resolve-cache/')
  expect(whole.headers['etag']).toMatch(/^W\//)
  expect(whole.headers['x-repo-commit']).toMatch(/^[0-9a-f]{40}$/)
  expect(whole.headers['content-length']).toBeUndefined()
  const part = await see(small(), { Range: 'bytes=1-10' })
  expect(part).toMatchObject({ status: 206, bytes: 10 })
  expect(part.headers['content-range']).toBe(`bytes 1-10/${config.length}`)
  expect(part.headers['content-length']).toBe('10')
  expect(part.headers['etag']).toMatch(/^"/)
})

it('of a large file: what the CDN sends, nothing of the redirect', async () => {
  const part = await see(large(), { Range: 'bytes=100-299' })
  expect(part).toMatchObject({ status: 206, bytes: 200 })
  expect(part.url).toMatch(new RegExp(`^${hub.cdnUrl}/`))
  expect(part.headers['content-range']).toBe(`bytes 100-299/${weights.length}`)
  expect(part.headers['content-length']).toBe('200')
  expect(part.headers['etag']).toMatch(/^"[0-9a-f]{64}"$/)
  for (const name of ['x-linked-etag', 'x-linked-size', 'x-repo-commit']) expect(part.headers[name]).toBeUndefined()
})

it('of a failure of the CDN: its status, words and Retry-After', async () => {
  hub.faults = ({ kind }) => (kind === 'cdn' ? { kind: 'status', status: 503, retryAfter: 7 } : undefined)
  const busy = await see(large())
  hub.faults = undefined
  expect([busy.status, busy.headers['retry-after']]).toEqual([503, '7'])
})

it('by an address that a HEAD found: any range of it', async () => {
  const { url, headers } = await see(large(), {}, 'HEAD')
  expect(headers['content-length']).toBe(String(weights.length))
  expect(await see(url, { Range: 'bytes=7-8' })).toMatchObject({ status: 206, bytes: 2 })
  const bound = await see(large(), { Range: 'bytes=0-9' })
  expect(await see(bound.url, { Range: 'bytes=10-19' })).toMatchObject({ status: 403 })
})

it('by ranges with a start without a preflight, with a suffix by one on both origins', async () => {
  await see(large(), { Range: 'bytes=0-1' })
  await see(large(), { Range: 'bytes=5-' })
  expect([preflights('hub'), preflights('cdn')]).toEqual([0, 0])
  expect(await see(large(), { Range: 'bytes=-5' })).toMatchObject({ status: 206, bytes: 5 })
  expect([preflights('hub'), preflights('cdn')]).toEqual([1, 1])
})

it("with a token that is asked about at the hub, and never gets to the CDN; nor does the page's address", async () => {
  const answer = await see(`${hub.url}/org/gated/resolve/main/model.safetensors`, { Authorization: 'Bearer hf_in' })
  expect(answer).toMatchObject({ status: 200, bytes: weights.length })
  expect([preflights('hub'), preflights('cdn')]).toEqual([1, 0])
  const asked = hub.log.filter(({ method }) => method === 'GET')
  expect(asked.map(({ origin: name, headers }) => [name, headers['authorization'], headers['origin']])).toEqual([
    ['hub', 'Bearer hf_in', origin],
    ['cdn', undefined, 'null'],
  ])
  expect(hub.log.every(({ headers }) => headers['referer'] === undefined)).toBe(true)
})

it('not: a zipped body of a range; zipped whole files are as if they were not', async () => {
  hub.faults = ({ kind }) => (kind === 'cdn' ? { kind: 'gzip' } : undefined)
  expect(await failed(large(), { Range: 'bytes=0-999' })).toBe('TypeError')
  expect(await see(large())).toMatchObject({ status: 200, bytes: weights.length })
  hub.faults = undefined
})

it('of ModelScope: a length and a type, of its CDN no range and no ETag', async () => {
  const file = `${modelscope.url}/models/org/name/resolve/master/model.safetensors`
  const part = await see(file, { Range: 'bytes=5-9' })
  expect(part).toMatchObject({ status: 206, bytes: 5, headers: { 'content-length': '5' } })
  for (const name of ['content-range', 'etag', 'accept-ranges']) expect(part.headers[name]).toBeUndefined()
  const list = await see(`${modelscope.url}/api/v1/models/org/name/repo/files?Revision=master`)
  expect(list.status).toBe(200)
})

it('of a server that exposes nothing: a length and a type; of one without CORS nothing', async () => {
  const part = await see(`${bare.url}/model.gguf`, { Range: 'bytes=5-9' })
  expect(part).toMatchObject({ status: 206, bytes: 5, headers: { 'content-length': '5' } })
  expect(part.headers['content-range']).toBeUndefined()
  const closed = await startStaticServer({ cors: false })
  closed.put('model.gguf', weights)
  expect(await failed(`${closed.url}/model.gguf`)).toBe('TypeError')
  await closed.close()
})

it('under faults: failures that have no status are TypeErrors, and a page gets over all that pass', async () => {
  hub.faults = ({ kind }) => (kind === 'cdn' ? { kind: 'cut', after: 100_000 } : undefined)
  expect(await failed(large())).toBe('TypeError')
  hub.faults = ({ kind }) => (kind === 'resolve' ? { kind: 'refused' } : undefined)
  expect(await failed(large())).toBe('TypeError')
  hub.faults = planFaults(1, { percent: 60 })
  let bytes = 0
  for (let attempt = 0; attempt < 20 && bytes !== weights.length; attempt++) {
    bytes = await see(large()).then(
      (seen) => (seen.status === 200 && seen.headers['content-type'] === 'application/octet-stream' ? seen.bytes : 0),
      () => 0,
    )
  }
  hub.faults = undefined
  expect(bytes).toBe(weights.length)
})
