import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { typedCode } from '../fuzz/typed-error.ts'
import { type FakeHub, startHub } from '../hub/start-hub.ts'
import { type StaticServer, startStaticServer } from '../hub/static-server.ts'
import { faultAt, firstFault, plainFaults, planFaults } from '../plan/plan.ts'
import { downloadAndPack, type Outcome } from './download-and-pack.ts'
import { seededModel, sha256Of } from './seeded-model.ts'

// A model by its name, from a hub that fails in seeded ways, to planes: without a browser. SAMPAN_SOAK makes many more seeds.
const soak = process.env['SAMPAN_SOAK'] !== undefined
/** Some of them once ended a download that should have got over it. */
const seeds = soak ? Array.from({ length: 200 }, (_, index) => index + 1) : [1, 2, 3, 4, 13, 23, 130, 165]
/** The most that is asked for in one request (`download/range-length.ts`). */
const rangeBytes = 3 << 20
const pocket = readFileSync(new URL('../../../packages/pocket/pocket.gguf', import.meta.url))
const model = seededModel(1, 3)
const folder = { kind: 'hub', repository: 'org/folder', revision: 'main' } as const
const gguf = { kind: 'hub', repository: 'org/gguf', revision: 'main' } as const

let hub: FakeHub
let sound: Outcome
let soundGguf: Outcome

const settings = (seed: number) => ({
  hub: { preset: 'huggingface', base: hub.url, branch: 'main' } as const,
  seed,
})
/** Where nothing stalls, and every byte is counted: a machine that is busy is not given up. */
const patient = (seed: number) => ({ ...settings(seed), stallMs: 10_000 })

beforeAll(async () => {
  hub = await startHub({ limits: { api: 1e6, resolve: 1e6 } })
  hub.add('org/folder', { files: model.files })
  hub.add('org/gguf', { files: { 'pocket.gguf': pocket } })
  sound = await downloadAndPack(folder, settings(0))
  soundGguf = await downloadAndPack(gguf, settings(0))
}, 60_000)
beforeEach(() => {
  hub.faults = undefined
  hub.forget()
})
afterAll(() => hub?.close())

const isWeights = (path: string): boolean => model.weights.includes(path)
const faulted = (path: string): number => hub.log.filter((entry) => entry.path === path && entry.fault).length
const code = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => 'no error',
    (error: unknown) => typedCode(error) ?? String(error),
  )

describe('without faults', () => {
  it('a model is asked for once: each byte comes once, each file is resolved at most twice', async () => {
    expect(await downloadAndPack(folder, patient(0))).toEqual(sound)
    expect(sound.sha256).toEqual(model.weights.map((name) => sha256Of(model.files[name] ?? Buffer.alloc(0))))
    for (const name of model.weights) {
      expect(hub.bytesSent(name)).toBe(model.files[name]?.length)
      // By the first range, and once without, for an address that takes any.
      expect(hub.count('resolve', name)).toBeLessThanOrEqual(2)
    }
  })
})

describe('under faults that pass', () => {
  it.each(seeds)(
    'of seed %i the planes and the hashes are the same, and no byte comes twice beyond one range for each fault',
    async (seed) => {
      hub.faults = firstFault(
        planFaults(seed, { where: ['cdn'], within: 2 << 20, percent: 40 }),
        planFaults(seed, { where: ['resolve'], paths: isWeights }),
        // While somebody waits to be told what there is, a hub is asked five times.
        planFaults(seed, { where: ['api', 'resolve', 'small'], paths: (path) => !isWeights(path), burst: 1 }),
      )
      expect(await downloadAndPack(folder, patient(seed))).toEqual(sound)
      for (const name of model.weights) {
        const again = hub.bytesSent(name) - (model.files[name]?.length ?? 0)
        expect(again).toBeLessThanOrEqual(faulted(name) * rangeBytes)
        // Each address that is refused or was given out in vain is asked for anew, with a HEAD and perhaps a GET.
        expect(hub.count('resolve', name)).toBeLessThanOrEqual(2 + 2 * faulted(name))
      }
    },
    120_000,
  )

  it('a CDN that does not answer now and then is asked again', async () => {
    hub.faults = planFaults(2, { where: ['cdn'], kinds: ['refused', 'cut'], burst: 1, percent: 60, within: 1 << 20 })
    expect(await downloadAndPack(folder, settings(2))).toEqual(sound)
    expect(hub.log.some(({ fault }) => fault?.kind === 'refused')).toBe(true)
  }, 60_000)

  it('stalls and drips are waited for or given up, and the file goes on', async () => {
    hub.faults = planFaults(9, { kinds: ['stall', 'drip'], where: ['cdn'], within: 1 << 20, percent: 60 })
    expect(await downloadAndPack(gguf, settings(9))).toEqual(soundGguf)
  }, 120_000)

  it('a cut costs what was under way, not the range: the next request goes on after the last byte', async () => {
    const cut = { kind: 'cut', after: 3_000_000 } as const
    hub.faults = faultAt('cdn', 'pocket.gguf', cut, hub.count('cdn') + 2)
    expect(await downloadAndPack(gguf, settings(3))).toEqual(soundGguf)
    expect(faulted('pocket.gguf')).toBe(1)
    expect(hub.bytesSent('pocket.gguf') - pocket.length).toBeLessThan(1 << 20)
  })

  it('an address that expires while it is used is asked for once more', async () => {
    hub.faults = faultAt('cdn', 'pocket.gguf', { kind: 'expired' }, 3)
    expect(await downloadAndPack(gguf, settings(4))).toEqual(soundGguf)
    expect(hub.count('resolve')).toBeLessThanOrEqual(4)
  })
})

