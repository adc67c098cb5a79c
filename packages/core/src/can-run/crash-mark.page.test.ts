import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'

type Marks = typeof import('./crash-mark.ts')

vi.setConfig({ testTimeout: 30_000 })

let test: TestPage
/** The tab that looks. */
let here: Page

beforeAll(async () => {
  test = await openTestPage({ webgpu: false })
  const browser = test.page.context().browser()
  if (!browser) throw new Error('a page without a browser')
  here = await (await browser.newContext()).newPage()
  await here.goto(test.page.url())
}, 120_000)
afterAll(() => test?.close())
beforeEach(() => here.evaluate(() => localStorage.clear()))

/** Another tab of the same browser. */
async function openTab(): Promise<Page> {
  const page = await here.context().newPage()
  await page.goto(test.page.url())
  return page
}

function use<T>(page: Page, work: string): Promise<T> {
  return page.evaluate(`import('/src/can-run/crash-mark.ts').then(async (marks) => { ${work} })`)
}

const load = (key: string, bytes: number): string =>
  `globalThis.marks ??= {}; globalThis.marks['${key}'] = await marks.markLoading('${key}', ${bytes}, 'the name')`
const find = (page: Page, key?: string): Promise<Awaited<ReturnType<Marks['findMark']>>> =>
  use(page, `return marks.findMark(${key === undefined ? '' : `'${key}'`})`)

/** As a phone ends a page that takes too much memory. */
async function kill(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  page.goto('chrome://crash').catch(() => {})
  await crashed
  await page.close()
}

it('tells of a page that was killed while it loaded, until the model has run', async () => {
  const dying = await openTab()
  await use(dying, load('a', 1000))
  await expect.poll(() => here.evaluate(() => Object.keys(localStorage).length)).toBe(1)
  expect(await find(here), 'it lives').toBeUndefined()
  await kill(dying)
  expect(await find(here)).toMatchObject({ key: 'a', name: 'the name', bytes: 1000, times: 1 })
  expect(await find(here, 'a'), 'also when asked again').toMatchObject({ times: 1 })
  expect(await find(here, 'b')).toBeUndefined()

  const again = await openTab()
  await use(again, load('a', 1000))
  await kill(again)
  expect(await find(here)).toMatchObject({ times: 2 })

  await use(here, `${load('a', 1000)}; globalThis.marks.a.ran()`)
  expect(await find(here)).toBeUndefined()
})

it('is not told of a page that was reloaded, left or closed while it loaded', async () => {
  for (const leave of [
    (page: Page) => page.reload(),
    (page: Page) => page.goto('about:blank'),
    (page: Page) => page.close({ runBeforeUnload: true }).then(() => page.waitForEvent('close')),
  ]) {
    const page = await openTab()
    await use(page, load('a', 1000))
    await expect.poll(() => here.evaluate(() => Object.keys(localStorage).length)).toBe(1)
    await leave(page)
    expect(await find(here)).toBeUndefined()
    expect(await here.evaluate(() => Object.keys(localStorage))).toEqual([])
    if (!page.isClosed()) await page.close()
  }
})

it('is not told of a page that was hidden when it was killed, and is when it was shown again', async () => {
  const hide = (page: Page, state: 'hidden' | 'visible'): Promise<void> =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  for (const shown of [false, true]) {
    const page = await openTab()
    await use(page, load('a', 1000))
    await hide(page, 'hidden')
    if (shown) await hide(page, 'visible')
    await kill(page)
    const back = await openTab()
    expect((await find(back))?.key).toBe(shown ? 'a' : undefined)
    await back.close()
  }
})

