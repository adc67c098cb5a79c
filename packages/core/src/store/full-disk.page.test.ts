import { afterAll, beforeAll, expect, it } from 'vitest'
import { inPage, inWorker, openStorePage, openTwoTabs } from '../test-support/store-page.ts'
import type { TestPage } from '../test-support/test-page.ts'

let test: TestPage

beforeAll(async () => {
  test = await openStorePage()
}, 60_000)
afterAll(() => test?.close())

it('a full disk hides nothing: models are found, and deleted to make room', async () => {
  const [page, other] = await openTwoTabs(test)
  const sizes = [70_001, 3 << 20]
  await inWorker(
    page,
    async (lab, sizes) => lab.storeMadeUp(await lab.openStore(), await lab.madeUpModel('there', sizes)),
    sizes,
  )
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 1 << 20 })
  const read = await inWorker(
    page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('there', sizes)
      const found = await store.find(model.plan.key, lab.planes)
      return { kind: store.kind, found: found?.name, faults: await lab.faultsOf(store, model) }
    },
    sizes,
  )
  expect(read).toEqual({ kind: 'opfs', found: 'there', faults: [] })
  const left = await inPage(
    other,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const { plan } = await lab.madeUpModel('there', sizes)
      await store.delete(plan.id)
      return { kind: store.kind, list: await store.list() }
    },
    sizes,
  )
  expect(left).toEqual({ kind: 'opfs', list: [] })
  await page.context().close()
}, 60_000)
