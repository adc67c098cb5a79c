import { afterEach, describe, expect, it } from 'vitest'
import { browserNetwork } from '../network/network.ts'
import { type Handler, sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { huggingFace } from './hubs.ts'
import type { RemoteModel } from './remote-model.ts'
import { resolveModel } from './resolve-model.ts'

let server: TestServer | undefined
afterEach(() => server?.close())

const { signal } = new AbortController()
const context = { hub: huggingFace, network: browserNetwork, signal, firstPauseMs: 1 }

async function resolve(path: string, handler: Handler): Promise<RemoteModel> {
  server = await serveTest(handler)
  return resolveModel({ kind: 'url', url: server.url + path }, context)
}

/** A folder of files behind `/m/`. */
function folder(files: Readonly<Record<string, string>>, headers: Record<string, string> = {}): Handler {
  return (request, response) => {
    const content = files[new URL(request.url ?? '/', 'http://x').pathname.slice(3)]
    if (content === undefined) response.writeHead(404).end()
    else sendRange(request, response, Buffer.from(content), headers)
  }
}

const page: Handler = (_, response) =>
  void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html>')

describe('a URL', () => {
  it('of a GGUF file is asked for what its header is read from, with its query, which is no part of its name', async () => {
    const model = await resolve('/m/a%20b.gguf?sig=secret', folder({ 'a%20b.gguf': 'GGUF...' }, { ETag: '"e"' }))
    const url = `${server?.url}/m/a%20b.gguf`
    expect(model).toEqual({
      name: url,
      key: url,
      format: 'gguf',
      weights: [{ path: 'a b.gguf', url: `${url}?sig=secret`, size: 7, etag: '"e"' }],
      texts: [],
      about: {},
    })
    expect(server?.requests).toEqual(['GET /m/a%20b.gguf?sig=secret bytes=0-262143'])
  })

  it('of a file without an ETag tells when it was changed', async () => {
    const modified = 'Sun, 22 Nov 2026 19:00:00 GMT'
    const handler = folder({ 'a.gguf': 'GGUF...' }, { 'Last-Modified': modified })
    expect((await resolve('/m/a.gguf', handler)).weights).toMatchObject([{ etag: `modified ${modified}` }])
    await server?.close()
    const weak = folder({ 'a.gguf': 'GGUF...' }, { ETag: 'W/"1"', 'Last-Modified': modified })
    expect((await resolve('/m/a.gguf', weak)).weights).toMatchObject([{ etag: `modified ${modified}` }])
  })

  it('of any part of a split GGUF is all of its parts', async () => {
    const part = (number: number): string => `m-0000${number}-of-00003.gguf`
    const files = { [part(1)]: 'GGUF1', [part(2)]: 'GGUF22', [part(3)]: 'GGUF333' }
    const model = await resolve(`/m/${part(2)}?key=1`, folder(files))
    expect(model.weights).toMatchObject([
      { path: part(1), size: 5, url: expect.stringMatching(/00001-of-00003\.gguf\?key=1$/) },
      { path: part(2), size: 6 },
      { path: part(3), size: 7 },
    ])
  })

  it('of a folder is the files that are there, and its shards', async () => {
    const index = JSON.stringify({ weight_map: { a: 'a.safetensors', b: 'b.safetensors' } })
    const files = { 'config.json': '{}', 'tokenizer.json': '{"x":1}', 'model.safetensors.index.json': index }
    const model = await resolve('/m?k=1', folder({ ...files, 'a.safetensors': '1', 'b.safetensors': '22' }))
    expect(model.key).toBe(`${server?.url}/m`)
    expect(model.weights.map(({ path, size }) => [path, size])).toEqual([
      ['a.safetensors', 1],
      ['b.safetensors', 2],
    ])
    expect(model.texts.map(({ path, size }) => [path, size])).toEqual([
      ['config.json', 2],
      ['model.safetensors.index.json', index.length],
      ['tokenizer.json', 7],
    ])
    expect(model.texts[0]?.url).toBe(`${server?.url}/m/config.json?k=1`)
  })

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'one file and all texts',
      {
        ...{ 'config.json': '{}', 'tokenizer.json': '{}', 'tokenizer_config.json': '{}', 'chat_template.jinja': 'x' },
        ...{ 'generation_config.json': '{}', 'model.safetensors': '12345678' },
      },
      [],
    ],
    [
      'one file as of 2023',
      {
        ...{ 'config.json': '{}', 'tokenizer.json': '{}', 'tokenizer_config.json': '{"chat_template":"x"}' },
        ...{ 'generation_config.json': '{}', 'model.safetensors': '12345678' },
      },
      ['chat_template.jinja'],
    ],
    [
      'shards, and a tokenizer in parts',
      {
        ...{ 'config.json': '{}', 'vocab.json': '{}', 'merges.txt': 'a b', 'generation_config.json': '{}' },
        'tokenizer_config.json': '{"chat_template":"x","added_tokens_decoder":{}}',
        'model.safetensors.index.json': '{"weight_map":{"a":"a.safetensors"}}',
        'a.safetensors': '12345678',
      },
      ['chat_template.jinja', 'model.safetensors', 'tokenizer.json'],
    ],
  ])('of a folder asks for each file once, and for little that it lacks: %s', async (_, files, missing) => {
    const model = await resolve('/m/', folder(files))
    const asked = (server?.requests ?? []).map((request) => request.replace(/^GET \/m\/| bytes=.*$/g, ''))
    expect(asked.toSorted()).toEqual([...Object.keys(files), ...missing].toSorted())
    const found = [...model.texts, ...model.weights].map(({ path }) => path)
    expect(found.toSorted()).toEqual(Object.keys(files).toSorted())
  })

  it('of no folder is asked for a config, and then itself', async () => {
    await resolve('/m/blob', (request, response) =>
      request.url === '/m/blob'
        ? sendRange(request, response, Buffer.from('GGUF3'))
        : void response.writeHead(404).end(),
    )
    expect(server?.requests).toEqual(['GET /m/blob/config.json', 'GET /m/blob bytes=0-262143'])
  })

  it('of a GGUF file that does not say so is found out', async () => {
    const model = await resolve('/m/blob', (request, response) =>
      request.url === '/m/blob' ? sendRange(request, response, Buffer.from('GGUF3')) : page(request, response, 1),
    )
    expect(model).toMatchObject({ format: 'gguf', weights: [{ path: 'model.gguf', size: 5 }] })
  })

  it('may be of a server without ranges, or of a file that is zipped on the way', async () => {
    const plain = await resolve('/m.gguf', (_, response) => void response.end('GGUF and more'))
    expect(plain.weights).toMatchObject([{ size: 13 }])
    await server?.close()
    const chunked = await resolve('/m.gguf', (_, response) => {
      response.write('GG')
      response.end('UF')
    })
    expect(chunked.weights[0]).not.toHaveProperty('size')
  })

  it.each<[string, string, Handler, object]>([
    ['a page for a file', '/m.gguf', page, { code: 'not-a-model-file' }],
    [
      'a pointer for a file',
      '/m/m.gguf',
      folder({ 'm.gguf': 'version https://git-lfs.github.com/spec/v1' }),
      { code: 'not-a-model-file' },
    ],
    ['a page for everything', '/m', page, { code: 'source-not-found' }],
    ['no such file', '/m.gguf', (_, response) => void response.writeHead(404).end(), { code: 'source-not-found' }],
    [
      'nothing for this page',
      '/m.gguf',
      (_, response) => void response.writeHead(403).end(),
      { code: 'source-forbidden' },
    ],
    [
      'nothing at all for this page',
      '/m',
      (_, response) => void response.writeHead(401).end(),
      { code: 'source-forbidden' },
    ],
    ['trouble', '/m.gguf', (_, response) => void response.writeHead(503).end(), { code: 'source-unavailable' }],
    [
      'a part that is missing',
      '/m/m-00001-of-00002.gguf',
      folder({ 'm-00001-of-00002.gguf': 'GGUF' }),
      { code: 'source-not-found' },
    ],
    ['a config alone', '/m', folder({ 'config.json': '{}' }), { code: 'source-not-found' }],
    [
      'an index that climbs out',
      '/m',
      folder({ 'config.json': '{}', 'model.safetensors.index.json': '{"weight_map":{"a":"../../x.safetensors"}}' }),
      { code: 'file-malformed' },
    ],
    [
      'an index that is a page',
      '/m',
      folder({ 'config.json': '{}', 'model.safetensors.index.json': '<html>' }),
      { code: 'file-malformed' },
    ],
  ])('with %s is a typed error without its query', async (_, path, handler, error) => {
    const failed: unknown = await resolve(`${path}?sig=secret`, handler).catch((error) => error)
    expect(failed).toMatchObject(error)
    expect(String(failed) + JSON.stringify(Object(failed).details)).not.toContain('secret')
  })
})
