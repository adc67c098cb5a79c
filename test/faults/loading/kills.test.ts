import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { crc32c } from '@sampan/engine'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRemote, readRemoteTexts } from '../../../packages/core/src/acquire/remote-checkpoint.ts'
import { storeModel } from '../../../packages/core/src/acquire/store-model.ts'
import { formOf, planesFor } from '../../../packages/core/src/acquire/wanted-form.ts'
import { localHasher } from '../../../packages/core/src/download/hasher.ts'
import { type RemoteSource, resolveModel } from '../../../packages/core/src/hub/resolve-model.ts'
import { browserNetwork } from '../../../packages/core/src/network/network.ts'
import { AreaStore } from '../../../packages/core/src/store/area-store.ts'
import { piecesOf } from '../../../packages/core/src/store/check-places.ts'
import { readStoredFile } from '../../../packages/core/src/store/model-file.ts'
import { modelId } from '../../../packages/core/src/store/model-id.ts'
import { typedCode } from '../fuzz/typed-error.ts'
import { type FakeHub, startHub } from '../hub/start-hub.ts'
import { faultAt } from '../plan/plan.ts'
import { seededPick } from '../plan/random.ts'
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

/** What the store's Worker does once there is consent. @returns the model's id */
async function acquireInto(
  area: LossyArea,
  source: RemoteSource,
  wanted: (typeof cases)[number][2],
  signal: AbortSignal,
): Promise<string> {
  const store = new AreaStore(area, undefined)
  const described = { preset: 'huggingface', base: hub.url, branch: 'main' } as const
  const remote = await resolveModel(source, { hub: described, network: browserNetwork, signal })
  const tools = {
    network: browserNetwork,
    hasher: localHasher(),
    signal,
    onProgress: () => {},
    ask: async () => {},
  }
  const opened = await readRemoteTexts(remote, await openRemote(remote, tools), tools)
  const form = formOf(opened.checkpoint, wanted)
  const id = await modelId([...remote.texts, ...remote.weights], form)
  if ((await store.findId(id))?.state === 'complete') return id
  const plan = { id, name: remote.name, key: remote.key, form, bytes: 100, total: 100 }
  await storeModel(store, { model: remote, opened, plan, tools, onProgress: () => {}, onBytes: () => {} })
  return id
}

/** SHA-256 of all that is stored, wherever it lies: texts may come in any order. Every checksum must be right. */
async function storedData(area: LossyArea, id: string): Promise<string> {
  const { index } = await readStoredFile(await area.data(id))
  const texts = index.texts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const hash = createHash('sha256').update(JSON.stringify([index.hash, index.files.length]))
  for (const { offset, bytes, crc } of piecesOf({ ...index, texts })) {
    const piece = await area.readData(id, offset, offset + bytes)
    expect(crc32c(piece)).toBe(crc)
    hash.update(piece)
  }
  return hash.digest('hex')
}

describe.each(cases)('%s', (_, source, form, bytes) => {
  let sound: string
  beforeAll(async () => {
    const area = new LossyArea()
    sound = await storedData(area, await acquireInto(area, source, form, new AbortController().signal))
  }, 60_000)

  it.each(Array.from({ length: rounds }, (_, round) => round))(
    `killed ${killsARound} times, round %i: the same bytes in the end`,
    async (round) => {
      const pick = seededPick('kills', seed, bytes, form.kind, round)
      let area = new LossyArea()
      for (let kill = 0; kill < killsARound; kill++) {
        const life = new AbortController()
        const ended = acquireInto(area, source, form, life.signal).then(
          () => 'complete',
          (error: unknown) => error,
        )
        await Promise.race([hub.whenSent(pick(bytes)), ended])
        area = area.die(pick)
        life.abort()
        await ended
      }
      const id = await acquireInto(area, source, form, new AbortController().signal)
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
    const id = await acquireInto(sound, gguf, planes, new AbortController().signal)
    hub.forget()
    hub.faults = faultAt('cdn', 'pocket.gguf', flip, 2)
    const area = new LossyArea()
    await acquireInto(area, gguf, planes, new AbortController().signal)
    expect(await storedData(area, id)).toBe(await storedData(sound, id))
    expect(hub.bytesSent('pocket.gguf')).toBeLessThan(2 * pocket.length + (8 << 20))
  }, 60_000)

  it('are refused when they come again, and nothing of them is left', async () => {
    hub.faults = ({ kind, path, range }) =>
      kind === 'cdn' && path === 'pocket.gguf' && !range?.startsWith('bytes=0-') ? flip : undefined
    const area = new LossyArea()
    const ended = await acquireInto(area, gguf, { kind: 'source' }, new AbortController().signal).catch(typedCode)
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
      const ended = acquireInto(area, folder, planes, new AbortController().signal)
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
