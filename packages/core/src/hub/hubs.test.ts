import { afterEach, describe, expect, it } from 'vitest'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { browserNetwork, type Network } from '../network/network.ts'
import { parseHubUrl, parseRepository } from '../sources/hub-id.ts'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { hubApi } from './hub-api.ts'
import { type HubDescription, hubOf, huggingFace, modelScope } from './hubs.ts'
import { resolveModel } from './resolve-model.ts'
import { sourceKey } from './source-key.ts'

const { signal } = new AbortController()
let server: TestServer | undefined
afterEach(() => server?.close())

describe('the option hub', () => {
  it.each<[unknown, HubDescription]>([
    [undefined, huggingFace],
    ['huggingface', huggingFace],
    ['https://huggingface.co/', huggingFace],
    ['modelscope', modelScope],
    ['https://www.modelscope.cn/', modelScope],
    ['https://hub.test/mirror/', { preset: 'huggingface', base: 'https://hub.test/mirror', branch: 'main' }],
    ['http://localhost:8080', { preset: 'huggingface', base: 'http://localhost:8080', branch: 'main' }],
  ])('%s', (option, hub) => {
    expect(hubOf(option)).toEqual(hub)
    expect(structuredClone(hub)).toEqual(hub)
  })

  it.each<unknown>([null, 5, {}, '', 'hf', 'ftp://hub.test', 'https://user:pass@hub.test', 'javascript:1'])(
    'is refused: %s',
    (option) => {
      expect(() => hubOf(option)).toThrowError(
        expect.objectContaining({ code: 'option-invalid', details: { option: 'hub' } }),
      )
    },
  )
})

describe('ModelScope', () => {
  const file = (Path: string, Sha256: string | null = 'ab'.repeat(32)): unknown => ({
    Path,
    Type: 'blob',
    Size: 4,
    Sha256,
    Name: Path,
  })

  it('lists files with their digests, of the branch master', async () => {
    server = await serveTest((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://x')
      if (pathname.endsWith('/repo/files'))
        response.end(
          JSON.stringify({
            Code: 200,
            Success: true,
            Data: { Files: [{ Path: 'd', Type: 'tree', Size: 0 }, file('d/m Q8.gguf'), file('README.md')] },
          }),
        )
      else if (pathname === '/api/v1/models/org/name')
        response.end(
          JSON.stringify({
            Code: 200,
            Data: {
              License: 'apache-2.0',
              BaseModel: ['org/base'],
              ReadMeContent: '---\na: b\n---\nA model for tests that has a paragraph about itself.',
            },
          }),
        )
      else sendRange(request, response, Buffer.from('GGUF'))
    })
    const hub = { ...modelScope, base: server.url }
    const source = parseRepository('org/name', hub.branch)
    if (!source) throw new Error('no source')
    expect(await resolveModel(source, { hub, network: browserNetwork, signal, firstPauseMs: 1 })).toEqual({
      name: 'org/name:d/m Q8.gguf',
      key: `${server.url}/org/name@master`,
      hub: server.url,
      repository: 'org/name',
      format: 'gguf',
      weights: [
        {
          path: 'd/m Q8.gguf',
          url: `${server.url}/models/org/name/resolve/master/d/m%20Q8.gguf`,
          size: 4,
          sha256: 'ab'.repeat(32),
        },
      ],
      texts: [],
      about: {
        licence: 'apache-2.0',
        baseModel: 'org/base',
        summary: 'A model for tests that has a paragraph about itself.',
        page: `${server.url}/models/org/name`,
      },
    })
    expect(server.requests).toEqual([
      'GET /api/v1/models/org/name?Revision=master',
      'GET /api/v1/models/org/name/repo/files?Revision=master&Recursive=True',
    ])
  })

  it('has nothing to list of an unknown revision, and says 404 of an unknown model', async () => {
    server = await serveTest((request, response) => {
      if (request.url?.includes('/gone')) response.writeHead(404).end('{"Code":10010205001,"Success":false}')
      else response.end(JSON.stringify({ Code: 200, Success: true, Data: { Files: null } }))
    })
    const hub = { ...modelScope, base: server.url }
    for (const [repository, message] of [
      ['org/name', /no revision v9/],
      ['org/gone', /no model org\/gone/],
    ] as const)
      await expect(
        resolveModel({ kind: 'hub', repository, revision: 'v9' }, { hub, network: browserNetwork, signal }),
      ).rejects.toMatchObject({ code: 'source-not-found', message: expect.stringMatching(message) })
  })

  it.each([
    ['https://modelscope.cn/models/org/name', { repository: 'org/name', revision: 'master' }],
    ['https://modelscope.cn/models/org/name/summary', { repository: 'org/name', revision: 'master' }],
    ['https://modelscope.cn/models/org/name/files', { repository: 'org/name', revision: 'master' }],
    [
      'https://modelscope.cn/models/org/name/file/view/v1/d/m.gguf',
      { repository: 'org/name', revision: 'v1', file: 'd/m.gguf' },
    ],
    [
      'https://modelscope.cn/models/org/name/resolve/v1/m.gguf',
      { repository: 'org/name', revision: 'v1', file: 'm.gguf' },
    ],
    ['https://modelscope.cn/datasets/org/name', undefined],
  ])('has pages: %s', (url, source) => {
    expect(parseHubUrl(new URL(url), modelScope)).toEqual(source && { kind: 'hub', ...source })
  })
})

