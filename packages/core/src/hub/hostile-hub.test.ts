import { afterEach, describe, expect, it } from 'vitest'
import { browserNetwork } from '../network/network.ts'
import { serveTest, type TestServer } from '../test-support/test-server.ts'
import { hubOf } from './hubs.ts'
import type { RemoteModel } from './remote-model.ts'
import { type RemoteSource, resolveModel } from './resolve-model.ts'
import { testCommit } from './testing.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const quick = { network: browserNetwork, signal: new AbortController().signal, firstPauseMs: 1 }
const named: RemoteSource = { kind: 'hub', repository: 'org/name', revision: 'main' }

describe('a server that is no hub, or one that lies', () => {
  type Answer = { readonly body?: unknown; readonly status?: number; readonly headers?: Record<string, string> }

  /** `info` and `tree` as they are told. */
  async function lying(
    answers: (url: string, server: TestServer, count: number) => Answer,
  ): Promise<{ server: TestServer; model: Promise<RemoteModel> }> {
    const server = await serveTest((request, response, count) => {
      const { body = '', status = 200, headers = {} } = answers(request.url ?? '', server, count)
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    ends.push(server.close)
    const model = resolveModel(named, { ...quick, hub: hubOf(server.url) })
    model.catch(() => {})
    return { server, model }
  }

  const isTree = (url: string): boolean => url.includes('/tree/')
  const info = { body: { id: 'org/name', sha: testCommit } }
  const file = (path: unknown, size: unknown = 1): unknown => ({ type: 'file', path, size, oid: 'f'.repeat(40) })

  it.each<[string, (url: string) => Answer, object]>([
    ['a login page', () => ({ body: '<!doctype html><title>Log in</title>' }), { code: 'source-unavailable' }],
    ['a page for the list', (url) => (isTree(url) ? { body: '<html>' } : info), { code: 'source-unavailable' }],
    ['JSON of another kind', () => ({ body: { hello: 1 } }), { code: 'source-unavailable' }],
    ['a list that is none', (url) => (isTree(url) ? { body: { files: [] } } : info), { code: 'source-unavailable' }],
    ['an empty list', (url) => (isTree(url) ? { body: [] } : info), { code: 'source-not-found' }],
    [
      'paths that are none',
      (url) =>
        isTree(url)
          ? {
              body: [
                '../m.gguf',
                '/m.gguf',
                'a//m.gguf',
                'a\u0000.gguf',
                'a\\b.gguf',
                './m.gguf',
                7,
                null,
                'x'.repeat(5000),
              ].map((path) => file(path)),
            }
          : info,
      { code: 'source-not-found' },
    ],
    [
      'an answer of 9 MB',
      (url) => (isTree(url) ? { body: `[${' '.repeat(9 << 20)}]` } : info),
      { code: 'file-limit-exceeded' },
    ],
    [
      'a million files on many pages',
      (url) =>
        isTree(url)
          ? {
              body: Array.from({ length: 1000 }, (_, index) => file(`${url.split('cursor=')[1] ?? 0}-${index}`)),
              headers: {
                Link: `<${url.split('&')[0]}&cursor=${Number(url.split('cursor=')[1] ?? 0) + 1}>; rel="next"`,
              },
            }
          : info,
      { code: 'file-limit-exceeded' },
    ],
    [
      'a list that goes in circles',
      (url) => (isTree(url) ? { body: [file('m.gguf')], headers: { Link: `<${url}>; rel="next"` } } : info),
      { code: 'source-unavailable' },
    ],
    ['nothing but trouble', () => ({ status: 500 }), { code: 'source-unavailable' }],
  ])('%s', async (_, answers, error) => {
    const { server, model } = await lying(answers)
    await expect(model).rejects.toMatchObject(error)
    expect(server.requests.length).toBeLessThan(40)
  })

  it('cannot send the list to another server', async () => {
    const other = await serveTest((_, response) => void response.end('[]'))
    ends.push(other.close)
    const { model } = await lying((url) =>
      isTree(url) ? { body: [file('m.gguf')], headers: { Link: `<${other.url}/x>; rel="next"` } } : info,
    )
    expect(await model).toMatchObject({ format: 'gguf' })
    expect(other.requests).toEqual([])
  })

  it("may be a mirror that passes on the hub's own links", async () => {
    const { server, model } = await lying((url) => {
      if (!isTree(url)) return info
      if (url.includes('cursor=two')) return { body: [file('b/config.json'), file('b/model.safetensors')] }
      const link = `<https://hub.invalid${url.replace('?', '?limit=9&')}&cursor=two>; rel="next"`
      return { body: [file('README.md')], headers: { Link: link } }
    })
    expect(await model).toMatchObject({ format: 'safetensors' })
    expect(server.requests.filter(isTree)).toHaveLength(2)
  })

  it('has no say in sizes, digests and ids that make no sense', async () => {
    const { model } = await lying((url) =>
      isTree(url)
        ? { body: [{ type: 'file', path: 'm.gguf', size: -5, oid: 'zz', lfs: { oid: 'sha', size: 1e300 } }] }
        : {
            body: {
              id: '../../evil',
              sha: testCommit,
              gated: 'no',
              cardData: { license: { a: 1 }, base_model: [5, '\u202eevil\n'] },
            },
          },
    )
    expect(await model).toMatchObject({ name: 'org/name:m.gguf', repository: 'org/name', about: { baseModel: 'evil' } })
    expect((await model).weights).toEqual([
      { path: 'm.gguf', url: expect.stringMatching(/resolve\/c0ffee0*\/m\.gguf$/) },
    ])
  })

  it('may be busy for a while', async () => {
    const { model } = await lying((url, _, count) =>
      count < 3 ? { status: 429, body: '<html>' } : isTree(url) ? { body: [file('m.gguf')] } : info,
    )
    expect(await model).toMatchObject({ format: 'gguf' })
  })

  it('may be a plain mirror that only lists', async () => {
    const { model } = await lying((url) => (isTree(url) ? { body: [file('m.gguf')] } : { status: 404 }))
    expect(await model).toMatchObject({ name: 'org/name:m.gguf', about: {} })
  })

  it('is let go of when the signal says so', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const server = await serveTest(() => controller.abort(reason))
    ends.push(server.close)
    const asked = resolveModel(named, { ...quick, hub: hubOf(server.url), signal: controller.signal })
    await expect(asked).rejects.toBe(reason)
  })
})
