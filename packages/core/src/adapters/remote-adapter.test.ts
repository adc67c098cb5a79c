import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { ModelSource } from '../backend.ts'
import { hubOf } from '../hub/hubs.ts'
import { serveHub, sha256Of, testCommit, testToken } from '../hub/testing.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { browserNetwork } from '../network/network.ts'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { findAdapters, readAdapters } from './read-adapters.ts'
import { findRemoteAdapter, type RemoteAdapter } from './remote-adapter.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const peft = {
  'adapter_config.json': '{"peft_type":"LORA"}',
  'adapter_model.safetensors': 'weights',
  'README.md': '# Card',
}
const folder = new URL('../../../../test/golden/adapter-data/rotated/', import.meta.url)
const trained = {
  'adapter_config.json': readFileSync(new URL('adapter_config.json', folder), 'utf8'),
  'adapter_model.safetensors': Uint8Array.from(readFileSync(new URL('adapter_model.safetensors', folder))),
}
const bytes = trained['adapter_config.json'].length + trained['adapter_model.safetensors'].length
const { signal } = new AbortController()

async function serve(files: Readonly<Record<string, string | Uint8Array>>, more: object = {}) {
  const test = await serveHub({ 'org/name': { files, ...more } })
  ends.push(test.close)
  return test
}

async function find(files: Readonly<Record<string, string>>, file?: string): Promise<RemoteAdapter> {
  const { hub } = await serve(files)
  const source: ModelSource = {
    kind: 'hub',
    repository: 'org/name',
    revision: 'main',
    ...(file !== undefined && { file }),
  }
  return findRemoteAdapter(source, { hub, network: browserNetwork, signal, firstPauseMs: 1 }, false)
}

