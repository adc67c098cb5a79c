import { afterEach, expect, it, vi } from 'vitest'
import { madeUpModel } from '../test-support/store-models.ts'
import { AreaStore } from './area-store.ts'
import { CacheArea } from './cache-area.ts'
import { checkRoom, isNoRoom } from './quota.ts'
import type { StoredModel } from './store-types.ts'

const GB = 1e9
const model = (await madeUpModel('there', [1])).plan
const stored: StoredModel = { ...model, keys: [], state: 'complete', bytes: 3 * GB, changed: '' }
const list = async (): Promise<StoredModel[]> => [stored]

/** What a browser says, to code that runs in none. */
function say(estimate: StorageEstimate): void {
  vi.stubGlobal('navigator', { storage: { estimate: async () => estimate } })
}
afterEach(() => vi.unstubAllGlobals())

it('a browser that tells how much is left is believed', async () => {
  say({ quota: 10 * GB, usage: 8 * GB })
  await checkRoom(1.9 * GB, list)
  await expect(checkRoom(2 * GB, list)).rejects.toMatchObject({
    code: 'quota-exceeded',
    message: expect.stringMatching(/has 2\.0 GB left for this site of 10 GB.*needs 2\.0 GB\. Models take 3\.0 GB/),
    details: {
      quota: 10 * GB,
      free: 2 * GB,
      used: 3 * GB,
      deletable: [{ id: model.id, name: 'there', bytes: 3 * GB }],
    },
  })
})

it('one that tells nothing, or the same to all, is not', async () => {
  say({ quota: 10 * 2 ** 30 + 5, usage: 5 })
  await checkRoom(100 * GB, list)
  say({})
  await checkRoom(100 * GB, list)
  vi.stubGlobal('navigator', {})
  await checkRoom(100 * GB, list)
})

it('nothing is touched before it is known', async () => {
  say({ quota: 10, usage: 10 })
  vi.stubGlobal('caches', {
    has: async () => false,
    keys: async () => [],
    open: () => {
      throw new Error('touched')
    },
  })
  const store = new AreaStore(new CacheArea('root'), undefined)
  await expect(store.write(model)).rejects.toMatchObject({ code: 'quota-exceeded' })
})

it('browsers say in several ways that there is no room', () => {
  expect(isNoRoom(new DOMException('', 'QuotaExceededError'))).toBe(true)
  expect(isNoRoom(new DOMException('', 'NotFoundError'))).toBe(false)
  expect(isNoRoom('full')).toBe(false)
})
