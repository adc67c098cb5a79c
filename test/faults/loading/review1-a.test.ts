import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { acquire } from '../../../packages/core/src/acquire/acquire.ts'
import { fetchText } from '../../../packages/core/src/acquire/fetch-text.ts'
import { openRemote, readRemoteTexts } from '../../../packages/core/src/acquire/remote-checkpoint.ts'
import { storeModel } from '../../../packages/core/src/acquire/store-model.ts'
import { formOf, planesFor } from '../../../packages/core/src/acquire/wanted-form.ts'
import { canRun } from '../../../packages/core/src/can-run/can-run.ts'
import { DownloadSource } from '../../../packages/core/src/download/download-source.ts'
import { localHasher } from '../../../packages/core/src/download/hasher.ts'
import { type RemoteSource, resolveModel } from '../../../packages/core/src/hub/resolve-model.ts'
import { browserNetwork } from '../../../packages/core/src/network/network.ts'
import { AreaStore } from '../../../packages/core/src/store/area-store.ts'
import { importModel } from '../../../packages/core/src/store/import-model.ts'
import { readStoredFile } from '../../../packages/core/src/store/model-file.ts'
import { modelId } from '../../../packages/core/src/store/model-id.ts'
import { startHub } from '../hub/start-hub.ts'
import { startStaticServer } from '../hub/static-server.ts'
import { LossyArea } from './lossy-area.ts'
import { seededModel } from './seeded-model.ts'

vi.hoisted(() => { Object.assign(globalThis, { location: new URL('http://localhost/') }) })
const held: { store: AreaStore | undefined } = { store: undefined }
vi.mock('../../../packages/core/src/store/open-store.ts', () => ({ openStore: async () => held.store }))

const pocket = readFileSync(new URL('../../../packages/pocket/pocket.gguf', import.meta.url))
const model = seededModel(6, 3)
const { signal } = new AbortController()
const say = (...a: unknown[]) =>
  process.stdout.write(a.map((x) => (typeof x === 'string' ? x : JSON.stringify(x))).join(' ') + '\n')
const desc = (base: string) => ({ preset: 'huggingface', base, branch: 'main' }) as const
const toolsOf = (signal: AbortSignal, ask = async (_: unknown) => {}) => ({
  network: browserNetwork,
  hasher: localHasher(),
  signal,
  onProgress: () => {},
  ask,
})
const show = (e: unknown): string =>
  e instanceof Error ? JSON.stringify({ m: e.message, d: (e as any).details, c: String((e as any).cause) }) : String(e)

describe('trust', () => {
  it('signed URLs', async () => {
    const dead = 'http://127.0.0.1:9/model.gguf?X-Amz-Signature=SECRETSIG'
    const http = { firstPauseMs: 1 }
    const errs: string[] = []
    await DownloadSource.open(
      { path: 'model.gguf', url: dead, size: 100 },
      {
        network: browserNetwork,
        signal,
        http: {
          ...http,
          patience: {
            attempts: 1,
            longestPauseMs: 1,
            busyAttempts: 1,
            busyFactor: 1,
            longestBusyPauseMs: 1,
            offlineMs: 1,
          },
        },
      },
    )
      .then(async (s) => {
        await s.read(0, 10)
      })
      .catch((e) => errs.push('DownloadSource dead: ' + show(e)))
    const s = await DownloadSource.open(
      { path: 'model.gguf', url: dead, size: 100 },
      { network: browserNetwork, signal },
    )
    await s.read(90, 200).catch((e) => errs.push('truncated: ' + show(e)))
    const server = await startStaticServer({})
    server.put('m/a.gguf', Buffer.from('GGUF'.padEnd(1000, 'x')))
    await fetchText(
      { path: 'config.json', url: server.url + '/m/config.json?sig=SECRETSIG' },
      { network: browserNetwork, signal, onBytes() {} },
    ).catch((e) => errs.push('fetchText 404: ' + show(e)))
    await DownloadSource.open(
      { path: 'b.gguf', url: server.url + '/m/b.gguf?sig=SECRETSIG', size: 10 },
      { network: browserNetwork, signal },
    )
      .then((s) => s.read(0, 5))
      .catch((e) => errs.push('404: ' + show(e)))
    for (const e of errs) say(e.includes('SECRETSIG') ? 'LEAK' : 'ok', e.slice(0, 400))
    await server.close()
  })
})

async function acquireInto(
  area: LossyArea,
  source: RemoteSource,
  hubUrl: string,
  signal: AbortSignal,
  wanted: any = planesFor({}),
) {
  const store = new AreaStore(area as any, undefined)
  const remote = await resolveModel(source, { hub: desc(hubUrl), network: browserNetwork, signal })
  const tools = toolsOf(signal)
  const opened = await readRemoteTexts(remote, await openRemote(remote, tools), tools)
  const form = formOf(opened.checkpoint, wanted)
  const id = await modelId([...remote.texts, ...remote.weights], form)
  if ((await store.findId(id))?.state === 'complete') return id
  const plan = { id, name: remote.name, key: remote.key, form, bytes: 100, total: 100 }
  await storeModel(store, { model: remote, opened, plan, tools, onProgress: () => {}, onBytes: () => {} })
  return id
}