describe('an adapter in a repository', () => {
  it('is pinned to its commit, with what the hub lists of its files', async () => {
    const adapter = await find(peft)
    expect(adapter).toMatchObject({ name: 'org/name', revision: testCommit })
    expect(adapter.config?.url).toMatch(new RegExp(`/org/name/resolve/${testCommit}/adapter_config.json$`))
    expect(adapter.weights).toMatchObject({ path: 'adapter_model.safetensors', size: 7 })
  })

  it('may be its one GGUF file, or one that is named', async () => {
    const gguf = { 'a.gguf': 'GGUF', 'README.md': '' }
    expect(await find(gguf)).toMatchObject({ name: 'org/name', weights: { path: 'a.gguf' } })
    const named = await find({ ...peft, ...gguf, 'b.gguf': 'GGUF' }, 'b.gguf')
    expect(named).toMatchObject({ name: 'org/name:b.gguf', weights: { path: 'b.gguf' } })
    expect(named.config).toBeUndefined()
  })

  it('may lie in a folder that is named', async () => {
    const files = Object.fromEntries(Object.entries(peft).map(([name, text]) => [`checkpoint-10/${name}`, text]))
    expect(await find(files, 'checkpoint-10/')).toMatchObject({
      name: 'org/name:checkpoint-10/',
      config: { path: 'checkpoint-10/adapter_config.json' },
    })
    await expect(find(files)).rejects.toMatchObject({ code: 'source-not-found' })
  })

  it('is told apart from what is none', async () => {
    await expect(find({ 'a.gguf': '', 'b.gguf': '' })).rejects.toMatchObject({ code: 'source-ambiguous' })
    await expect(find({ 'config.json': '{}', 'model.safetensors': 'x' })).rejects.toMatchObject({
      code: 'source-not-found',
    })
    await expect(find(peft, 'c.gguf')).rejects.toMatchObject({ code: 'source-not-found' })
  })

  it('is read whole once that is allowed, with the token where it needs one', async () => {
    const test = await serve(trained, { gated: 'auto' })
    const asked: unknown[] = []
    const context = {
      ...{ hub: test.hub, token: testToken, signal },
      download: (request: { readonly bytes?: number; readonly revision?: string }): boolean => asked.push(request) > 0,
    }
    const [adapter] = await readAdapters([{ source: 'org/name', scale: 2 }], context)
    expect(asked).toMatchObject([{ source: 'org/name', bytes, revision: testCommit, reason: 'not-cached' }])
    expect(adapter).toMatchObject({
      name: 'org/name',
      scale: 2,
      revision: testCommit,
      config: trained['adapter_config.json'],
    })
    const digests = [trained['adapter_model.safetensors'], trained['adapter_config.json']].map(sha256Of)
    expect(adapter?.sha256).toBe(sha256Of(digests.join()))
    const source = { kind: 'hub', repository: 'org/name', revision: 'main' } as const
    const without = { hub: test.hub, network: authorizedNetwork(browserNetwork, test.hub, undefined), signal }
    const refused = readAdapters([{ source: 'org/name', scale: 1 }], { hub: test.hub, signal, download: 'allow' })
    await expect(refused).rejects.toMatchObject({ code: 'source-forbidden' })
    expect((await findRemoteAdapter(source, without, false)).weights.size).toBe(adapter?.weights.size)
  })

  it('is fetched once more when it is not what the hub lists, and is nothing then', async () => {
    const test = await serve({ ...trained, 'adapter_model.safetensors': new Uint8Array(64) })
    let [changed, fetched] = [1, 0]
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init)
      if (!/\.safetensors$/.test(String(input instanceof Request ? input.url : input))) return response
      fetched += 1
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (changed-- > 0) bytes.fill(1)
      const { status, headers } = response
      return new Response(bytes, { status, headers })
    }
    const read = () =>
      readAdapters([{ source: 'org/name', scale: 1 }], { hub: test.hub, signal, download: 'allow', fetch })
    // Whole the second time, and found to be no adapter.
    await expect(read()).rejects.toMatchObject({ code: 'file-malformed' })
    const whole = fetched
    changed = 100
    await expect(read()).rejects.toMatchObject({ code: 'hash-mismatch' })
    expect(fetched).toBe(2 * whole)
  })

  it('is asked for each small thing once, whether to judge it or to load it', async () => {
    const { hub, requests } = await serve(trained)
    const find = async () => {
      const [found] = await findAdapters([{ source: 'org/name', scale: 1 }], { hub, signal, download: 'allow' })
      await found?.outline()
      return found
    }
    await find()
    const before = requests.splice(0)
    expect(new Set(before).size).toBe(before.length)
    const found = await find()
    expect(requests).toEqual([])
    await found?.bring(() => {})
    expect(requests.length).toBeGreaterThan(0)
    expect(requests.filter((request) => !request.includes('adapter_model.safetensors'))).toEqual([])
  })

  it('is outlined by its header, of which no weights are read, and is asked for again when it is brought', async () => {
    const { hub } = await serve(trained)
    const requests: string[] = []
    const fetch: typeof globalThis.fetch = (input, init) => {
      const request = new Request(input, init)
      requests.push(`${new URL(request.url).pathname.split('/').at(-1)} ${request.headers.get('range') ?? ''}`)
      return globalThis.fetch(request)
    }
    const [found] = await findAdapters([{ source: 'org/name', scale: 1 }], {
      hub,
      signal,
      download: () => false,
      fetch,
    })
    if (!found) throw new Error('no adapter')
    expect(found).toMatchObject({ downloadBytes: bytes, cachedBytes: 0 })
    const outline = structuredClone(await found.outline())
    expect(outline.targets.size).toBe(7)
    expect(outline).toMatchObject({ name: 'org/name' })
    const ends = requests.flatMap((request) => /safetensors bytes=\d+-(\d+)/.exec(request)?.slice(1).map(Number) ?? [])
    expect(ends.length).toBeGreaterThan(0)
    expect(Math.max(...ends)).toBeLessThan(trained['adapter_model.safetensors'].length / 2)
    await expect(found.bring(() => {})).rejects.toMatchObject({ code: 'download-required', details: { bytes } })
  })

  it('of which no server can be asked is no adapter that is here', async () => {
    const { hub } = await serve(trained)
    const finding = findAdapters([{ source: 'org/name', scale: 1 }], { hub, signal, online: false })
    await expect(finding).rejects.toMatchObject({ code: 'network-failed' })
  })

  it('is not read where nobody allows it', async () => {
    const { hub } = await serve(peft)
    const adapters = readAdapters([{ source: 'org/name', scale: 1 }], { hub, signal })
    await expect(adapters).rejects.toMatchObject({ code: 'download-required', details: { bytes: 27 } })
  })
})

