import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../backend.ts'
import { serveModels } from '../test-support/serve-models.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'
import type { CanRunOptions, Verdict } from './can-run-types.ts'

const pocket = fileURLToPath(new URL('../../../pocket/pocket.gguf', import.meta.url))

let test: TestPage
let server: TestServer

beforeAll(async () => {
  test = await openTestPage({ workerPrelude: '' })
  server = await serveModels()
  // As text: Vitest would rewrite the import of a function.
  await test.page.evaluate("import('/src/can-run/can-run.ts').then((module) => void Object.assign(globalThis, module))")
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

type Options = Pick<CanRunOptions, 'backend' | 'bits' | 'contextLength'>

/** What `canRun` foretells, what there is, and what `canRun` says of it then; `local`: a file from disk. */
interface Outcome {
  readonly before: Verdict
  readonly ledger: Ledger | undefined
  readonly contextLength: number
  readonly after: Verdict
  /** Requests before the second question. */
  readonly requests: number
}

async function loadIt(source: string, local: boolean, options: Options): Promise<Outcome> {
  const outcome = await test.page.evaluate(
    async ({ source, local, options }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const { canRun }: typeof import('./can-run.ts') = Object(globalThis)
      const given = local ? new File([await (await fetch(source)).blob()], 'model.gguf') : source
      const before = await canRun(given, options)
      const model = await core.load(given, { ...options, backend: 'sampan', download: 'allow' })
      const ledger = await model.ledger()
      const { contextLength } = model.info
      await model.dispose()
      return { before, ledger, contextLength }
    },
    { source, local, options },
  )
  const requests = server.requests.length
  const after = await test.page.evaluate(
    async ({ source, options }) => {
      const { canRun }: typeof import('./can-run.ts') = Object(globalThis)
      return canRun(source, options)
    },
    { source, options },
  )
  return { ...outcome, after, requests }
}

describe('canRun, before and after', () => {
  it.each<[string, string, boolean, Options]>([
    ['a GGUF file with a short context', '/tiny.gguf', false, { contextLength: 100 }],
    ['a folder of floats', '/folder', false, {}],
    ['Pocket, from disk', `/@fs${pocket}`, true, {}],
  ])(
    '%s',
    async (_, path, local, more) => {
      const options: Options = { ...more, backend: 'sampan' }
      const source = local ? path : server.url + path
      const { before, ledger, contextLength, after, requests } = await loadIt(source, local, options)
      expect(before).toMatchObject({ ok: true, backend: 'sampan', contextLength })
      const total = ledger?.total ?? 0
      expect(Math.abs((before.gpuBytes ?? 0) - total) / total, `${before.gpuBytes} for ${total}`).toBeLessThan(0.02)
      expect(before.reasons.map(({ code }) => code)).toEqual(
        local ? ['software-adapter'] : ['software-adapter', 'download-needed'],
      )
      if (local) return
      expect(before.cachedBytes).toBe(0)
      expect(before.downloadBytes).toBeGreaterThan(0)
      // From the store alone.
      expect(server.requests.length).toBe(requests)
      expect(after).toMatchObject({ ok: true, downloadBytes: 0, gpuBytes: before.gpuBytes, contextLength })
      expect(after.cachedBytes).toBeGreaterThan(0)
      expect(after.reasons.map(({ code }) => code)).toEqual(['software-adapter'])
    },
    60_000,
  )

  it('knows that there are other bits, and where a page has ended', async () => {
    const source = `${server.url}/folder`
    const verdicts = await test.page.evaluate(async (source) => {
      const { canRun }: typeof import('./can-run.ts') = Object(globalThis)
      const bits8 = await canRun(source, { backend: 'sampan', bits: 8 })
      const crash = { key: source, name: 'folder', bytes: 1, at: Date.now(), times: 1 }
      localStorage.setItem('sampan.crashes', JSON.stringify([crash]))
      const crashed = await canRun(source, { backend: 'sampan' })
      localStorage.clear()
      return { bits8, crashed }
    }, source)
    expect(verdicts.bits8.reasons.map(({ code }) => code)).toContain('other-bits-cached')
    expect(verdicts.crashed).toMatchObject({
      ok: false,
      backend: 'sampan',
      reasons: [{ code: 'crashed-last-time' }, {}],
    })
  })

  it('and a load know that the page has ended while the model was loaded, until it has run', async () => {
    const context = await test.page.context().browser()?.newContext()
    const open = async (): Promise<Page> => {
      const page = await context?.newPage()
      if (!page) throw new Error('a page without a browser')
      await page.goto(test.page.url())
      for (const path of ['/src/index.ts', '/src/can-run/can-run.ts'])
        await page.evaluate(`import('${path}').then((module) => void Object.assign(globalThis, module))`)
      return page
    }
    const source = `${server.url}/tiny.gguf`
    const dying = await open()
    const load = (page: Page, afterCrash: 'refuse' | 'load'): Promise<unknown> =>
      page.evaluate(
        async ({ source, afterCrash }) => {
          const { load }: typeof import('../index.ts') = Object(globalThis)
          try {
            Object.assign(globalThis, {
              model: await load(source, { backend: 'sampan', download: 'allow', afterCrash }),
            })
            return undefined
          } catch (error) {
            return Object(error).code
          }
        },
        { source, afterCrash },
      )
    const ask = (page: Page): Promise<Verdict> =>
      page.evaluate((source) => {
        const { canRun }: typeof import('./can-run.ts') = Object(globalThis)
        return canRun(source, { backend: 'sampan' })
      }, source)
    expect(await load(dying, 'refuse')).toBeUndefined()
    const crashed = dying.waitForEvent('crash')
    dying.goto('chrome://crash').catch(() => {})
    await crashed

    const back = await open()
    const verdict = await ask(back)
    expect(verdict).toMatchObject({ ok: false, downloadBytes: 0, reasons: [{ code: 'crashed-last-time' }, {}] })
    expect(await load(back, 'refuse')).toBe('crashed-last-time')
    expect(await load(back, 'load')).toBeUndefined()
    await back.evaluate(async () => {
      const { model }: { model: import('../index.ts').Model } = Object(globalThis)
      await model.chat.completions.create({ messages: [{ role: 'user', content: 'abc' }], max_tokens: 1 })
      await model.dispose()
    })
    expect(await ask(back)).toMatchObject({ ok: true })
    await context?.close()
  }, 60_000)
})
