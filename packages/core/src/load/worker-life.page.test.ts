import type { Route } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { askModel } from '../test-support/ask-model.ts'
import { chunksCame, closeWorkers, loadLive, takeEvents } from '../test-support/live-model.ts'
import { serveModels } from '../test-support/serve-models.ts'
import { importCore, openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'
import type { Model } from './model.ts'

// Workers that never start, that die, and that are replaced, in a real page.
vi.setConfig({ testTimeout: 120_000 })

const hello = { text: 'Hello from a very small boat.' }
const song = { messages: [{ role: 'user', content: 'Sing' } as const], max_tokens: 480 }

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage({ workerPrelude: '' })
  server = await serveModels()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

interface Failure {
  readonly code: string
  readonly details: { readonly reason?: string; readonly cause?: string }
  readonly typed: boolean
}

/** What a load comes to where it fails. */
const failedLoad = (source = `${server.url}/tiny.gguf`): Promise<Failure> =>
  test.page.evaluate(async (source) => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const failure = await core.load(source, { backend: 'sampan' }).then(
      () => ({ code: 'loaded', details: {} }),
      (error: unknown) => Object(error),
    )
    return { code: failure.code, details: failure.details, typed: core.SampanError.isInstance(failure) }
  }, source)

async function withScript<T>(handle: (route: Route) => Promise<void>, work: () => Promise<T>): Promise<T> {
  await test.page.route('**/sampan-worker.ts*', handle)
  try {
    return await work()
  } finally {
    await test.page.unroute('**/sampan-worker.ts*', handle)
  }
}

describe('a Worker that never starts is a typed error', () => {
  const javascript = 'text/javascript'
  it.each([
    ['whose script is missing', { status: 404 }, 'script'],
    ['for which the server sends its page', { contentType: 'text/html', body: '<!doctype html><p>app' }, 'script'],
    ['whose script does not parse', { contentType: javascript, body: 'let let' }, 'script'],
    ['that imports what is missing', { contentType: javascript, body: "import './nothing-here.js'" }, 'script'],
    ['that throws as it starts', { contentType: javascript, body: "throw new Error('at once')" }, 'error'],
    ['that closes itself as it starts and is never heard of', { contentType: javascript, body: 'close()' }, 'timeout'],
  ])('%s', async (_, response, reason) => {
    if (reason === 'timeout') await test.page.clock.install()
    const failure = await withScript(
      (route) => route.fulfill(response),
      async () => {
        const failing = failedLoad()
        if (reason === 'timeout') {
          await expect.poll(() => test.page.workers().length).toBe(0)
          for (const wait of ['00:29', '00:03', '00:03']) await test.page.clock.fastForward(wait)
        }
        return failing
      },
    )
    expect(failure).toMatchObject({ code: 'worker-failed', typed: true, details: { reason } })
    expect(failure.details.cause).toMatch(
      reason === 'error' ? /at once/ : reason === 'script' ? /could not be loaded/ : /did not answer within 30 seconds/,
    )
    if (reason === 'timeout') await test.page.reload()
  })

  it('that the Content-Security-Policy blocks', async () => {
    await test.page.evaluate(() => {
      const policy = document.createElement('meta')
      Object.assign(policy, { httpEquiv: 'Content-Security-Policy', content: "worker-src 'none'" })
      document.head.append(policy)
    })
    await importCore(test.page)
    expect(await failedLoad()).toMatchObject({
      code: 'worker-failed',
      typed: true,
      details: { reason: 'blocked', directive: 'worker-src', blocked: expect.stringContaining('sampan-worker') },
    })
    await test.page.reload()
    await importCore(test.page)
  })

  it('that the browser refuses to make', async () => {
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
    expect(await failedLoad()).toMatchObject({ code: 'worker-failed', typed: true, details: { reason: 'blocked' } })
  })
})

describe('a Worker that dies', () => {
  it.each([
    ['without a word', () => closeWorkers(test.page), 'ended'],
    [
      'of an error that nobody caught',
      () => test.page.workers().at(-1)?.evaluate("setTimeout(() => { throw new Error('broken') })"),
      'error',
    ],
  ])('%s fails the answer in flight and later ones until reload()', async (_, kill, reason) => {
    await loadLive(test.page, `${server.url}/tiny.gguf`)
    const answering = askModel(test.page, song)
    await chunksCame(test.page, 2)
    await kill()
    const failed = { error: { code: 'worker-failed', details: { reason } } }
    expect(await answering).toMatchObject(failed)
    expect(await askModel(test.page, {})).toMatchObject(failed)
    expect(await takeEvents(test.page)).toEqual(['worker-failed'])
    const seen = await test.page.evaluate(async () => {
      const { model }: { model: Model } = Object(globalThis)
      const [info, before] = [model.info, await model.ledger()]
      const fractions: number[] = []
      await model.reload({ onProgress: ({ fraction }) => fractions.push(fraction) })
      const [first, last] = [fractions[0], fractions.at(-1)]
      return {
        same: model.info === info,
        info,
        before: before?.total,
        after: (await model.ledger())?.total,
        first,
        last,
      }
    })
    expect(seen).toMatchObject({ same: true, before: 0, first: 0, last: 1, info: { backend: 'sampan' } })
    expect(seen.after).toBeGreaterThan(100_000)
    expect(await askModel(test.page, {})).toMatchObject(hello)
    await test.page.evaluate(() => Object(globalThis).model.dispose())
    await expect.poll(() => test.page.workers().length).toBe(0)
  })
})

