import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { attemptInWorker, inPage, inWorker, openStorePage, openTwoTabs } from '../test-support/store-page.ts'
import type { TestPage } from '../test-support/test-page.ts'

// Two tabs of one site, and a site that may take little.
let test: TestPage

beforeAll(async () => {
  test = await openStorePage()
}, 60_000)
afterAll(() => test?.close())

const sizes = Array.from({ length: 12 }, (_, i) => 20_000 + 1_111 * i)

/** What each tab runs: it writes what the other has not, and does not end before it is told to if it is to be killed. */
const download = `async (lab, { sizes, stopAt }) => {
  const model = await lab.madeUpModel('shared', sizes)
  const { id, total } = model.plan
  const progress = []
  const stop = lab.watchProgress(id, ({ downloaded, total }) => { progress.push(downloaded); lab.tell({ heard: downloaded, total }) })
  lab.tell('waiting')
  const release = await lab.lockModel(id, new AbortController().signal)
  stop()
  const store = await lab.openStore()
  let wrote = 0, from
  if (!(await store.findId(id))) from = await lab.storeMadeUp(store, model, { before: async (part) => {
    wrote++
    lab.announceProgress(id, { downloaded: part, total })
    lab.tell({ part })
    if (part === stopAt) await new Promise(() => {})
  } })
  release()
  return { progress, wrote, from, faults: await lab.faultsOf(store, model) }
}`

const start = (page: Page, stopAt: number | null): Promise<void> =>
  page.evaluate(`void (globalThis.task = startWork(${JSON.stringify(download)}, ${JSON.stringify({ sizes, stopAt })}))`)
const told = (page: Page): Promise<unknown[]> => page.evaluate('task.told')

it('the second tab hears how the first gets on, and goes on from its journal when it dies', async () => {
  const [one, two] = await openTwoTabs(test)
  await start(one, 7)
  await expect.poll(() => told(one)).toContainEqual({ part: 0 })
  await start(two, null)
  await expect.poll(() => told(two)).toContainEqual('waiting')
  await expect.poll(() => told(one)).toContainEqual({ part: 7 })
  await inPage(
    one,
    async (lab, sizes) =>
      lab.announceProgress((await lab.madeUpModel('shared', sizes)).plan.id, { downloaded: 77, total: 100 }),
    sizes,
  )
  await expect.poll(() => told(two)).toContainEqual({ heard: 77, total: 100 })
  await one.close()
  const { result } = await two.evaluate<{ result: { from: number; wrote: number; faults: string[] } }>('task.done')
  expect(result).toMatchObject({ from: 7, wrote: 5, faults: [] })
  await two.context().close()
}, 60_000)

it('two tabs at once download once, and both read', async () => {
  const [one, two] = await openTwoTabs(test)
  await Promise.all([start(one, null), start(two, null)])
  const results = await Promise.all(
    [one, two].map((page) => page.evaluate<{ result: { wrote: number; faults: string[] } }>('task.done')),
  )
  expect(results.map(({ result }) => result.wrote).sort((a, b) => a - b)).toEqual([0, 12])
  expect(results.map(({ result }) => result.faults)).toEqual([[], []])
  await one.context().close()
}, 60_000)

it('where there is no room, nothing is begun, and what was journalled stays', async () => {
  const [page] = await openTwoTabs(test)
  const session = await page.context().newCDPSession(page)
  const limit = (quotaSize?: number): Promise<unknown> =>
    session.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(page.url()).origin,
      ...(quotaSize !== undefined && { quotaSize }),
    })
  const small = Array.from({ length: 5 }, () => 300_000)
  await inWorker(
    page,
    async (lab, small) => lab.storeMadeUp(await lab.openStore(), await lab.madeUpModel('there', small)),
    small,
  )
  const names = (): Promise<string[]> =>
    inPage(page, async (lab) => (await (await lab.openStore()).list()).map(({ name, state }) => `${name} ${state}`), 0)
  await limit(8_000_000)
  const large = Array.from({ length: 10 }, () => 1_000_000)
  const refused = await attemptInWorker(
    page,
    async (lab, large) => lab.storeMadeUp(await lab.openStore(), await lab.madeUpModel('large', large)),
    large,
  )
  expect(refused.error).toMatchObject({ code: 'quota-exceeded' })
  expect(refused.error?.message).toMatch(/no room for another 14 MB: .* Models take 1\.5 MB/)
  expect(refused.error?.details).toMatchObject({ needed: expect.any(Number), deletable: [{ name: 'there' }] })
  expect(await names()).toEqual(['there complete'])

  // More comes than was planned.
  const cut = await attemptInWorker(
    page,
    async (lab, large) => {
      const model = await lab.madeUpModel('large', large)
      await lab.storeMadeUp(await lab.openStore(), { ...model, plan: { ...model.plan, bytes: 1_000 } })
    },
    large,
  )
  expect(cut.error).toMatchObject({ code: 'quota-exceeded' })
  expect(cut.error?.message).toMatch(/share or the disk is full\. Models take/)
  expect(await names()).toEqual(['large partial', 'there complete'])
  const partial = await inPage(page, async (lab) => (await (await lab.openStore()).list())[0], 0)
  expect(partial?.downloaded).toBeGreaterThanOrEqual(3_000_000)
  expect(partial?.bytes).toBe(partial?.downloaded)
  await limit(100_000_000)
  const from = await inWorker(
    page,
    async (lab, large) => {
      const [store, model] = [await lab.openStore(), await lab.madeUpModel('large', large)]
      return { from: await lab.storeMadeUp(store, model), faults: await lab.faultsOf(store, model) }
    },
    large,
  )
  expect(from).toEqual({ from: (partial?.downloaded ?? 0) / 1_000_000, faults: [] })
  await page.context().close()
}, 60_000)
