import { afterEach, describe, expect, it } from 'vitest'
import type { ModelSource } from '../backend.ts'
import { hubOf } from '../hub/hubs.ts'
import { serveHub, sha256Of, testCommit, testToken } from '../hub/testing.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { browserNetwork } from '../network/network.ts'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { readAdapters } from './read-adapters.ts'
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
const { signal } = new AbortController()

async function serve(files: Readonly<Record<string, string>>, more: object = {}) {
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

  it('is told apart from what is none', async () => {
    await expect(find({ 'a.gguf': '', 'b.gguf': '' })).rejects.toMatchObject({ code: 'source-ambiguous' })
    await expect(find({ 'config.json': '{}', 'model.safetensors': 'x' })).rejects.toMatchObject({
      code: 'source-not-found',
    })
    await expect(find(peft, 'c.gguf')).rejects.toMatchObject({ code: 'source-not-found' })
  })

  it('is read whole once that is allowed, with the token where it needs one', async () => {
    const test = await serve(peft, { gated: 'auto' })
    const asked: unknown[] = []
    const context = {
      ...{ hub: test.hub, token: testToken, signal },
      download: (request: { readonly bytes?: number; readonly revision?: string }): boolean => asked.push(request) > 0,
    }
    const [adapter] = await readAdapters([{ source: 'org/name', scale: 2 }], context)
    expect(asked).toMatchObject([{ source: 'org/name', bytes: 27, revision: testCommit, reason: 'not-cached' }])
    expect(adapter).toMatchObject({
      name: 'org/name',
      scale: 2,
      revision: testCommit,
      config: peft['adapter_config.json'],
    })
    expect(await adapter?.weights.text()).toBe('weights')
    expect(adapter?.sha256).toBe(sha256Of([sha256Of('weights'), sha256Of(peft['adapter_config.json'])].join()))
    const source = { kind: 'hub', repository: 'org/name', revision: 'main' } as const
    const without = { hub: test.hub, network: authorizedNetwork(browserNetwork, test.hub, undefined), signal }
    const refused = readAdapters([{ source: 'org/name', scale: 1 }], { hub: test.hub, signal, download: 'allow' })
    await expect(refused).rejects.toMatchObject({ code: 'source-forbidden' })
    expect((await findRemoteAdapter(source, without, false)).weights.size).toBe(7)
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
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>')
    })
    ends.push(server.close)
    const at = (path: string): Promise<RemoteAdapter> => {
      const context = { hub: hubOf(undefined), network: browserNetwork, signal, firstPauseMs: 1 }
      return findRemoteAdapter({ kind: 'url', url: `${server.url}${path}` }, context, false)
    }
    expect(await at('/a.gguf?key=secret')).toMatchObject({ name: `${server.url}/a.gguf`, weights: { size: 4 } })
    expect(await at('/peft/')).toMatchObject({ config: { size: 2 }, weights: { size: 7 } })
    await expect(at('/login')).rejects.toMatchObject({ code: 'source-not-found' })
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
})