it('knows which of two tabs was killed, and which of two loads had ended', async () => {
  const [dying, living] = [await openTab(), await openTab()]
  await use(living, load('a', 1000))
  await use(dying, `${load('b', 2000)}; ${load('c', 3000)}; globalThis.marks.c.ended(); globalThis.marks.c.ended()`)
  await kill(dying)
  // Both look at once, and one may be told a moment later what the other has found.
  const look = async (page: Page): Promise<unknown> => {
    const { key, times } = (await find(page)) ?? {}
    return [key, times]
  }
  await Promise.all([here, living].map((page) => expect.poll(() => look(page)).toEqual(['b', 1])))
  expect(await find(here, 'a')).toBeUndefined()

  // What ran is no smaller than what had crashed.
  await use(living, `${load('d', 1999)}; globalThis.marks.d.ran()`)
  expect(await find(here, 'b')).toBeDefined()
  await use(living, `${load('d', 2000)}; globalThis.marks.d.ran()`)
  await expect.poll(() => find(here, 'b')).toBeUndefined()
  // Of an unknown size nothing follows for others.
  await here.evaluate(
    (text) => localStorage.setItem('sampan.crashes', text),
    JSON.stringify([{ key: 'e', name: 'e', bytes: 0, at: Date.now(), times: 1 }]),
  )
  await use(here, `${load('f', 0)}; globalThis.marks.f.ran()`)
  expect(await find(here, 'e')).toBeDefined()
  await living.close()
})

it('says nothing of another processor', async () => {
  const dying = await openTab()
  await use(dying, "await marks.markLoading('a', 1000, 'a', 'gpu'); await marks.markLoading('b', 10, 'b', 'cpu')")
  await kill(dying)
  await expect.poll(() => use(here, "return marks.findMark('a').then(Boolean)")).toBe(true)
  const found = (): Promise<unknown> =>
    use(
      here,
      `const pairs = ['gpu', 'cpu'].flatMap((on) => ['a', 'b'].map((key) => [key, on]))
      return Promise.all(pairs.map(async (pair) => Boolean(await marks.findMark(...pair))))`,
    )
  expect(await found()).toEqual([true, false, false, true])
  // What runs on the CPU, and takes more, does not on the GPU for that.
  await use(here, "(await marks.markLoading('a', 2000, 'a', 'cpu')).ran()")
  expect(await found()).toEqual([true, false, false, false])
  await use(here, "marks.forgetCrash('a', 'cpu')")
  expect(await found()).toEqual([true, false, false, false])
  await use(here, "marks.forgetCrash('a')")
  expect(await found()).toEqual([false, false, false, false])
})

it('is forgotten when the visitor wants to try again, and after a week', async () => {
  const crash = { key: 'a', name: 'a', processor: 'gpu', bytes: 1, at: Date.now(), times: 1 }
  const put = (crashes: unknown): Promise<void> =>
    here.evaluate((text) => localStorage.setItem('sampan.crashes', text), JSON.stringify(crashes))
  await put([crash])
  expect(await find(here)).toEqual(crash)
  await use(here, "marks.forgetCrash('a')")
  expect(await find(here)).toBeUndefined()
  for (const days of [-8, 8]) {
    await put([{ ...crash, at: Date.now() + days * 86_400_000 }])
    expect(await find(here)).toBeUndefined()
  }
})

it('takes nothing for a crash that is none, and does not fail where nothing can be kept', async () => {
  for (const text of ['{', '{}', '[null, 1, {}]', '[{"key":1}]', `"${'x'.repeat(100_000)}"`]) {
    await here.evaluate((text) => {
      localStorage.setItem('sampan.crashes', text)
      localStorage.setItem('sampan.loading.made-up', text)
    }, text)
    expect(await find(here)).toBeUndefined()
  }
  const without: readonly string[] = [
    "Object.defineProperty(globalThis, 'localStorage', { get: () => { throw new DOMException('no', 'SecurityError') } })",
    // As where a page is not secure.
    "Object.defineProperty(navigator, 'locks', { value: undefined }); delete Crypto.prototype.randomUUID",
  ]
  for (const missing of without) {
    const page = await openTab()
    const kept = await use(
      page,
      `${missing}
      const mark = await marks.markLoading('a', 1)
      mark.ran()
      marks.forgetCrash('a')
      return (await marks.findCrashes()).length`,
    )
    expect(kept).toBe(0)
    await page.close()
  }
})
