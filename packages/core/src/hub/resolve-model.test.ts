import { afterEach, describe, expect, it } from 'vitest'
import { browserNetwork, type Network } from '../network/network.ts'
import type { RemoteModel } from './remote-model.ts'
import { type RemoteSource, resolveModel } from './resolve-model.ts'
import { gitSha1Of, serveHub, sha256Of, type TestHub, type TestRepository, testCommit, testToken } from './testing.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const { signal } = new AbortController()
const quick = { network: browserNetwork, signal, firstPauseMs: 1 }

async function serve(repositories: Readonly<Record<string, TestRepository>>): Promise<TestHub> {
  const hub = await serveHub(repositories)
  ends.push(hub.close)
  return hub
}

function source(text: string): RemoteSource {
  const [, repository = '', revision = 'main', file] = /^([^@:]+)(?:@([^:]+))?(?::(.+))?$/.exec(text) ?? []
  return { kind: 'hub', repository, revision, ...(file !== undefined && { file }) }
}

/** Resolves `org/name` with these files. */
async function resolve(files: TestRepository['files'], text = 'org/name'): Promise<RemoteModel> {
  const { hub } = await serve({ 'org/name': { files } })
  return resolveModel(source(text), { ...quick, hub })
}

const folder = {
  '.gitattributes': '',
  'README.md': '---\nlicense: mit\n---\n# Name\n\nThis is a small model that was made for the tests of a loader.\n',
  'config.json': '{}',
  'model.safetensors': 'weights',
  'tokenizer.json': '{"a":1}',
  'original/consolidated.safetensors': 'x',
  'additional_chat_templates/tool_use.jinja': 'tools',
}

