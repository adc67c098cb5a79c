import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { madeModel } from '../test-support/made-model.ts'
import { seededRandom } from '../test-support/seeded-random.ts'
import { type FilesServer, serveFiles } from '../test-support/serve-files.ts'
import { importCore, openTestPage, type TestPage } from '../test-support/test-page.ts'
import { expectRising, tryLoad } from '../test-support/try-load.ts'

// Downloads that are broken off and gone on with, in a browser without a GPU. SAMPAN_SOAK: with five seeds.
vi.setConfig({ testTimeout: 60_000 })

const seeds = process.env['SAMPAN_SOAK'] === undefined ? [1] : [1, 2, 3, 4, 5]
const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))
/** With a tensor at the end that nothing reads. */
const made = madeModel('/made/', 5, 4 << 20)
const weights = made.get('/made/model.safetensors')?.length ?? 0
/** Of one connection: the ranges that are asked for, and what was not journalled. */
const lost = (12 << 20) / 4 + (2 << 20)
const connections = 4

let test: TestPage
let server: FilesServer

beforeAll(async () => {
  test = await openTestPage({ webgpu: false, workerPrelude: '', packages: ['idb-keyval'] })
  server = await serveFiles(new Map<string, Uint8Array>([...made, ['/tiny.gguf', tiny]]))
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
beforeEach(async () => {
  server.pause = 0
  await test.page.evaluate(() => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return core.cache.clear()
  })
  server.forget()
})

interface Ended {
  readonly id?: string
  readonly code?: string
  readonly told: readonly import('../load/load-types.ts').LoadProgress[]
}

/** In the page: `download(path)` with `abort` among its globals, `ended` what came of it. */
function begin(source: string): void {
  const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
  const controller = new AbortController()
  const told: unknown[] = []
  const ended = core.cache
    .download(source, {
      backend: 'sampan',
      signal: controller.signal,
      onProgress: (progress) => void told.push(progress),
    })
    .then(
      (id) => ({ id, told }),
      (error: unknown) => ({ code: String(Object(error).code ?? error), told }),
    )
  Object.assign(globalThis, { ended, abort: () => controller.abort(new Error('enough')) })
}

const ended = (): Promise<Ended> => test.page.evaluate(() => Object(globalThis).ended)
const kept = () =>
  test.page.evaluate(async () => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    return (await core.cache.list()).map(({ id, state, downloaded = 0 }) => ({ id, state, downloaded }))
  })

describe('a download that is broken off', () => {
  it.each(seeds)('goes on where it was, after reloads and an abort, seed %i', async (seed) => {
    const random = seededRandom(seed)
    const source = `${server.url}/made/`
    server.pause = 10
    let before = 0
    const breaks = [...(['reload', 'abort', 'reload'] as const)]
    for (const how of breaks) {
      const middle = server.whenSent(Math.floor((0.18 + 0.06 * random()) * weights))
      await test.page.evaluate(begin, source)
      expect(await Promise.race([middle, ended()])).toBeUndefined()
      if (how === 'abort') {
        await test.page.evaluate(() => Object(globalThis).abort())
        expect(await ended()).toMatchObject({ code: 'Error: enough' })
      }
      // With it ends the Worker.
      await test.page.reload()
      await importCore(test.page)
      const [partial] = await kept()
      expect(partial).toMatchObject({ state: 'partial' })
      expect(partial?.downloaded).toBeGreaterThanOrEqual(before)
      before = partial?.downloaded ?? 0
    }
    expect(before).toBeGreaterThan(0)
    server.pause = 10
    await test.page.evaluate(begin, source)
    const { id, told } = await ended()
    expect(await kept()).toMatchObject([{ id, state: 'complete' }])
    expectRising(told)
    const [first, ...others] = told.filter(({ phase }) => phase === 'download')
    expect(first?.loaded).toBeGreaterThanOrEqual(before)
    expect(others.at(-1)).toMatchObject({ loaded: first?.total, total: first?.total })
    // The tensors that nothing reads count too, while they come.
    expect(others.filter(({ loaded, total }) => loaded > weights - (4 << 20) && loaded < total).length).toBeGreaterThan(
      0,
    )
    const whole = weights + 2 * [...made.values()].reduce((sum, { length }) => sum + length, -weights)
    expect(server.sent()).toBeLessThan(whole + breaks.length * connections * lost)
  })

  it('gets further in each of many short lives', async () => {
    const source = `${server.url}/made/`
    let before = 0
    for (let life = 0; life < 3; life++) {
      server.pause = 5
      // The first read, what comes beside it, and the beginnings that each life reads anew.
      const enough = server.whenSent(3 << 20)
      await test.page.evaluate(begin, source)
      expect(await Promise.race([enough, ended()])).toBeUndefined()
      // No more comes in this life than that.
      server.pause = 20_000
      const journalled = async (): Promise<number> => (await kept())[0]?.downloaded ?? 0
      await expect.poll(journalled, { timeout: 15_000 }).toBeGreaterThan(before)
      await test.page.reload()
      await importCore(test.page)
      const [partial] = await kept()
      expect(partial?.downloaded).toBeGreaterThan(before)
      before = partial?.downloaded ?? 0
    }
    expect(server.sent()).toBeLessThan(before + 3 * (3 << 20))
  })
})