describe('under faults that stay', () => {
  const weights = model.weights[0] ?? ''

  it('a flipped byte is noticed at the end of its file', async () => {
    hub.faults = faultAt('cdn', weights, { kind: 'flip', at: 200_000 }, 1)
    expect(await code(downloadAndPack(folder, settings(1)))).toMatch(/^(hash-mismatch|tensor-values-invalid)$/)
  })

  it('a page for people in place of the weights is told as such', async () => {
    for (const fault of [{ kind: 'html' }, { kind: 'json' }] as const) {
      hub.faults = faultAt('cdn', weights, fault)
      expect(await code(downloadAndPack(folder, settings(1)))).toBe('not-a-model-file')
    }
  }, 60_000)

  it('a hub that is down, and one that is not there, end in time', async () => {
    hub.faults = ({ kind }) => (kind === 'api' ? { kind: 'status', status: 503 } : undefined)
    expect(await code(downloadAndPack(folder, settings(1)))).toBe('source-unavailable')
    hub.faults = ({ kind }) => (kind === 'api' ? { kind: 'refused' } : undefined)
    expect(await code(downloadAndPack(folder, settings(1)))).toBe('network-failed')
    // The API is asked a few times, not for ever.
    expect(hub.count('api')).toBeLessThan(20)
  }, 60_000)

  it('what is signed for one range is refused for others, and the whole is fetched all the same', async () => {
    const answer = await fetch(`${hub.url}/org/gguf/resolve/main/pocket.gguf`, { headers: { range: 'bytes=0-99' } })
    expect((await fetch(answer.url, { headers: { range: 'bytes=100-199' } })).status).toBe(403)
    expect(await downloadAndPack(gguf, settings(1))).toEqual(soundGguf)
  })
})

describe('other servers', () => {
  const cases = [
    ['without ranges', { ranges: false }],
    ['without ranges, zipped', { ranges: false, gzip: true, etag: 'weak' }],
    ['with ranges that a page cannot see', { exposed: false, etag: 'none' }],
    ['with ranges', {}],
  ] as const
  it.each(cases)(
    '%s give the same',
    async (_, options) => {
      const server: StaticServer = await startStaticServer(options)
      server.put('a/pocket.gguf', pocket)
      try {
        const source = { kind: 'url', url: `${server.url}/a/pocket.gguf` } as const
        const { planes, tensors } = await downloadAndPack(source, settings(1))
        expect({ planes, tensors }).toEqual({ planes: soundGguf.planes, tensors: soundGguf.tensors })
        // Of the file's size there is nothing but this server's word.
        const kinds = plainFaults.filter((kind) => kind !== 'wrong-length')
        server.faults = planFaults(5, { kinds, within: 1 << 20, percent: 40 })
        expect((await downloadAndPack(source, settings(2))).planes).toBe(soundGguf.planes)
      } finally {
        await server.close()
      }
    },
    120_000,
  )

  it('whose file changes while it comes are refused, or give the new one whole', async () => {
    const server = await startStaticServer()
    server.put('pocket.gguf', pocket)
    const other = Buffer.from(pocket)
    other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1)
    server.faults = ({ number }) => {
      if (number === 3) server.put('pocket.gguf', other)
      return undefined
    }
    const source = { kind: 'url', url: `${server.url}/pocket.gguf` } as const
    const ended = await downloadAndPack(source, settings(1)).then(
      ({ sha256 }) => sha256[0],
      (error: unknown) => typedCode(error),
    )
    expect(['source-changed', sha256Of(pocket), sha256Of(other)]).toContain(ended)
    await server.close()
  })
})

describe('ModelScope', () => {
  it('gives the same, without a header that tells of ranges', async () => {
    const scope = await startHub({ kind: 'modelscope' })
    scope.add('org/gguf', { files: { 'pocket.gguf': pocket, 'README.md': 'x' } })
    scope.faults = planFaults(7, { where: ['cdn'], within: 1 << 20, percent: 40 })
    const source = { kind: 'hub', repository: 'org/gguf', revision: 'master' } as const
    const described = { preset: 'modelscope', base: scope.url, branch: 'master' } as const
    expect(await downloadAndPack(source, { hub: described, seed: 1 })).toEqual(soundGguf)
    await scope.close()
  }, 60_000)
})