describe('a repository', () => {
  it('is pinned to its commit, with sizes and digests of all files, from all pages of its list', async () => {
    const card = { license: 'apache-2.0', base_model: ['org/base'], license_link: 'https://x.test/LICENSE' }
    const test = await serve({ 'org/name': { files: folder, card } })
    const model = await resolveModel(source('org/name'), { ...quick, hub: test.hub })
    const url = (path: string): string => `${test.url}/org/name/resolve/${testCommit}/${path}`
    const text = (path: keyof typeof folder): unknown => ({
      path,
      url: url(path),
      size: folder[path].length,
      gitSha1: gitSha1Of(folder[path]),
    })
    expect(model).toEqual({
      name: 'org/name',
      key: `${test.url}/org/name@main`,
      hub: test.url,
      repository: 'org/name',
      revision: testCommit,
      format: 'safetensors',
      weights: [
        {
          path: 'model.safetensors',
          url: url('model.safetensors'),
          size: 7,
          sha256: sha256Of(folder['model.safetensors']),
        },
      ],
      texts: [text('config.json'), text('tokenizer.json'), text('additional_chat_templates/tool_use.jinja')],
      about: {
        licence: 'apache-2.0',
        licenceUrl: 'https://x.test/LICENSE',
        baseModel: 'org/base',
        summary: 'This is a small model that was made for the tests of a loader.',
        page: `${test.url}/org/name`,
      },
    })
    expect(test.requests.every((request) => !request.includes('/resolve/') || request.includes('README'))).toBe(true)
  })

  it('gives its shards in the order of the index', async () => {
    const index = JSON.stringify({
      weight_map: { a: 'model-00002-of-00002.safetensors', b: 'model-00001-of-00002.safetensors' },
    })
    const shards = { 'model-00001-of-00002.safetensors': '1', 'model-00002-of-00002.safetensors': '22' }
    const model = await resolve({ ...shards, 'config.json': '{}', 'model.safetensors.index.json': index })
    expect(model.weights.map(({ path, size }) => [path, size])).toEqual([
      ['model-00001-of-00002.safetensors', 1],
      ['model-00002-of-00002.safetensors', 2],
    ])
  })

  it.each<[string, TestRepository['files'], readonly string[]]>([
    ['one file of another name', { 'weights.safetensors': '1' }, ['weights.safetensors']],
    [
      'shards without an index',
      { 'a-00002-of-00002.safetensors': '1', 'a-00001-of-00002.safetensors': '2' },
      ['a-00001-of-00002.safetensors', 'a-00002-of-00002.safetensors'],
    ],
    ['an adapter beside the weights', { 'adapter_model.safetensors': '1', 'w.safetensors': '2' }, ['w.safetensors']],
    [
      'one file and an index that was forgotten',
      { 'model.safetensors': '1', 'model.safetensors.index.json': 'old' },
      ['model.safetensors'],
    ],
  ])('may have %s', async (_, files, weights) => {
    const model = await resolve({ 'config.json': '{}', ...files })
    expect(model.weights.map(({ path }) => path)).toEqual(weights)
  })

  it('may have its model in a folder', async () => {
    const model = await resolve({ 'README.md': '', 'hf/config.json': '{}', 'hf/model.safetensors': '1' })
    expect(model.weights).toMatchObject([{ path: 'model.safetensors', url: expect.stringMatching(/\/hf\/model\.s/) }])
    expect(model.texts).toMatchObject([{ path: 'config.json', url: expect.stringMatching(/\/hf\/config\.json$/) }])
  })

  it.each<[string, TestRepository['files'], string, readonly string[]]>([
    ['the only one', { 'm.gguf': '1', 'mmproj-m.gguf': '2' }, 'org/name', ['m.gguf']],
    [
      'a usual quantisation',
      { 'm.Q2_K.gguf': '1', 'm.q4_k_m.gguf': '2', 'm.Q8_0.gguf': '3' },
      'org/name',
      ['m.q4_k_m.gguf'],
    ],
    ['the one that is named, in a folder', { 'a/m.gguf': '1', 'b/m.gguf': '2' }, 'org/name:b/m.gguf', ['b/m.gguf']],
    [
      'one in three parts',
      { 'm-00002-of-00003.gguf': '2', 'm-00001-of-00003.gguf': '1', 'm-00003-of-00003.gguf': '3' },
      'org/name',
      ['m-00001-of-00003.gguf', 'm-00002-of-00003.gguf', 'm-00003-of-00003.gguf'],
    ],
    [
      'all parts of the one that is named',
      { 'q/m-00001-of-00002.gguf': '2', 'q/m-00002-of-00002.gguf': '1', 'b.gguf': '' },
      'org/name:q/m-00002-of-00002.gguf',
      ['q/m-00001-of-00002.gguf', 'q/m-00002-of-00002.gguf'],
    ],
  ])('has GGUF files: %s', async (_, files, text, weights) => {
    const model = await resolve(files, text)
    expect(model.format).toBe('gguf')
    expect(model.weights.map(({ path }) => path)).toEqual(weights)
    expect(model.name).toBe(`org/name:${weights[0]}`)
  })

  it.each<[string, TestRepository['files'], string, object]>([
    [
      'several that are alike',
      { 'a.gguf': '', 'b.gguf': '' },
      'org/name',
      { code: 'source-ambiguous', details: { files: ['a.gguf', 'b.gguf'] } },
    ],
    [
      'another spelling',
      { 'Model.gguf': '' },
      'org/name:model.gguf',
      { code: 'source-not-found', message: expect.stringContaining('it has Model.gguf') },
    ],
    [
      'a part that is missing',
      { 'm-00001-of-00002.gguf': '' },
      'org/name',
      { code: 'source-not-found', message: expect.stringContaining('m-00002-of-00002.gguf') },
    ],
    [
      'another format',
      { 'config.json': '', 'pytorch_model.bin': '' },
      'org/name',
      { code: 'source-not-found', message: expect.stringContaining('pytorch_model.bin is a format') },
    ],
    [
      'an adapter alone',
      { 'adapter_config.json': '', 'adapter_model.safetensors': '' },
      'org/name',
      { code: 'source-not-found', message: expect.stringContaining('LoRA adapter') },
    ],
    [
      'no such revision',
      { 'm.gguf': '' },
      'org/name@v9',
      { code: 'source-not-found', message: expect.stringContaining('no revision v9') },
    ],
    [
      'weights of several models',
      { 'config.json': '', 'a.safetensors': '', 'b.safetensors': '' },
      'org/name',
      { code: 'source-ambiguous' },
    ],
    [
      'a shard that is missing',
      {
        'config.json': '',
        'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}',
        'y.safetensors': '',
      },
      'org/name',
      { code: 'source-not-found', message: expect.stringContaining('lacks x.safetensors') },
    ],
  ])('does not guess: %s', async (_, files, text, error) => {
    await expect(resolve(files, text)).rejects.toMatchObject(error)
  })

  it('goes by its new name where it was renamed, and by the old one in the store', async () => {
    const files = { 'm.gguf': '1' }
    const test = await serve({ 'Old/Name': { files, movedTo: 'org/name' }, 'org/name': { files } })
    expect(await resolveModel(source('Old/Name@v1'), { ...quick, hub: test.hub })).toMatchObject({
      name: 'org/name@v1:m.gguf',
      key: `${test.url}/Old/Name@v1`,
      repository: 'org/name',
      weights: [{ url: `${test.url}/org/name/resolve/${testCommit}/m.gguf` }],
    })
  })
})