describe('wrong bytes', () => {
  it('no ETag, same size, changed between kill and resume', async () => {
    const server = await startStaticServer({ etag: 'none' })
    for (const [n, c] of Object.entries(model.files)) server.put('m/' + n, c as any)
    const other = seededModel(7, 3)
    say(
      'files',
      Object.entries(model.files).map(([n, c]) => n + ' ' + (c as any).length),
    )
    const source = { kind: 'url', url: server.url + '/m/' } as const
    let area = new LossyArea()
    const life = new AbortController()
    const p = acquireInto(area, source, server.url, life.signal).catch((e) => e)
    while (server.bytesSent() < model.bytes * 0.8) await new Promise((r) => setTimeout(r, 2))
    area = area.die(() => 0)
    life.abort()
    await p
    const store0 = new AreaStore(area as any, undefined)
    say('partial', await store0.list())
    for (const [n, c] of Object.entries(other.files)) if (/safetensors$/.test(n)) server.put('m/' + n, c as any)
    const before = server.bytesSent()
    const id = await acquireInto(area, source, server.url, signal).catch((e) => show(e))
    say('resumed with', server.bytesSent() - before, 'of', other.bytes, 'bytes; id', id)
    const get = async (a: LossyArea, id: string) => (await readStoredFile(await (a as any).data(id))).index
    if (!String(id).startsWith('{')) {
      const mixed = await get(area, id as string)
      const fresh = new LossyArea()
      const id2 = await acquireInto(fresh, source, server.url, signal)
      const clean = await get(fresh, id2)
      const crcs = (i: any) => i.tensors.flatMap((t: any) => t.runs.map((r: any) => r.crc))
      const [a, b] = [crcs(mixed), crcs(clean)]
      say(
        'SAME ID',
        id === id2,
        'runs equal to new version:',
        a.filter((x: number, i: number) => x === b[i]).length,
        'of',
        b.length,
        'model hash equal',
        mixed.hash === clean.hash,
      )
    }
    await server.close()
  }, 120000)

  it('export -> import of url with query, no etag', async () => {
    for (const [etag, url, gzip] of [
      ['none', '?v=1', false],
      ['none', '', false],
      ['strong', '?v=1', false],
      ['none', '', true],
      ['strong', '', true],
    ] as const) {
      const server = await startStaticServer({ etag, gzip })
      for (const [n, c] of Object.entries(model.files)) server.put('m/' + n, c as any)
      const area = new LossyArea()
      const id = await acquireInto(
        area,
        { kind: 'url', url: server.url + '/m/' + url } as any,
        server.url,
        signal,
      ).catch(show)
      const file = await (area as any).data(id).catch(() => undefined)
      const target = new AreaStore(new LossyArea() as any, undefined)
      if (file)
        say(
          'import',
          etag,
          url,
          'gzip',
          gzip,
          await importModel(target, file, signal).then((m) => 'ok ' + (m.id === id), show),
        )
      else say('store failed', etag, url, gzip, id)
      await server.close()
    }
  }, 120000)
})

describe('consent', () => {
  it('damaged + source moved: deleted before the ask', async () => {
    const hub = await startHub({ limits: { api: 1e6, resolve: 1e6 } })
    hub.add('org/gguf', { files: { 'pocket.gguf': pocket } })
    const area = new LossyArea()
    held.store = new AreaStore(area as any, undefined)
    const source = { kind: 'hub', repository: 'org/gguf', revision: 'main' } as const
    const request = { source, hub: desc(hub.url), form: planesFor({}), keep: true } as any
    const asked: any[] = []
    await acquire(
      request,
      toolsOf(signal, async (r) => {
        asked.push(r)
      }) as any,
    )
    const [m] = await held.store.list()
    const { index } = await held.store.open(m!.id)
    // damage one run
    const run = (index as any).tensors[3].runs[0]
    const d = await (area as any).openData(m!.id)
    await d.write(new Uint8Array(64).fill(7), run.offset)
    await d.flush()
    await d.close()
    const changed = Uint8Array.from(pocket)
    changed[changed.length - 5]! ^= 1
    hub.commit('org/gguf', { 'pocket.gguf': changed })
    const r = await acquire(
      { ...request, damaged: true },
      toolsOf(signal, async (r) => {
        asked.push(r)
        throw new Error('refused by the visitor')
      }) as any,
    ).catch((e) => String(e))
    say(
      'after refusal:',
      r,
      'kept',
      (await held.store.list()).length,
      'reasons',
      asked.map((a) => a.reason),
    )
    await hub.close()
  }, 60000)
})
