import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StoreLab } from '../test-support/store-lab.ts'
import { attemptInWorker, inPage, inWorker, openStorePage } from '../test-support/store-page.ts'
import type { TestPage } from '../test-support/test-page.ts'

// `cache` as an app has it, over what Workers have stored.
let test: TestPage

const sizes = [4_000, 90_000, 16]

beforeAll(async () => {
  test = await openStorePage()
  await inWorker(
    test.page,
    async (lab, sizes) => {
      const store = await lab.openStore()
      for (const name of ['org/one', 'org/two']) await lab.storeMadeUp(store, await lab.madeUpModel(name, sizes))
      await lab.storeMadeUp(store, await lab.madeUpModel('org/two', sizes, { ...lab.planes, bits: 8 }))
      const cut = (part: number): void => {
        if (part === 2) throw new Error('cut')
      }
      await lab.storeMadeUp(store, await lab.madeUpModel('org/three', sizes), { before: cut }).catch(() => {})
    },
    sizes,
  )
}, 60_000)
afterAll(() => test?.close())

it('tells what is there and what it takes', async () => {
  const { list, usage } = await inPage(
    test.page,
    async (lab) => {
      const cache = lab.makeCache({ import: () => Promise.reject() })
      return { list: await cache.list(), usage: await cache.usage() }
    },
    null,
  )
  expect(list.map(({ name, state, downloaded }) => [name, state, downloaded])).toEqual([
    ['org/one', 'complete', undefined],
    ['org/three', 'partial', 94_000],
    ['org/two', 'complete', undefined],
    ['org/two', 'complete', undefined],
  ])
  const [one, three] = list
  expect(one?.bytes).toBeGreaterThan(94_016)
  expect(usage).toMatchObject({ kind: 'opfs', persisted: false, partial: three?.bytes })
  expect(usage.partial).toBe(94_000)
  expect(usage.used).toBe(list.reduce((sum, { bytes }) => sum + bytes, 0))
  expect((usage.quota ?? 0) - (usage.free ?? 0)).toBeGreaterThanOrEqual(0)
  expect(usage.reason).toBeUndefined()
})

it('gives a model out as a file, which another place takes in by a Worker', async () => {
  const seen = await inPage(
    test.page,
    async (lab) => {
      const cache = lab.makeCache({ import: () => Promise.reject() })
      const [one] = await cache.list()
      const file = await cache.export(one?.id ?? '')
      Object.assign(globalThis, { file })
      const missing = await cache.export('0'.repeat(40)).catch(({ code }) => code)
      const begun = (await cache.list()).find(({ state }) => state === 'partial')
      const partial = await cache.export(begun?.id ?? '').catch(({ code, message }) => [code, message])
      return { name: file.name, size: file.size, bytes: one?.bytes, missing, partial }
    },
    null,
  )
  expect(seen).toMatchObject({ name: 'org-one.sampan', size: seen.bytes, missing: 'model-not-cached' })
  expect(seen.partial).toEqual(['model-not-cached', expect.stringContaining('Of org/three only a part')])
  const work = async (lab: StoreLab, { file, sizes }: { file: File; sizes: number[] }): Promise<unknown> => {
    const other = await lab.openStore({ root: 'elsewhere' })
    const { name, state } = await lab.importModel(other, file, new AbortController().signal)
    return { name, state, faults: await lab.faultsOf(other, await lab.madeUpModel('org/one', sizes)) }
  }
  // The file is the page's.
  const argument = `{ file, sizes: ${JSON.stringify(sizes)} }`
  const imported = await test.page.evaluate(`startWork(${JSON.stringify(String(work))}, ${argument}).done`)
  expect(imported).toMatchObject({ result: { name: 'org/one', state: 'complete', faults: [] } })
})

it('deletes by id and by source, but for what is in use', async () => {
  const seen = await inPage(
    test.page,
    async (lab) => {
      const cache = lab.makeCache({ import: () => Promise.reject() })
      const names = async (): Promise<string[]> => (await cache.list()).map(({ name }) => name)
      const steps: unknown[] = [await cache.delete('nobody/nothing'), await cache.delete('org/two'), await names()]
      const [one] = await cache.list()
      const release = await lab.useModel(one?.id ?? '')
      steps.push(await cache.clear().catch(({ code }) => code), await names())
      release()
      steps.push(await cache.delete(one?.id ?? ''), await names(), (await cache.usage()).used)
      await cache.clear()
      return steps
    },
    null,
  )
  expect(seen).toEqual([false, true, ['org/one', 'org/three'], 'model-in-use', ['org/one'], true, [], 0])
})

it('asks the browser to keep what is there, and hands files to the Worker', async () => {
  const seen = await inPage(
    test.page,
    async (lab) => {
      const files: unknown[] = []
      const model = {
        id: 'x',
        name: 'y',
        keys: [],
        form: { kind: 'source' },
        state: 'complete',
        bytes: 1,
        changed: '',
      } as const
      const cache = lab.makeCache({
        import: async (file, options) => {
          files.push(file.size, options)
          return model
        },
      })
      return { persisted: await cache.persist(), model: await cache.import(new Blob(['abc'])), files }
    },
    null,
  )
  expect(typeof seen.persisted).toBe('boolean')
  expect(seen).toMatchObject({ model: { id: 'x' }, files: [3, {}] })
})

it('an import that is not one leaves nothing', async () => {
  const { error } = await attemptInWorker(
    test.page,
    async (lab) =>
      lab.importModel(await lab.openStore(), new Blob(['<!doctype html><p>login</p>']), new AbortController().signal),
    null,
  )
  expect(error).toMatchObject({ code: 'file-truncated' })
  expect(await inPage(test.page, async (lab) => (await lab.openStore()).list(), null)).toEqual([])
})
