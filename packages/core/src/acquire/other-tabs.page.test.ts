import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { madeModel } from '../test-support/made-model.ts'
import { type FilesServer, serveFiles } from '../test-support/serve-files.ts'
import { importCore, openTestPage, type TestPage } from '../test-support/test-page.ts'
import { expectRising } from '../test-support/try-load.ts'
import type { DownloadRequest } from './download-request.ts'

// A model that another tab downloads: nobody is asked for what that tab fetches. Without a GPU.
vi.setConfig({ testTimeout: 60_000 })

const made = madeModel('/made/', 3)
const weights = made.get('/made/model.safetensors')?.length ?? 0

let test: TestPage
let server: FilesServer
let context: BrowserContext

beforeAll(async () => {
  test = await openTestPage({ webgpu: false, packages: ['idb-keyval'], imports: false })
  server = await serveFiles(new Map<string, Uint8Array>(made))
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(async () => {
  const browser = test.page.context().browser()
  if (!browser) throw new Error('no browser')
  context = await browser.newContext()
  server.pause = 20
  server.forget()
})
afterEach(() => context?.close())

async function open(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(test.page.url())
  await importCore(page)
  return page
}

interface Ended {
  readonly state?: string
  readonly code?: string
  readonly asked: readonly DownloadRequest[]
  readonly told: readonly import('../load/load-types.ts').LoadProgress[]
}

/** How whoever is asked answers. */
type Answer = 'yes' | 'no' | 'throws' | 'never'

/** In the page: downloads, with `abort` and `asked` among its globals, and `ended` what came of it. */
function begin({ source, answer }: { readonly source: string; readonly answer: Answer }): void {
  const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
  const controller = new AbortController()
  const told: unknown[] = []
  const asked: unknown[] = []
  const ended = core.cache
    .download(source, {
      backend: 'sampan',
      signal: controller.signal,
      onProgress: (progress) => void told.push(progress),
      download: async (request) => {
        asked.push(request)
        if (answer === 'throws') throw new RangeError('my own mistake')
        if (answer === 'never') await new Promise(() => {})
        return answer === 'yes'
      },
    })
    .then(
      async (id) => ({ state: (await core.cache.list()).find((model) => model.id === id)?.state, asked, told }),
      (error: unknown) => ({ code: String(Object(error).code ?? error), asked, told }),
    )
  Object.assign(globalThis, { ended, asked, abort: () => controller.abort(new Error('enough')) })
}

const start = (page: Page, answer: Answer): Promise<void> =>
  page.evaluate(begin, { source: `${server.url}/made/`, answer })
const ended = (page: Page): Promise<Ended> => page.evaluate(() => Object(globalThis).ended)
const abort = (page: Page): Promise<void> => page.evaluate(() => Object(globalThis).abort())
/** Locks that Workers of a page have, but for what tells that they live. */
const locks = (page: Page): Promise<readonly (string | undefined)[]> =>
  page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].map(({ name }) => name).filter((name) => name?.startsWith('sampan-download:'))
  })

describe('a tab that wants what another one downloads', () => {
  it('asks nobody, and has it when the other has', async () => {
    const [first, second] = [await open(), await open()]
    const begun = server.whenSent(0.1 * weights)
    await start(first, 'yes')
    await begun
    await start(second, 'no')
    const there = await ended(second)
    expect(there).toMatchObject({ state: 'complete', asked: [] })
    const loaded = there.told.filter(({ phase }) => phase === 'download').map(({ loaded }) => loaded)
    expect(new Set(loaded).size).toBeGreaterThan(3)
    expectRising(there.told)
    expect(await ended(first)).toMatchObject({ state: 'complete', asked: [{ reason: 'not-cached' }] })
    expect(server.sent()).toBeLessThan(weights + (1 << 20))
  })

  it.each(['closed', 'aborted'] as const)('asks for the rest when the other is %s', async (how) => {
    const [first, second] = [await open(), await open()]
    const begun = server.whenSent(0.2 * weights)
    await start(first, 'yes')
    await begun
    const middle = server.whenSent(0.5 * weights)
    await start(second, 'yes')
    await middle
    expect(await second.evaluate(() => Object(globalThis).asked)).toEqual([])
    if (how === 'closed') await first.close()
    else await abort(first)
    const there = await ended(second)
    expect(there).toMatchObject({ state: 'complete', asked: [{ reason: 'partial' }] })
    const [{ bytes = 0, cachedBytes }] = there.asked as [DownloadRequest]
    expect(cachedBytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(weights)
    expectRising(there.told)
  })
})

describe('a download that is given up', () => {
  it.each([
    ['while somebody is asked, who never answers', 'never'],
    ['while weights come', 'yes'],
    ['while another tab downloads', 'no'],
  ] as const)('%s leaves no lock, and can be gone on with', async (_, answer) => {
    const [page, other] = [await open(), await open()]
    const begun = server.whenSent(0.1 * weights)
    const middle = server.whenSent(0.4 * weights)
    if (answer === 'no') await start(other, 'yes')
    if (answer === 'no') await begun
    await start(page, answer)
    if (answer !== 'never') await middle
    if (answer === 'never') await page.waitForFunction(() => Object(globalThis).asked.length > 0)
    await abort(page)
    expect(await ended(page)).toMatchObject({ code: 'Error: enough' })
    if (answer === 'no') await abort(other)
    await expect.poll(() => locks(page)).toEqual([])
    await start(page, 'yes')
    expect(await ended(page)).toMatchObject({
      state: 'complete',
      asked: [{ reason: answer === 'never' ? 'not-cached' : 'partial' }],
    })
  })

  it('by a callback that throws ends with what it threw', async () => {
    const page = await open()
    await start(page, 'throws')
    expect(await ended(page)).toMatchObject({ code: 'RangeError: my own mistake', asked: [{ reason: 'not-cached' }] })
    expect(await locks(page)).toEqual([])
    await start(page, 'no')
    expect(await ended(page)).toMatchObject({ code: 'download-required' })
  })
})
