import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { planesFor } from '../../../packages/core/src/acquire/wanted-form.ts'
import { AreaStore } from '../../../packages/core/src/store/area-store.ts'
import { typedCode } from '../fuzz/typed-error.ts'
import { type FakeHub, startHub } from '../hub/start-hub.ts'
import { faultAt } from '../plan/plan.ts'
import { seededPick } from '../plan/random.ts'
import { acquireInto, storedData } from './acquire-into.ts'
import { LossyArea } from './lossy-area.ts'
import { seededModel } from './seeded-model.ts'

// Hub, download, packing and store together, on a disk that loses what was not flushed, killed at seeded bytes. SAMPAN_SOAK: fifty kills
// of each kind, in each form.
const soak = process.env['SAMPAN_SOAK'] !== undefined
const seed = Number(process.env['SAMPAN_KILL_SEED'] ?? 6)
const rounds = soak ? 17 : 1
const killsARound = 3
/** Between two entries of the journal, which come with a read (`download-job.ts`), and before it is used (`file-stream.ts`). */
const lostBytes = (4 << 20) + (12 << 20)
/** Of two files, read first to see what they are, with the small ones. */
const beginningBytes = 4 << 20
const pocket = readFileSync(new URL('../../../packages/pocket/pocket.gguf', import.meta.url))
const model = seededModel(seed, soak ? 8 : 3)
const folder = { kind: 'hub', repository: 'org/folder', revision: 'main' } as const
const gguf = { kind: 'hub', repository: 'org/gguf', revision: 'main' } as const
const planes = planesFor({})
const cases = [
  ['a folder as planes', folder, planes, model.bytes],
  ['a GGUF file as planes', gguf, planes, pocket.length],
  ['a GGUF file as it is', gguf, { kind: 'source' }, pocket.length],
] as const

let hub: FakeHub

beforeAll(async () => {
  hub = await startHub({ limits: { api: 1e6, resolve: 1e6 } })
  hub.add('org/folder', { files: model.files })
  hub.add('org/gguf', { files: { 'pocket.gguf': pocket } })
})
beforeEach(() => {
  hub.faults = undefined
  hub.forget()
})
afterAll(() => hub?.close())

describe.each(cases)('%s', (_, source, form, bytes) => {
  let sound: string
  beforeAll(async () => {
    const area = new LossyArea()
    sound = await storedData(area, await acquireInto(area, hub, source, form))
  }, 60_000)

  it.each(Array.from({ length: rounds }, (_, round) => round))(
    `killed ${killsARound} times, round %i: the same bytes in the end`,
    async (round) => {
      const pick = seededPick('kills', seed, bytes, form.kind, round)
      let area = new LossyArea()
      for (let kill = 0; kill < killsARound; kill++) {
        const life = new AbortController()
        const ended = acquireInto(area, hub, source, form, life.signal).then(
          () => 'complete',
          (error: unknown) => error,
        )
        await Promise.race([hub.whenSent(pick(bytes)), ended])
        area = area.die(pick)
        life.abort()
        await ended
      }
      const id = await acquireInto(area, hub, source, form)
      const again = hub.bytesSent() - bytes
      if (soak) process.stdout.write(`${form.kind}, ${bytes} bytes, round ${round}: ${again} bytes twice\n`)
      // A life that ends loses what was not in the journal yet, and what had come before it was used.
      expect(again).toBeLessThan(killsARound * lostBytes + (killsARound + 1) * beginningBytes)
      expect(await storedData(area, id)).toBe(sound)
      const store = new AreaStore(area, undefined)
      expect(await store.list()).toMatchObject([{ id, state: 'complete' }])
    },
    60_000,
  )
})

describe('bytes that are not those that the hub lists', () => {
  const flip = { kind: 'flip', at: 300_000 } as const

  it('are fetched again, once, and then are right', async () => {
    const sound = new LossyArea()
    const id = await acquireInto(sound, hub, gguf, planes)
    hub.forget()
    hub.faults = faultAt('cdn', 'pocket.gguf', flip, 2)
    const area = new LossyArea()
    await acquireInto(area, hub, gguf, planes)
    expect(await storedData(area, id)).toBe(await storedData(sound, id))
    expect(hub.bytesSent('pocket.gguf')).toBeLessThan(2 * pocket.length + (8 << 20))
  }, 60_000)

  it('are refused when they come again, and nothing of them is left', async () => {
    hub.faults = ({ kind, path, range }) =>
      kind === 'cdn' && path === 'pocket.gguf' && !range?.startsWith('bytes=0-') ? flip : undefined
    const area = new LossyArea()
    const ended = await acquireInto(area, hub, gguf, { kind: 'source' }).catch(typedCode)
    expect(ended).toBe('hash-mismatch')
    expect(await new AreaStore(area, undefined).list()).toEqual([])
    expect(hub.bytesSent('pocket.gguf')).toBeLessThan(2 * pocket.length + (8 << 20))
  }, 60_000)
})

describe('a network that is cut', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'is gone on with, round %i: nothing comes twice but what was on the line',
    async (round) => {
      const pick = seededPick('cuts', seed, round)
      const area = new LossyArea()
      const ended = acquireInto(area, hub, folder, planes)
      for (let cut = 0; cut < killsARound; cut++) {
        await hub.whenSent(pick(model.bytes / (killsARound + 1)))
        hub.cut()
      }
      const id = await ended
      expect(await storedData(area, id)).toMatch(/^[0-9a-f]{64}$/)
      const again = model.weights.reduce((sum, name) => sum + hub.bytesSent(name), 0) - model.bytes
      // Four connections with what their sockets hold, and the beginnings that were read before.
      expect(again).toBeLessThan(killsARound * (8 << 20) + (1 << 20))
    },
    60_000,
  )
})