it('cursors and names of others change no URL of a hub', () => {
  for (const hub of [huggingFace, modelScope]) {
    const api = hubApi(hub)
    for (const url of [
      api.infoUrl('a/b', 'x?y#z/w'),
      api.treeUrl('a/b', '../../c'),
      api.fileUrl('a/b', 'r', 'd/e?f#g%.gguf'),
    ])
      expect(new URL(url)).toMatchObject({ origin: hub.base, hash: '' })
    expect(decodeURIComponent(new URL(api.fileUrl('a/b', 'r', 'd/e?f#g%.gguf')).pathname)).toMatch(/d\/e\?f#g%\.gguf$/)
  }
})

describe('a key', () => {
  it('is of what was asked for, and holds no secret', () => {
    const hub = { kind: 'hub', repository: 'a/b', revision: 'main', file: 'm.gguf' } as const
    expect(sourceKey(hub, huggingFace)).toBe('https://huggingface.co/a/b@main:m.gguf')
    const keyOf = (url: string): string => sourceKey({ kind: 'url', url }, huggingFace)
    expect(keyOf('https://u:p@x.test/m.gguf#x')).toBe('https://x.test/m.gguf')
    // A query may say which file is meant, and may be a secret.
    expect(keyOf('https://x.test/get?id=1&key=hidden')).toMatch(/^https:\/\/x\.test\/get\?[0-9a-f]{16}$/)
    expect(keyOf('https://x.test/get?id=1')).not.toBe(keyOf('https://x.test/get?id=2'))
    expect(sourceKey({ kind: 'url', url: 'blob:https://x.test/1-2' }, huggingFace)).toBe('blob:https://x.test/1-2')
  })
})

it("a token goes along with requests to the hub's own origin", async () => {
  const seen: unknown[] = []
  const network: Network = {
    fetch: async ({ url, headers }) => {
      seen.push([url, headers])
      return new Response()
    },
  }
  const ask = (url: string, token?: string): Promise<Response> =>
    authorizedNetwork(network, huggingFace, token).fetch({ url, headers: { Range: 'bytes=0-1' }, signal })
  await ask('https://huggingface.co/a', 'hf_x')
  await ask('https://huggingface.co.evil.test/a', 'hf_x')
  await ask('http://huggingface.co/a', 'hf_x')
  await ask('https://cdn-lfs.huggingface.co/a', 'hf_x')
  await ask('https://huggingface.co/b')
  expect(seen).toEqual([
    ['https://huggingface.co/a', { Range: 'bytes=0-1', Authorization: 'Bearer hf_x' }],
    ['https://huggingface.co.evil.test/a', { Range: 'bytes=0-1' }],
    ['http://huggingface.co/a', { Range: 'bytes=0-1' }],
    ['https://cdn-lfs.huggingface.co/a', { Range: 'bytes=0-1' }],
    ['https://huggingface.co/b', { Range: 'bytes=0-1' }],
  ])
})
