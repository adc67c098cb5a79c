import { afterAll, beforeAll, expect, it } from 'vitest'
import { attemptInWorker, inPage, inWorker, openStorePage } from '../test-support/store-page.ts'
import type { TestPage } from '../test-support/test-page.ts'

// The store in the origin private file system of a real browser, written by sync access handles in Workers.
let test: TestPage

beforeAll(async () => {
  test = await openStorePage()
}, 60_000)
afterAll(() => test?.close())

const sizes = [5_000, 70_001, 200_000, 16]

it('a model that was stored by a Worker is found, listed and opened by the page', async () => {
  await inWorker(
    test.page,
    async (lab, sizes) => lab.storeMadeUp(await lab.openStore(), await lab.madeUpModel('one', sizes)),
    sizes,
  )
  const seen = await inPage(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('one', sizes)
      const found = await store.find(model.plan.key, lab.planes)
      const list = await store.list()
      return { kind: store.kind, found, list, faults: await lab.faultsOf(store, model), id: model.plan.id }
    },
    sizes,
  )
  expect(seen.kind).toBe('opfs')
  expect(seen.found).toMatchObject({ id: seen.id, name: 'one', state: 'complete', keys: ['hub.example/one'] })
  expect(seen.list).toEqual([seen.found])
  expect(seen.faults).toEqual([])
})

it('what is stored stays readable in other Workers, and is gone for all when it is deleted', async () => {
  const faults = await inWorker(
    test.page,
    async (lab, sizes) => lab.faultsOf(await lab.openStore(), await lab.madeUpModel('one', sizes)),
    sizes,
  )
  expect(faults).toEqual([])
  const left = await inPage(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const { plan } = await lab.madeUpModel('one', sizes)
      await store.delete(plan.id)
      return { list: await store.list(), found: await store.find(plan.key, plan.form) }
    },
    sizes,
  )
  expect(left).toEqual({ list: [] })
  const { error } = await attemptInWorker(
    test.page,
    async (lab, sizes) => (await lab.openStore()).open((await lab.madeUpModel('one', sizes)).plan.id),
    sizes,
  )
  expect(error).toMatchObject({ code: 'model-not-cached' })
})

it('the manifest is only a memory: deleted, damaged or out of date, it is made again', async () => {
  await inWorker(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      for (const name of ['one', 'two']) await lab.storeMadeUp(store, await lab.madeUpModel(name, sizes))
      await store.findId((await lab.madeUpModel('one', sizes)).plan.id, 'mirror/one')
    },
    sizes,
  )
  const seen = await inPage(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const [one, two] = [await lab.madeUpModel('one', sizes), await lab.madeUpModel('two', sizes)]
      const look = async (): Promise<readonly (string | undefined)[]> => {
        const names = (await store.list()).map(({ name }) => name)
        return [
          ...names,
          (await store.find('mirror/one', lab.planes))?.name,
          (await store.find(two.plan.key, lab.planes))?.name,
        ]
      }
      const manifest = lab.createStore('sampan', 'manifest')
      const before = await lab.get<{ models: { model: { bytes: number; keys: string[] } }[] }>('models:opfs', manifest)
      const sorted = async (): Promise<string> => {
        const { models = [] } = (await lab.get<typeof before>('models:opfs', manifest)) ?? {}
        return JSON.stringify(models.map((model) => JSON.stringify(model)).sort())
      }
      const known = await sorted()
      const views = [await look()]
      const damaged: unknown[] = [
        undefined,
        7,
        { version: 9 },
        { version: 1, models: [{ model: null }] },
        { version: 1 },
      ]
      const lies = structuredClone(before)
      for (const { model } of lies?.models ?? []) Object.assign(model, { bytes: 5, keys: ['lie'] })
      for (const value of [...damaged, { version: 1, models: [] }, lies]) {
        await lab.set('models:opfs', value, manifest)
        views.push(await look())
        views.push([(await sorted()) === known ? 'right' : 'wrong'])
      }
      const models = await (
        await (await navigator.storage.getDirectory()).getDirectoryHandle('sampan')
      ).getDirectoryHandle('models')
      await models.removeEntry(one.plan.id, { recursive: true })
      await models.getDirectoryHandle('0'.repeat(40), { create: true })
      await models.getDirectoryHandle('of somebody else', { create: true })
      views.push(await look())
      await store.delete(two.plan.id)
      return { views, left: await store.list() }
    },
    sizes,
  )
  const all = ['one', 'two', 'one', 'two']
  expect(seen.views).toEqual([
    all,
    ...Array.from({ length: 7 }, () => [all, ['right']]).flat(),
    ['two', undefined, 'two'],
  ])
  expect(seen.left).toEqual([])
})

