import { afterAll, beforeAll, expect, it } from 'vitest'
import { inPage, inWorker, openStorePage, openTwoTabs } from '../test-support/store-page.ts'
import type { TestPage } from '../test-support/test-page.ts'

// Browsers that take something away, as private windows do.
let test: TestPage

beforeAll(async () => {
  test = await openStorePage()
}, 60_000)
afterAll(() => test?.close())

const refused = "StorageManager.prototype.getDirectory = async () => { throw new DOMException('no', 'SecurityError') };"
const noCaches = 'delete globalThis.caches; Object.defineProperty(globalThis, "caches", { value: undefined });'
const noLocks = 'Object.defineProperty(navigator, "locks", { value: undefined }); delete globalThis.BroadcastChannel;'
const insecure = 'Object.defineProperty(globalThis, "isSecureContext", { value: false });'
const noDatabase = 'Object.defineProperty(globalThis, "indexedDB", { value: undefined });'
// Longer than a piece.
const sizes = [70_001, 17 << 20, 5]

it('Cache Storage keeps models where the file system is refused', async () => {
  const [page] = await openTwoTabs(test, refused)
  const seen = await inWorker(
    page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('cached', sizes)
      const { id } = model.plan
      await lab.storeMadeUp(store, model, { every: 2 })
      const { index } = await store.open(id)
      const [piece] = index.tensors?.[0]?.runs ?? []
      if (!piece) throw new Error('no piece')
      await store.repair(id, piece, lab.partBytes(model, 1))
      return { kind: store.kind, reason: store.reason, faults: await lab.faultsOf(store, model) }
    },
    sizes,
  )
  expect(seen).toMatchObject({ kind: 'cache-storage', faults: [] })
  expect(seen?.reason).toMatch(
    /refuses its file system to this page, as browsers do in private windows \(SecurityError\)/,
  )
  const left = await inPage(
    page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('cached', sizes)
      const [found] = await store.list()
      const faults = await lab.faultsOf(store, model)
      await store.delete(model.plan.id)
      return { state: found?.state, faults, list: await store.list(), caches: await caches.keys() }
    },
    sizes,
  )
  expect(left).toEqual({ state: 'complete', faults: [], list: [], caches: [] })
  await page.context().close()
}, 60_000)

it.each([
  ['a browser that refuses both', refused + noCaches, /refuses its file system.* no Cache Storage either/],
  ['a page that is not secure', insecure + noLocks, /not served over https/],
])(
  'memory is what is left: %s',
  async (_, without, reason) => {
    const [page] = await openTwoTabs(test, without)
    const seen = await inWorker(
      page,
      async (lab) => {
        const store = await lab.openStore()
        const model = await lab.madeUpModel('kept', [100, 2_000, 30])
        const release = await lab.lockModel(model.plan.id)
        const stop = lab.watchProgress(model.plan.id, () => {})
        lab.announceProgress(model.plan.id, { downloaded: 1, total: 2 })
        await lab.storeMadeUp(await lab.openStore(), model)
        stop()
        release()
        const faults = await lab.faultsOf(store, model)
        const list = await store.list()
        await store.delete(model.plan.id)
        return { kind: store.kind, reason: store.reason, faults, list: list.length, left: await store.list() }
      },
      null,
    )
    expect(seen).toMatchObject({ kind: 'memory', faults: [], list: 1, left: [] })
    expect(seen?.reason).toMatch(reason)
    await page.context().close()
  },
  60_000,
)

it('a browser without a database has no manifest, and all else', async () => {
  const [page] = await openTwoTabs(test, noDatabase)
  const seen = await inWorker(
    page,
    async (lab) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('unlisted', [100, 2_000])
      await lab.storeMadeUp(store, model)
      const found = await store.find(model.plan.key, lab.planes)
      return { kind: store.kind, name: found?.name, list: (await store.list()).length }
    },
    null,
  )
  expect(seen).toEqual({ kind: 'opfs', name: 'unlisted', list: 1 })
  await page.context().close()
}, 60_000)
