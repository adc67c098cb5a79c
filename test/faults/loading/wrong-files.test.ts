import { readFileSync } from 'node:fs'
import { bytesSource, openGguf } from '@sampan/engine'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { planesFor } from '../../../packages/core/src/acquire/wanted-form.ts'
import { AreaStore } from '../../../packages/core/src/store/area-store.ts'
import { typedCode } from '../fuzz/typed-error.ts'
import { type FakeHub, startHub } from '../hub/start-hub.ts'
import { startStaticServer } from '../hub/static-server.ts'
import type { FaultPlan, FaultSubject } from '../plan/fault.ts'
import { acquireInto, storedData } from './acquire-into.ts'
import { LossyArea } from './lossy-area.ts'
import { seededModel } from './seeded-model.ts'

// One file of several is not what the hub lists, or not the same when it is read a second time.
/** What is asked for at a time, and the beginnings that are read before. */
const rangeBytes = (3 << 20) + (64 << 10)
const flip = { kind: 'flip', at: 1_000 } as const
const pocket = readFileSync(new URL('../../../packages/pocket/pocket.gguf', import.meta.url))
const planes = planesFor({})

const plain = seededModel(6, 2, 3)
/** Of numbers from 1 to 1.25 in the second shard: with one bit more they are none. */
const ones = seededModel(6, 1, 2, (name, file) => {
  if (!name.includes('00002')) return
  for (let at = 9 + file.readUInt32LE(); at < file.length; at += 2) file.writeUInt8(0x3c, at)
})
const folders = { 'org/plain': plain, 'org/ones': ones }
const source = (repository: keyof typeof folders | 'org/gguf' | 'org/large') =>
  ({ kind: 'hub', repository, revision: 'main' }) as const
const [first = '', middle = '', last = ''] = plain.weights
const sizeOf = (name: string): number => plain.files[name]?.length ?? 0

let hub: FakeHub

beforeAll(async () => {
  hub = await startHub({ limits: { api: 1e6, resolve: 1e6 } })
  for (const [id, { files }] of Object.entries(folders)) hub.add(id, { files })
  hub.add('org/gguf', { files: { 'pocket.gguf': pocket } })
  hub.add('org/large', { files: { 'large.gguf': await withLargeScale(pocket) } })
})
beforeEach(() => {
  hub.faults = undefined
  hub.forget()
})
afterAll(() => hub?.close())

/** What an undisturbed download leaves. */
async function soundOf(repository: Parameters<typeof source>[0]): Promise<string> {
  const area = new LossyArea()
  const data = await storedData(area, await acquireInto(area, hub, source(repository), planes))
  hub.forget()
  return data
}

const list = (area: LossyArea) => new AreaStore(area, undefined).list()

const startOf = ({ range }: Pick<FaultSubject, 'range'>): number => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1])

/** Weights of a file, not its header. */
const isWeights = ({ kind, range }: FaultSubject): boolean => kind === 'cdn' && startOf({ range }) > 100_000

/** So many requests for weights of `path` bring a wrong byte. */
function wrongTimes(path: string, times: number, isIt = isWeights): FaultPlan {
  let left = times
  return (subject) => (subject.path === path && isIt(subject) && left-- > 0 ? flip : undefined)
}

describe('a shard that is not what the hub lists', () => {
  it('is fetched again alone', async () => {
    const sound = await soundOf('org/plain')
    hub.faults = wrongTimes(middle, 1)
    const area = new LossyArea()
    const id = await acquireInto(area, hub, source('org/plain'), planes)
    expect(await storedData(area, id)).toBe(sound)
    expect(hub.bytesSent(middle)).toBeGreaterThanOrEqual(2 * sizeOf(middle))
    expect(plain.weights.reduce((sum, name) => sum + hub.bytesSent(name), 0)).toBeLessThan(
      plain.bytes + sizeOf(middle) + rangeBytes,
    )
    // Nothing is left of what was wrong.
    const undisturbed = new LossyArea()
    await acquireInto(undisturbed, hub, source('org/plain'), planes)
    expect(await area.dataSize(id)).toBe(await undisturbed.dataSize(id))
  }, 30_000)

  it('is refused when it is wrong twice, and what came before it need not come again', async () => {
    const sound = await soundOf('org/plain')
    hub.faults = wrongTimes(middle, Number.POSITIVE_INFINITY)
    const area = new LossyArea()
    const fails = () => acquireInto(area, hub, source('org/plain'), planes).catch(typedCode)
    expect(await fails()).toBe('hash-mismatch')
    expect(hub.bytesSent(middle)).toBeLessThan(2 * sizeOf(middle) + rangeBytes)
    // No further than what is known to be right.
    expect(hub.bytesSent(last)).toBeLessThan(64 << 10)
    const [partial] = await list(area)
    expect(partial).toMatchObject({ state: 'partial', downloaded: expect.any(Number) })
    expect(partial?.downloaded).toBeGreaterThanOrEqual(sizeOf(first))
    expect(partial?.downloaded).toBeLessThan(sizeOf(first) + sizeOf(middle))
    hub.faults = undefined
    hub.forget()
    const id = await acquireInto(area, hub, source('org/plain'), planes)
    expect(await storedData(area, id)).toBe(sound)
    expect(hub.bytesSent(first)).toBeLessThan(64 << 10)
  }, 30_000)

  it('is also looked at where its weights are no numbers any more', async () => {
    const sound = await soundOf('org/ones')
    const [, path = ''] = ones.weights
    let left = 1
    hub.faults = (subject) => {
      if (subject.path !== path || !isWeights(subject) || left-- <= 0) return undefined
      // The upper byte of a number.
      return { kind: 'flip', at: 1_000 + ((startOf(subject) + 1) % 2) }
    }
    const area = new LossyArea()
    const id = await acquireInto(area, hub, source('org/ones'), planes)
    expect(left).toBeLessThan(0)
    expect(await storedData(area, id)).toBe(sound)
  }, 30_000)
})

