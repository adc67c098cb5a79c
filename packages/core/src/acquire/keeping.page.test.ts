import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { madeModel } from '../test-support/made-model.ts'
import { type FilesServer, serveFiles } from '../test-support/serve-files.ts'
import { importCore, openTestPage, type TestPage } from '../test-support/test-page.ts'
import { expectRising, type Outcome, tryLoad } from '../test-support/try-load.ts'

// What `load` keeps, for visitors who have nothing yet: in two tabs, with little room, in private windows, and with the network cut.
vi.setConfig({ testTimeout: 180_000 })

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
const answered = 'Hello from a very small boat.'
const made = madeModel('/made/', 3)
const weights = made.get('/made/model.safetensors')?.length ?? 0
/** Takes from Workers what a page took from itself. */
const withoutSome = `new Function(new URL(self.location.href).searchParams.get('without') ?? '')()`
const noFiles = 'delete StorageManager.prototype.getDirectory;'
const noCaches = 'Object.defineProperty(globalThis, "caches", { value: undefined });'

let test: TestPage
let server: FilesServer
let context: BrowserContext

beforeAll(async () => {
  test = await openTestPage({ workerPrelude: withoutSome, packages: ['idb-keyval'], imports: false })
  server = await serveFiles(new Map<string, Uint8Array>([...made, ['/tiny.gguf', tiny]]))
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(async () => {
  const browser = test.page.context().browser()
  if (!browser) throw new Error('no browser')
  context = await browser.newContext()
  server.pause = 0
  server.forget()
})
afterEach(() => context?.close())

/** @param without JavaScript that takes something away */
async function open(without = '', visitor = context): Promise<Page> {
  const page = await visitor.newPage()
  if (without) await page.addInitScript(takeAway, without)
  await page.goto(test.page.url())
  await importCore(page)
  return page
}

/** In the page, before all else. */
function takeAway(without: string): void {
  new Function(without)()
  const Native = globalThis.Worker
  Object.assign(globalThis, {
    Worker: class extends Native {
      constructor(url: string | URL, options?: WorkerOptions) {
        const given = new URL(url)
        given.searchParams.set('without', without)
        super(given, options)
      }
    },
  })
}

const load = (page: Page, path: string, allowed = true): Promise<Outcome> =>
  tryLoad(page, `${server.url}/${path}`, allowed ? { download: 'allow' } : {})

describe('two tabs that load the same model at once', () => {
  it('download it once, and both tell how it goes', async () => {
    server.pause = 20
    const pages = [await open(), await open()]
    const outcomes = await Promise.all(pages.map((page) => load(page, 'made/')))
    for (const { told, ...rest } of outcomes) {
      expect(rest).toMatchObject({ text: expect.any(String) })
      const { info } = rest
      expect(info).toEqual(outcomes[0]?.info)
      expectRising(told)
      const downloads = told.filter(({ phase }) => phase === 'download')
      expect(new Set(downloads.map(({ loaded }) => loaded)).size).toBeGreaterThan(3)
    }
    // Both read the header and the texts.
    expect(server.sent()).toBeLessThan(weights + (1 << 20))
  })

  it('go on in the second one when the first is closed', async () => {
    const [first, second] = [await open(), await open()]
    server.pause = 15
    const middle = server.whenSent(0.6 * weights)
    const cut = load(first, 'made/').catch(() => 'closed')
    await server.whenSent(0.2 * weights)
    const whole = load(second, 'made/')
    await middle
    await first.close()
    expect(await cut).toBe('closed')
    const { told, ...rest } = await whole
    expect(rest).toMatchObject({ text: expect.any(String) })
    expectRising(told)
    expect(server.sent()).toBeLessThan(weights + lost)
  })
})

/** By a tab that is killed: what came since the journal, and what was on its way. */
const lost = (8 << 20) + (18 << 20)

describe('a site that may keep little', () => {
  it('is told how much is wanted before a weight is fetched, and nothing is left', async () => {
    const page = await open()
    const session = await context.newCDPSession(page)
    const { origin } = new URL(page.url())
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 8 << 20 })
    const { code, details } = await load(page, 'made/')
    expect({ code, details }).toMatchObject({
      code: 'quota-exceeded',
      details: { needed: expect.any(Number), used: 0, deletable: [] },
    })
    expect(server.sent()).toBeLessThan(1 << 20)
    expect(await page.evaluate(listKept)).toEqual([])
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    expect(await load(page, 'made/')).toMatchObject({ text: expect.any(String) })
  })
})

describe('a browser that takes away', () => {
  it.each([
    ['the file system', noFiles, 'cache-storage', 1],
    ['the file system and caches', noFiles + noCaches, 'memory', 0],
  ] as const)('%s keeps models where it lets them', async (_, without, store, models) => {
    const page = await open(without)
    const { asked, text } = await load(page, 'tiny.gguf')
    expect(asked).toMatchObject([{ store, storeReason: expect.stringMatching(/file system/) }])
    expect(text).toBe(answered)
    expect(await page.evaluate(listKept)).toHaveLength(models)
    server.forget()
    const again = await load(page, 'tiny.gguf')
    expect(again).toMatchObject({ text: answered, asked: models === 0 ? asked : [] })
    if (models > 0) expect(server.requests).toEqual([])
  })
})

describe('a model that is kept', () => {
  it('is loaded, judged and listed without a request to anyone, also in another browser that it was carried to', async () => {
    const page = await open()
    const { origin } = new URL(page.url())
    const seen: string[] = []
    context.on('request', (request) => {
      if (!request.url().startsWith(origin)) seen.push(request.url())
    })
    expect(await load(page, 'tiny.gguf')).toMatchObject({ text: answered })
    // Those of Workers are seen.
    expect(seen.length).toBeGreaterThan(1)
    await expectOffline(page, seen)

    const file = await page.evaluate(exportFirst)
    const elsewhere = await test.page.context().browser()?.newContext()
    if (!elsewhere) throw new Error('no browser')
    try {
      const other = await open('', elsewhere)
      const name = await other.evaluate(importFile, file)
      expect(name).toMatch(/tiny/)
      await expectOffline(other, [])
    } finally {
      await elsewhere.close()
    }
  })
})

async function expectOffline(page: Page, seen: string[]): Promise<void> {
  const { origin } = new URL(page.url())
  await page.context().route(
    ({ href }) => !href.startsWith(origin),
    (route) => route.abort(),
  )
  seen.length = 0
  server.forget()
  expect(await load(page, 'tiny.gguf', false)).toMatchObject({ text: answered, asked: [] })
  const told = await page.evaluate(async (source) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const verdict = await core.canRun(source, { backend: 'sampan', alternatives: false })
    const [model] = await core.cache.list()
    const { used } = await core.cache.usage()
    return { verdict: { ok: verdict.ok, bytes: verdict.downloadBytes }, state: model?.state, used: used > 0 }
  }, `${server.url}/tiny.gguf`)
  expect(told).toEqual({ verdict: { ok: true, bytes: 0 }, state: 'complete', used: true })
  expect(seen).toEqual([])
  expect(server.requests).toEqual([])
}

/** In the page. */
async function listKept(): Promise<string[]> {
  const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
  return (await core.cache.list()).map(({ name }) => name)
}

/** In the page. */
async function exportFirst(): Promise<number[]> {
  const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
  const [model] = await core.cache.list()
  const file = await core.cache.export(model?.id ?? '')
  return [...new Uint8Array(await file.arrayBuffer())]
}

/** In the page. */
async function importFile(bytes: number[]): Promise<string> {
  const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
  const { name } = await core.cache.import(new Blob([Uint8Array.from(bytes)]))
  return name
}