describe('Workers that hash', () => {
  it.each(['first', 'second'])(
    'are missed at once where the %s cannot be had, and nothing is left',
    async (which) => {
      let asked = 0
      const isHash = (url: URL): boolean => url.pathname.endsWith('/hash-worker.ts')
      const missing = which === 'first' ? 1 : 2
      await test.page.route(isHash, (route) => (++asked === missing ? route.abort() : route.continue()))
      await test.page.evaluate(begin, `${server.url}/made/`)
      expect(await ended()).toMatchObject({ code: 'worker-failed' })
      expect(asked).toBe(2)
      await test.page.unroute(isHash)
      await expect.poll(() => test.page.workers().length).toBe(0)
      await test.page.evaluate(begin, `${server.url}/made/`)
      expect(await ended()).toMatchObject({ id: expect.any(String) })
      await expect.poll(() => test.page.workers().length).toBe(0)
    },
    30_000,
  )

  it('are missed where the browser refuses to make one', async () => {
    await test.page.evaluate(() => {
      const { Worker } = globalThis
      class Refused {
        constructor() {
          Object.assign(globalThis, { Worker })
          throw new DOMException('Script cannot be accessed from this origin.', 'SecurityError')
        }
      }
      Object.assign(globalThis, { Worker: Refused })
    })
    await test.page.evaluate(begin, `${server.url}/made/`)
    expect(await ended()).toMatchObject({ code: 'worker-failed' })
    await expect.poll(() => test.page.workers().length).toBe(0)
  })

  it.each([0, 1])(
    'are missed where one ends without a word, number %i, and the rest comes later',
    async (number) => {
      server.pause = 10
      const middle = server.whenSent(0.3 * weights)
      await test.page.evaluate(begin, `${server.url}/made/`)
      await middle
      const worker = test.page.workers().filter((worker) => worker.url().includes('/hash-worker.'))[number]
      // Its answer ends with it.
      worker?.evaluate('close()').catch(() => {})
      expect(await ended()).toMatchObject({ code: 'worker-failed' })
      await expect.poll(() => test.page.workers().length).toBe(0)
      server.pause = 0
      await test.page.evaluate(begin, `${server.url}/made/`)
      expect(await ended()).toMatchObject({ id: expect.any(String) })
      expect(server.sent()).toBeLessThan(1.8 * weights)
    },
    30_000,
  )
})

describe('without a GPU', () => {
  it('a model is kept as the CPU takes it, which is what load wants, or as a GPU does, when that is named', async () => {
    const source = `${server.url}/tiny.gguf`
    const download = (backend: 'auto' | 'sampan') =>
      test.page.evaluate(
        async ({ source, backend }) => {
          const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
          await core.cache.download(source, { backend })
          return (await core.cache.list()).map(({ form }) => form.kind).toSorted()
        },
        { source, backend },
      )
    expect(await download('auto')).toEqual(['source'])
    server.forget()
    const loaded = await tryLoad(test.page, source, { backend: 'auto' })
    expect(loaded).toMatchObject({ info: { backend: 'wllama' }, asked: [], text: expect.any(String) })
    expect(server.requests).toEqual([])
    expect(await download('sampan')).toEqual(['planes', 'source'])
  })
})
