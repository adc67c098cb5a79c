import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { askModel } from '../test-support/ask-model.ts'
import { loadLive } from '../test-support/live-model.ts'
import { serveModels } from '../test-support/serve-models.ts'
import { openTab, type Tab } from '../test-support/tab.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import type { TestServer } from '../test-support/test-server.ts'

// A tab that the user leaves and comes back to, in each of the ways that a browser has for it.
vi.setConfig({ testTimeout: 120_000 })

/** Makes `sing()`, which keeps what has come as `text` and the longest wait for more as `gap`, and resolves with the whole, of `n` songs. */
const singer = `
  globalThis.sing = async (n = 1) => {
    Object.assign(globalThis, { text: '', gap: 0, ticks: 0 })
    const messages = [{ role: 'user', content: 'Sing' }]
    let last = performance.now()
    for await (const { choices } of await model.chat.completions.create({ messages, max_tokens: 480, temperature: 0, n, stream: true })) {
      text += choices[0]?.delta.content ?? ''
      gap = Math.max(gap, performance.now() - last)
      last = performance.now()
    }
    return text
  }`

let test: TestPage
let server: TestServer
let whole: unknown

beforeAll(async () => {
  test = await openTestPage({ workerPrelude: '', background: true })
  server = await serveModels()
}, 180_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})

describe('a tab in the background', () => {
  let tab: Tab
  let other: Tab

  beforeAll(async () => {
    const browser = test.page.context().browser()
    if (!browser) throw new Error('the browser is gone')
    tab = await openTab(browser, test.page.url())
    await tab.evaluate(`(async () => {
      globalThis.core = await import('/src/index.ts')
      globalThis.model = await core.load('${server.url}/tiny.gguf', { backend: 'sampan', download: 'allow' })
    })()`)
    await tab.evaluate(singer)
    whole = await tab.evaluate('sing()')
    other = await openTab(browser, 'about:blank')
  }, 120_000)

  const becomes = (state: string): Promise<void> =>
    expect.poll(() => tab.evaluate('document.visibilityState'), { timeout: 10_000 }).toBe(state)

  it('goes on answering while it is hidden, in as many pieces', async () => {
    await other.toFront()
    await becomes('hidden')
    expect(await tab.evaluate('sing()')).toBe(whole)
    console.info(`longest wait for a piece in a hidden tab: ${await tab.evaluate('Math.round(gap)')} ms`)
    await tab.toFront()
    await becomes('visible')
  })

  it('pauses when it is frozen, and goes on when it is thawed', async () => {
    await other.toFront()
    await becomes('hidden')
    // Long enough not to be over before the tab is frozen.
    await tab.evaluate('void (globalThis.singing = sing(6))')
    await expect.poll(() => tab.evaluate('text.length')).toBeGreaterThan(20)
    await tab.setFrozen(true)
    const before = await tab.evaluate('text.length')
    await new Promise((resolve) => setTimeout(resolve, 500))
    const after = await tab.evaluate('text.length')
    await tab.setFrozen(false)
    await tab.toFront()
    const songs = String(whole).repeat(6)
    expect(await tab.evaluate('singing')).toBe(songs)
    expect(after).toBe(before)
    expect(Number(before)).toBeLessThan(songs.length)
    expect(await tab.evaluate('sing()')).toBe(whole)
  })
})

describe('a page that is left and gone back to', () => {
  // While it answers, Chromium mostly ends a page that is left, whatever the page does.
  it('is kept, with its model, where it was not answering, though garbage is collected meanwhile', async () => {
    const session = await test.page.context().newCDPSession(test.page)
    await loadLive(test.page, `${server.url}/tiny.gguf`)
    expect(await askModel(test.page, {})).toMatchObject({ text: 'Hello from a very small boat.' })
    await test.page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }), { once: true }),
    )
    await test.page.goto(`${new URL(test.page.url()).origin}/test-page/other`)
    // A callback of a FinalizationRegistry that would run now ends the page.
    await session.send('HeapProfiler.collectGarbage')
    await test.page.goBack({ waitUntil: 'commit' })
    await expect.poll(() => test.page.evaluate("globalThis.persisted ?? 'reloaded'")).toBe(true)
    expect(await askModel(test.page, {})).toMatchObject({ text: 'Hello from a very small boat.' })
    expect(await test.page.evaluate('events')).toEqual([])
  })
})