describe('an adapter behind a URL', () => {
  it('is a GGUF file or a folder, and never a web page', async () => {
    const server = await serveTest((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://x')
      const content: Readonly<Record<string, string>> = { '/a.gguf': 'GGUF', '/peft/adapter_config.json': '{}' }
      const bytes = content[pathname] ?? (pathname === '/peft/adapter_model.safetensors' ? 'weights' : undefined)
      if (bytes !== undefined) return sendRange(request, response, Buffer.from(bytes))
      const refused = /^\/private\/(\d+)/.exec(pathname)?.[1]
      response.writeHead(Number(refused ?? 200), { 'Content-Type': 'text/html' }).end('<!doctype html>')
    })
    ends.push(server.close)
    const at = (path: string): Promise<RemoteAdapter> => {
      const context = { hub: hubOf(undefined), network: browserNetwork, signal, firstPauseMs: 1 }
      return findRemoteAdapter({ kind: 'url', url: `${server.url}${path}` }, context, false)
    }
    expect(await at('/a.gguf?key=secret')).toMatchObject({ name: `${server.url}/a.gguf`, weights: { size: 4 } })
    expect(await at('/peft/')).toMatchObject({ config: { size: 2 }, weights: { size: 7 } })
    await expect(at('/login')).rejects.toMatchObject({ code: 'source-not-found' })
    for (const status of [401, 403])
      await expect(at(`/private/${status}/`)).rejects.toMatchObject({ code: 'source-forbidden', details: { status } })
    await expect(at('/b.gguf')).rejects.toMatchObject({ code: 'source-not-found' })
  })
})

describe('an adapter from disk', () => {
  const file = (name: string, content: string): File => new File([content], name)
  it('is a GGUF file or the two files of PEFT, known by its content', async () => {
    const read = async (...files: File[]) => {
      const { hub } = await serve(peft)
      return (
        await readAdapters([{ source: files.length === 1 && files[0] ? files[0] : files, scale: 1 }], { hub, signal })
      )[0]
    }
    expect(await read(file('a.gguf', 'GGUF'))).toMatchObject({ name: 'a.gguf', id: sha256Of('GGUF') })
    const [config, weights] = Object.entries(peft).map(([name, content]) => file(name, content))
    if (!config || !weights) throw new Error('no files')
    const first = await read(weights, config)
    expect(first).toMatchObject({ config: peft['adapter_config.json'] })
    expect((await read(config, weights))?.id).toBe(first?.id)
    await expect(read(file('adapter_config.json', '{}'), file('README.md', ''))).rejects.toMatchObject({
      code: 'source-not-found',
    })
  })

  it('of a folder is that of the least depth that is whole', async () => {
    const { hub } = await serve(peft)
    const at = (path: string): File =>
      Object.defineProperty(file(path.slice(path.lastIndexOf('/') + 1), path), 'webkitRelativePath', { value: path })
    const pair = (folder: string): File[] => Object.keys(peft).map((name) => at(`${folder}/${name}`))
    const read = async (files: readonly File[]) =>
      (await readAdapters([{ source: files, scale: 1 }], { hub, signal }))[0]
    const [last, step] = [pair('out'), pair('out/checkpoint-10')]
    // Config and weights of the two in every order.
    for (const files of [
      [...step, ...last],
      [...last, ...step],
      last.flatMap((one, index) => [step[1 - index] ?? one, one]),
    ]) {
      const adapter = await read(files)
      expect(adapter?.config).toBe('out/adapter_config.json')
      expect(await adapter?.weights.text()).toBe('out/adapter_model.safetensors')
    }
    const half = last.slice(0, 1)
    expect((await read([...half, ...step]))?.config).toBe('out/checkpoint-10/adapter_config.json')
    await expect(read([...half, ...step, ...pair('out/checkpoint-20')])).rejects.toMatchObject({
      code: 'source-ambiguous',
      details: { folders: ['out/checkpoint-10/', 'out/checkpoint-20/'] },
    })
  })
})
