import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeHub, startHub } from '../hub/start-hub.ts'
import { seededPick } from '../plan/random.ts'
import { type LoadingBrowser, type LoadingTab, openLoadingBrowser, type StoredBytes } from './loading-browser.ts'
import { seededModel } from './seeded-model.ts'

// Downloads in a real browser that are killed at seeded moments. SAMPAN_SOAK: fifty of each kind.
const kinds = ['network', 'worker', 'tab'] as const
type Kill = (typeof kinds)[number]
const soak = process.env['SAMPAN_SOAK'] !== undefined
const seed = Number(process.env['SAMPAN_KILL_SEED'] ?? 6)
/** For one model, one after the other. */
const rounds = soak ? 17 : 1
const killsARound: Readonly<Record<Kill, number>> = { network: 3, worker: 3, tab: soak ? 3 : 4 }
const model = seededModel(seed, soak ? 6 : 3)
/** What lies between two entries of the journal, and what may be there before it is used (`download-job.ts`, `file-stream.ts`). */
const journalBytes = 4 << 20
const aheadBytes = 12 << 20
const beginningBytes = model.weights.length * (3 << 20)
const source = 'org/name'

let hub: FakeHub
let browser: LoadingBrowser
let sound: StoredBytes

beforeAll(async () => {
  // As fast as a good line, so that there is a middle to be killed in.
  const slow = ({ kind }: { readonly kind: string }) =>
    kind === 'cdn' ? ({ kind: 'drip', bytes: 128 << 10, milliseconds: 2 } as const) : undefined
  hub = await startHub({ faults: slow, limits: { api: 1e6, resolve: 1e6 } })
  hub.add(source, { files: model.files, card: { license: 'apache-2.0' } })
  hub.add('org/gated', { files: model.files, gated: 'manual', card: { license: 'apache-2.0' } })
  hub.allow('hf_secret', 'org/gated')
  browser = await openLoadingBrowser()
  const tab = await browser.open()
  await tab.begin(source, hub.url)
  expect(await tab.ended()).toBeUndefined()
  sound = await tab.stored()
  await tab.close()
}, 40_000)
beforeEach(async () => {
  await browser.forget()
  hub.forget()
})
afterAll(async () => {
  await browser?.close()
  await hub?.close()
})

describe('a download that is not disturbed', () => {
  it('fetches every byte once, and nothing when it is done again', async () => {
    const tab = await browser.open()
    await tab.begin(source, hub.url)
    expect(await tab.ended()).toBeUndefined()
    expect(await tab.stored()).toEqual(sound)
    const sent = model.weights.reduce((sum, name) => sum + hub.bytesSent(name), 0)
    // The beginning of each file is read first, to see what it is, and what is on the line then is lost.
    expect(sent - model.bytes).toBeLessThan(beginningBytes)
    expect(hub.log.every(({ headers }) => headers['referer'] === undefined)).toBe(true)
    const before = hub.log.length
    await tab.begin(source, hub.url)
    expect(await tab.ended()).toBeUndefined()
    expect(hub.log.length).toBe(before)
    await tab.close()
  }, 60_000)
})

describe('a gated model', () => {
  it('is told as such without a token, and comes with one, which the CDN never sees', async () => {
    const tab = await browser.open()
    await tab.begin('org/gated', hub.url)
    expect(await tab.ended()).toMatch(/^source-forbidden: /)
    await tab.begin('org/gated', hub.url, { token: 'hf_secret' })
    expect(await tab.ended()).toBeUndefined()
    expect((await tab.stored()).data).toBe(sound.data)
    const seen = hub.log.filter(({ headers, url }) => JSON.stringify([headers, url]).includes('hf_secret'))
    expect(seen.length).toBeGreaterThan(0)
    expect(new Set(seen.map(({ origin }) => origin))).toEqual(new Set(['hub']))
    expect(await tab.page.evaluate(findInStorage, 'hf_secret')).toEqual([])
  }, 60_000)
})

describe.each(kinds)('killed: the %s', (kind) => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'round %i ends with the same bytes',
    async (round) => {
      const pick = seededPick('kills', seed, kind, round)
      const kills = killsARound[kind]
      let tab = await browser.open()
      await tab.begin(source, hub.url)
      for (let count = 0; count < kills; count++) {
        const moment = hub.whenSent(1 + pick(Math.floor(model.bytes / (kills + 1))))
        // Whoever fails by himself will not get there.
        const early = await Promise.race([moment.then(() => 'reached'), tab.ended().catch(() => 'closed')])
        expect(early).toBe('reached')
        tab = await kill(kind, tab)
      }
      expect(await tab.ended()).toBeUndefined()
      expect(await tab.stored()).toEqual(sound)
      await tab.close()
      const again = model.weights.reduce((sum, name) => sum + hub.bytesSent(name), 0) - model.bytes
      // A network that is cut loses what was on the line; a Worker or a tab what was not yet in the journal.
      const most = kind === 'network' ? 4 << 20 : journalBytes + aheadBytes
      if (soak) process.stdout.write(`${kind} ${round}: ${kills} kills, ${again} bytes twice\n`)
      expect(again).toBeLessThan(kills * most + (kills + 1) * beginningBytes)
    },
    120_000,
  )
})

/** @returns the tab in which the download goes on */
async function kill(kind: Kill, tab: LoadingTab): Promise<LoadingTab> {
  switch (kind) {
    case 'network':
      hub.cut()
      return tab
    case 'worker':
      await tab.killWorkers()
      expect(await tab.ended()).toMatch(/^worker-failed: /)
      await tab.begin(source, hub.url)
      return tab
    case 'tab': {
      await tab.close()
      const next = await browser.open()
      await next.begin(source, hub.url)
      return next
    }
    default:
      return kind satisfies never
  }
}

/** In the page. @returns names of the small files and databases that hold a text */
async function findInStorage(text: string): Promise<readonly string[]> {
  const found: string[] = []
  const look = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
    for await (const [name, handle] of folder.entries()) {
      if (handle instanceof FileSystemDirectoryHandle) await look(handle, `${path}${name}/`)
      else if (handle instanceof FileSystemFileHandle) {
        const file = await handle.getFile()
        // What says something of a model lies at its file's end.
        if ((await file.slice(Math.max(0, file.size - (1 << 20))).text()).includes(text)) found.push(path + name)
      }
    }
  }
  await look(await navigator.storage.getDirectory(), '')
  if (JSON.stringify({ ...localStorage, ...sessionStorage }).includes(text)) found.push('localStorage')
  return found
}