describe('a header that is not what the hub lists', () => {
  it('is read again with all that it tells', async () => {
    const sound = await soundOf('org/gguf')
    const name = pocket.indexOf('general.name') + 'general.name'.length + 4 + 8
    let left = 1
    hub.faults = ({ kind, range }) =>
      kind === 'cdn' && range?.startsWith('bytes=0-') && left-- > 0 ? { kind: 'flip', at: name } : undefined
    const area = new LossyArea()
    const id = await acquireInto(area, hub, source('org/gguf'), planes)
    expect(left).toBeLessThan(0)
    expect(await storedData(area, id)).toBe(sound)
  }, 30_000)
})

describe('what is read a second time', () => {
  const path = 'large.gguf'
  const isSecond = (subject: FaultSubject): boolean => isWeights(subject) && hub.bytesSent(path) >= pocket.length

  it('is the same as the first time, or fetched once more', async () => {
    const sound = await soundOf('org/large')
    hub.faults = wrongTimes(path, 1, isSecond)
    const area = new LossyArea()
    const id = await acquireInto(area, hub, source('org/large'), planes)
    expect(hub.bytesSent(path)).toBeGreaterThan(pocket.length)
    expect(await storedData(area, id)).toBe(sound)
  }, 30_000)

  it('is refused when it is another, and what came before stays', async () => {
    const sound = await soundOf('org/large')
    hub.faults = wrongTimes(path, Number.POSITIVE_INFINITY, isSecond)
    const area = new LossyArea()
    expect(await acquireInto(area, hub, source('org/large'), planes).catch(typedCode)).toBe('hash-mismatch')
    expect(await list(area)).toMatchObject([{ state: 'partial' }])
    hub.faults = undefined
    const id = await acquireInto(area, hub, source('org/large'), planes)
    expect(await storedData(area, id)).toBe(sound)
  }, 30_000)

  it.each(['strong', 'none'] as const)(
    'is fetched anew, with what came before, where nobody has promised either (ETag: %s)',
    async (etag) => {
      const server = await startStaticServer({ etag })
      try {
        const large = await withLargeScale(pocket)
        server.put(path, large)
        const url = { kind: 'url', url: `${server.url}/${path}` } as const
        const sound = new LossyArea()
        const id = await acquireInto(sound, server, url, planes)
        const whole = server.bytesSent(path)
        let wrong = 0
        server.faults = ({ range }) => {
          const isSecond = startOf({ range }) > 100_000 && server.bytesSent(path) >= whole + large.length
          return isSecond && wrong++ < 2 ? flip : undefined
        }
        const area = new LossyArea()
        await acquireInto(area, server, url, planes)
        expect(wrong).toBeGreaterThan(2)
        expect(server.bytesSent(path)).toBeGreaterThan(2 * whole + large.length)
        expect(await storedData(area, id)).toBe(await storedData(sound, id))
      } finally {
        await server.close()
      }
    },
    30_000,
  )
})

/** The same, with a scale in its last matrix that is too large for how such scales are packed. */
async function withLargeScale(file: Buffer): Promise<Buffer> {
  const copy = Buffer.from(file)
  const { tensors } = await openGguf(bytesSource(Uint8Array.from(file), 'pocket.gguf'))
  const matrices = [...tensors.values()].filter(({ type, name }) => type === 'Q8_0' && name.startsWith('layers.'))
  const last = matrices.toSorted((a, b) => b.start - a.start)[0]
  if (!last) throw new Error('no matrix')
  copy.writeUInt16LE(0x7400, last.start)
  return copy
}