describe('a token', () => {
  const gated = { files: { 'm.gguf': '1' }, gated: 'manual' } as const

  it('opens a gated repository, and nothing that is given back holds it', async () => {
    const test = await serve({ 'org/name': gated })
    const model = await resolveModel(source('org/name'), { ...quick, hub: test.hub, token: testToken })
    expect(JSON.stringify(model)).not.toContain(testToken)
    expect(new Set(test.authorizations)).toEqual(new Set([`Bearer ${testToken}`]))
    expect(test.requests.join()).not.toContain(testToken)
  })

  it.each<[string, string | undefined, object]>([
    [
      'none',
      undefined,
      {
        code: 'source-forbidden',
        message: expect.stringMatching(/is gated.*option token/),
        details: { gated: true, status: 401 },
      },
    ],
    [
      'one that was not let in',
      'hf_other',
      {
        code: 'source-forbidden',
        message: expect.stringMatching(/accept it on .*org\/name/),
        details: { gated: true, status: 403 },
      },
    ],
  ])('of a gated repository: %s', async (_, token, error) => {
    const { hub } = await serve({ 'org/name': gated })
    const failed: unknown = await resolveModel(source('org/name'), { ...quick, hub, token }).catch((error) => error)
    expect(failed).toMatchObject(error)
    expect(JSON.stringify(Object(failed).details) + String(failed)).not.toContain('hf_other')
  })

  it('may be what a private repository lacks', async () => {
    const { hub } = await serve({})
    const ask = (token?: string): Promise<RemoteModel> => resolveModel(source('org/gone'), { ...quick, hub, token })
    await expect(ask()).rejects.toMatchObject({
      code: 'source-forbidden',
      message: expect.stringContaining('or it is private'),
    })
    await expect(ask('hf_x')).rejects.toMatchObject({
      code: 'source-forbidden',
      message: expect.stringContaining('token may read'),
    })
  })

  it("goes to the hub's own origin only, and an app's headers do as well", async () => {
    const { hub } = await serve({ 'org/name': gated })
    const seen: string[] = []
    const network: Network = {
      fetch: (request) => {
        seen.push(new URL(request.url).origin)
        return browserNetwork.fetch({
          ...request,
          headers: { ...request.headers, Authorization: `Bearer ${testToken}` },
        })
      },
    }
    expect(await resolveModel(source('org/name'), { ...quick, hub, network })).toMatchObject({ format: 'gguf' })
    expect(new Set(seen)).toEqual(new Set([hub.base]))
    const other = await serve({ 'org/name': { files: { 'm.gguf': '' } } })
    const url = `${other.url}/org/name/resolve/main/m.gguf`
    await resolveModel({ kind: 'url', url }, { ...quick, hub, token: testToken })
    expect(other.authorizations).toEqual([undefined])
  })
})