describe('reload()', () => {
  it('replaces a Worker that hangs, of which nothing can tell', async () => {
    await loadLive(test.page, `${server.url}/tiny.gguf`)
    await test.page.workers().at(-1)?.evaluate('setTimeout(() => { for (;;); })')
    const seen = await test.page.evaluate(async () => {
      const { model, events }: { model: Model; events: string[] } = Object(globalThis)
      const code = (error: unknown): string => Object(error).code
      const asking = model.chat.completions.create({ messages: [{ role: 'user', content: 'Hello' }] }).catch(code)
      const counting = model.counters().catch(code)
      await new Promise((resolve) => setTimeout(resolve, 300))
      await model.reload()
      return [await asking, await counting, events]
    })
    expect(seen).toEqual(['model-unloaded', 'model-unloaded', []])
    expect(await askModel(test.page, {})).toMatchObject(hello)
    await expect.poll(() => test.page.workers().length).toBe(1)
  })

  it('shares one Worker between calls at the same time, and requests wait for it', async () => {
    const seen = await test.page.evaluate(async () => {
      const { model }: { model: Model } = Object(globalThis)
      const request = { messages: [{ role: 'user', content: 'Hello' } as const], temperature: 0 }
      const stream = await model.chat.completions.create({ ...request, stream: true })
      const reading = (async () => {
        for await (const _ of stream);
      })()
      const failing = reading.catch((error: unknown) => Object(error).code)
      const reloading = [model.reload(), model.reload()]
      const answer = await model.chat.completions.create(request)
      const aborted = await model.chat.completions
        .create(request, { signal: AbortSignal.abort(new Error('enough')) })
        .catch((error: unknown) => Object(error).message)
      await Promise.all(reloading)
      return { failed: await failing, text: answer.choices[0]?.message.content, aborted }
    })
    expect(seen).toEqual({ failed: 'model-unloaded', ...hello, aborted: 'enough' })
    await expect.poll(() => test.page.workers().length).toBe(1)
  })

  it('that is aborted, or whose callback throws, leaves a model that can be reloaded', async () => {
    const seen = await test.page.evaluate(async () => {
      const { model }: { model: Model } = Object(globalThis)
      const what = (error: unknown): string => Object(error).code ?? Object(error).message
      const ask = () =>
        model.chat.completions
          .create({ messages: [{ role: 'user', content: 'Hello' }], temperature: 0 })
          .then(({ choices }) => choices[0]?.message.content)
          .catch(what)
      const controller = new AbortController()
      const aborted = model.reload({ signal: controller.signal }).catch(what)
      const waiting = ask()
      controller.abort(new Error('enough'))
      const during = [await aborted, await waiting, await ask()]
      const onProgress = (): void => {
        throw new Error('my mistake')
      }
      const thrown = [await model.reload({ onProgress }).catch(what), await ask()]
      const early = await model.reload({ signal: AbortSignal.abort(new Error('before')) }).catch(what)
      await model.reload()
      return { during, thrown, early, later: await ask() }
    })
    expect(seen).toEqual({
      during: ['enough', 'model-unloaded', 'model-unloaded'],
      thrown: ['my mistake', 'model-unloaded'],
      early: 'before',
      later: hello.text,
    })
    await expect.poll(() => test.page.workers().length).toBe(1)
  })

  it('ends with the model when that is disposed of, and is refused afterwards', async () => {
    const seen = await test.page.evaluate(async () => {
      const { model }: { model: Model } = Object(globalThis)
      const code = (error: unknown): string => Object(error).code
      const reloading = model.reload().catch(code)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await model.dispose()
      return [await reloading, await model.reload().catch(code), (await model.ledger())?.total]
    })
    expect(seen).toEqual(['model-disposed', 'model-disposed', 0])
    await expect.poll(() => test.page.workers().length).toBe(0)
  })
})