it('a model that somebody reads or writes cannot be deleted', async () => {
  const seen = await inWorker(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('used', sizes)
      await lab.storeMadeUp(store, model)
      const codes: unknown[] = []
      const remove = (): Promise<unknown> =>
        store.delete(model.plan.id).then(
          () => codes.push('deleted'),
          ({ code }) => codes.push(code),
        )
      const releases = [await lab.useModel(model.plan.id), await lab.useModel(model.plan.id)]
      await remove()
      releases[0]?.()
      await remove()
      releases[1]?.()
      const lock = await lab.lockModel(model.plan.id, new AbortController().signal)
      await remove()
      const waiting = lab
        .lockModel(model.plan.id, AbortSignal.abort(new Error('no time')))
        .catch(({ message }) => message)
      codes.push(await waiting)
      const signal = AbortSignal.timeout(20)
      codes.push(await lab.lockModel(model.plan.id, signal).catch(({ name }) => name))
      lock()
      lock()
      ;(await lab.lockModel(model.plan.id))()
      await remove()
      return codes
    },
    sizes,
  )
  expect(seen).toEqual(['model-in-use', 'model-in-use', 'model-in-use', 'no time', 'TimeoutError', 'deleted'])
})

it('a damaged piece is written over in place', async () => {
  const seen = await inWorker(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('mended', sizes)
      const { id } = model.plan
      await lab.storeMadeUp(store, model)
      const { index } = await store.open(id)
      const piece = index.tensors?.[0]?.runs[1]
      if (!piece) throw new Error('no piece')
      await lab.damage(id, piece.offset + 3)
      const faults = [await lab.faultsOf(store, model)]
      await store.repair(id, piece, lab.partBytes(model, 2))
      faults.push(await lab.faultsOf(store, model))
      await store.delete(id)
      return faults
    },
    sizes,
  )
  expect(seen).toEqual([['part 2'], []])
})

it('any byte of a stored index that changes makes the model a partial one, and no more', async () => {
  const seen = await inWorker(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('flipped', sizes)
      const { id, key } = model.plan
      const states: unknown[] = []
      for (const back of [1, 9, 17, 21, 25, 31, 33, 200]) {
        await lab.storeMadeUp(store, model)
        const [{ bytes } = { bytes: 0 }] = await store.list()
        await lab.damage(id, bytes - back)
        const [listed] = await store.list()
        states.push([listed?.state, listed?.name, (await store.find(key, lab.planes)) ?? null])
      }
      await store.delete(id)
      return states
    },
    sizes,
  )
  expect(seen).toEqual(Array.from({ length: 8 }, () => ['partial', 'flipped', null]))
})

it('a page lists, finds and deletes, and leaves writing to Workers', async () => {
  const seen = await inPage(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      const model = await lab.madeUpModel('page', sizes)
      const written = await store.write(model.plan).then(
        () => 'written',
        ({ message }) => message,
      )
      await store.delete(model.plan.id)
      return { written, list: await store.list() }
    },
    sizes,
  )
  expect(seen).toEqual({ written: 'models are written in Workers', list: [] })
})
