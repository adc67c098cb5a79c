import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeHub, startHub } from './start-hub.ts'

// Each line of what the hub is known to do, asked of it without a browser; what a page sees is in cors.page.test.ts.
const weights = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251))
const config = JSON.stringify({ model_type: 'llama', padding: 'x'.repeat(3000) })
const sha256 = createHash('sha256').update(weights).digest('hex')
const blobId = createHash('sha1').update(`blob ${config.length}\0${config}`).digest('hex')
const origin = 'https://app.example'

let hub: FakeHub
let commit: string

beforeAll(async () => {
  hub = await startHub()
  commit = hub.add('Org/Name', {
    files: { 'config.json': config, 'model.safetensors': weights, 'sub/deep/note.txt': 'a note' },
    card: { license: 'apache-2.0' },
    baseModel: { id: 'Base/Model', relation: 'quantized' },
  })
  hub.add('org/gated', { files: { 'config.json': '{}', 'model.gguf': 'x' }, gated: 'manual' })
  hub.add('org/private', { files: { 'config.json': '{}' }, private: true })
  hub.add('org/old', { files: { 'config.json': '{}' } })
  hub.rename('org/old', 'org/new')
  hub.allow('hf_in', 'org/gated', 'org/private')
  hub.allow('hf_out')
})
beforeEach(() => hub.forget())
afterAll(() => hub.close())

const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Response> =>
  fetch(path.startsWith('http') ? path : `${hub.url}${path}`, { headers, method, redirect: 'manual' })
const signed = async (headers: Readonly<Record<string, string>> = {}): Promise<string> => {
  const answer = await ask('/Org/Name/resolve/main/model.safetensors', headers)
  return answer.headers.get('location') ?? ''
}

describe('the API', () => {
  it('lists files with the digests that say what they are', async () => {
    const entries: unknown = await (await ask('/api/models/Org/Name/tree/main?recursive=true')).json()
    expect(entries).toContainEqual({ type: 'file', oid: blobId, size: config.length, path: 'config.json' })
    expect(entries).toContainEqual(
      expect.objectContaining({
        path: 'model.safetensors',
        size: weights.length,
        lfs: expect.objectContaining({ oid: sha256, size: weights.length }),
      }),
    )
    expect(entries).toContainEqual(expect.objectContaining({ type: 'directory', path: 'sub/deep' }))
    expect(entries).toContainEqual(expect.objectContaining({ type: 'file', path: 'sub/deep/note.txt' }))
    const top: unknown = await (await ask(`/api/models/Org/Name/tree/${commit.slice(0, 8)}`)).json()
    expect(JSON.stringify(top)).not.toContain('note.txt')
  })

  it('gives a thousand entries at a time, and a link to the next', async () => {
    const files = Object.fromEntries(Array.from({ length: 2300 }, (_, index) => [`file-${index}.txt`, 'x']))
    hub.add('org/many', { files })
    let url: string | undefined = `${hub.url}/api/models/org/many/tree/main?recursive=true`
    const lengths: number[] = []
    const seen = new Set<string>()
    while (url) {
      const answer: Response = await ask(url)
      const page: { path: string }[] = await answer.json()
      lengths.push(page.length)
      for (const { path } of page) seen.add(path)
      url = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    expect(lengths).toEqual([1000, 1000, 300])
    expect(seen.size).toBe(2300)
  })

  it('tells a model with its commit, digests only with blobs, single fields with expand', async () => {
    const plain = await (await ask('/api/models/Org/Name')).json()
    expect(plain).toMatchObject({ id: 'Org/Name', sha: commit, gated: false, cardData: { license: 'apache-2.0' } })
    expect(JSON.stringify(plain.siblings)).not.toContain(sha256)
    const blobs = await (await ask(`/api/models/Org/Name/revision/${commit}?blobs=true`)).json()
    expect(blobs.siblings).toContainEqual(
      expect.objectContaining({ rfilename: 'model.safetensors', lfs: expect.objectContaining({ sha256 }) }),
    )
    const some = await (await ask('/api/models/Org/Name?expand=sha&expand=gated')).json()
    expect(Object.keys(some).sort()).toEqual(['_id', 'gated', 'id', 'sha'])
    expect((await ask('/api/models/Org/Name?expand=sha,gated')).status).toBe(400)
  })

  it('finds what was quantised from a model, by the exact spelling only', async () => {
    const found = await (await ask('/api/models?filter=base_model:quantized:Base/Model')).json()
    expect(found).toMatchObject([{ id: 'Org/Name' }])
    expect(await (await ask('/api/models?filter=base_model:quantized:base/model')).json()).toEqual([])
  })

  it('has a weak ETag', async () => {
    expect((await ask('/api/models/Org/Name')).headers.get('etag')).toMatch(/^W\/"/)
  })

  it('says 401 for what is missing and for what is private, and 404 for it with a token', async () => {
    for (const id of ['org/none', 'org/private']) {
      const answer = await ask(`/api/models/${id}/tree/main`)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toEqual({ error: 'Invalid username or password.' })
      const known = await ask(`/api/models/${id}/tree/main`, { authorization: 'Bearer hf_out' })
      expect([known.status, known.headers.get('x-error-code')]).toEqual([404, 'RepoNotFound'])
    }
    expect((await ask('/api/models/org/private', { authorization: 'Bearer hf_in' })).status).toBe(200)
    expect((await ask('/api/models/Org/Name', { authorization: 'Bearer hf_wrong' })).status).toBe(401)
  })

  it('has codes for revisions and files that there are not', async () => {
    const revision = await ask('/api/models/Org/Name/tree/nothing')
    expect([revision.status, revision.headers.get('x-error-code')]).toEqual([404, 'RevisionNotFound'])
    const entry = await ask('/Org/Name/resolve/main/nothing.bin')
    expect([entry.status, entry.headers.get('x-error-code')]).toEqual([404, 'EntryNotFound'])
  })

  it('leads from an old name and another spelling to the one there is', async () => {
    for (const [from, to] of [
      ['/api/models/org/old/tree/main?recursive=1', '/api/models/org/new/tree/main?recursive=1'],
      ['/api/models/oRG/nAME', '/api/models/Org/Name'],
      ['/org/old/resolve/main/config.json', '/org/new/resolve/main/config.json'],
    ] as const) {
      const answer = await ask(from)
      expect([answer.status, answer.headers.get('location')]).toEqual([307, to])
    }
  })
})

describe('the resolver', () => {
  it('redirects large files with what only the redirect tells', async () => {
    const answer = await ask('/Org/Name/resolve/main/model.safetensors')
    expect(answer.status).toBe(302)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-linked-etag': `"${sha256}"`,
      'x-linked-size': String(weights.length),
      'x-repo-commit': commit,
      'cache-control': 'no-store',
    })
    expect(answer.headers.get('location')).toMatch(new RegExp(`^${hub.cdnUrl}/xet-bridge-us/`))
  })

  it('leads small files to a cache of its own, where If-None-Match is 304', async () => {
    const answer = await ask('/Org/Name/resolve/main/config.json')
    expect(answer.status).toBe(307)
    const location = answer.headers.get('location') ?? ''
    expect(location).toMatch(new RegExp(`^/api/resolve-cache/models/Org/Name/${commit}/config.json`))
    const small = await ask(location, { 'accept-encoding': 'identity' })
    expect([small.headers.get('etag'), small.headers.get('x-repo-commit')]).toEqual([`"${blobId}"`, commit])
    expect(await small.text()).toBe(config)
    expect((await ask(location, { 'if-none-match': `"${blobId}"` })).status).toBe(304)
  })

  it('zips small text, which then has a weak ETag and no length, but no range of it', async () => {
    const path = `/api/resolve-cache/models/Org/Name/${commit}/config.json`
    const zipped = await ask(path, { 'accept-encoding': 'gzip' })
    expect([zipped.headers.get('content-encoding'), zipped.headers.get('content-length')]).toEqual(['gzip', null])
    expect(zipped.headers.get('etag')).toBe(`W/"${blobId}"`)
    expect(await zipped.text()).toBe(config)
    const range = await ask(path, { 'accept-encoding': 'gzip', range: 'bytes=2-5' })
    expect([range.status, range.headers.get('content-range')]).toEqual([206, `bytes 2-5/${config.length}`])
    expect(await range.text()).toBe(config.slice(2, 6))
    const past = await ask(path, { range: 'bytes=99999-' })
    expect([past.status, past.headers.get('content-range')]).toEqual([416, `bytes */${config.length}`])
  })

  it('keeps the files of a gated repository for those that were let in', async () => {
    const path = '/org/gated/resolve/main/model.gguf'
    expect((await ask('/api/models/org/gated/tree/main')).status).toBe(200)
    const refused = await ask(path)
    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([401, 'GatedRepo'])
    expect((await ask(path, { authorization: 'Bearer hf_out' })).status).toBe(403)
    expect((await ask(path, { authorization: 'Bearer hf_in' })).status).toBe(302)
  })

  it('keeps a commit as it is when the branch goes on', async () => {
    const first = hub.add('org/moving', { files: { 'a.txt': 'one' } })
    const second = hub.commit('org/moving', { 'a.txt': 'two' })
    const read = async (revision: string): Promise<string> =>
      (await fetch(`${hub.url}/org/moving/resolve/${revision}/a.txt`)).text()
    expect([await read('main'), await read(first), await read(second)]).toEqual(['two', 'one', 'two'])
  })
})

describe('the CDN', () => {
  it('gives any range of an address that was resolved without one, with its own ETag', async () => {
    const url = await signed()
    const answer = await ask(url, { range: 'bytes=10-19' })
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes 10-19/${weights.length}`])
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(weights.subarray(10, 20))
    expect(answer.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/)
    expect(answer.headers.get('etag')).not.toContain(sha256)
    expect((await ask(url)).status).toBe(200)
    const tail = await ask(url, { range: 'bytes=-3' })
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(weights.subarray(-3))
    const head = await ask(url, {}, 'HEAD')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(weights.length)])
    const conditional = await ask(url, { range: 'bytes=0-1', 'if-range': '"another"' })
    expect(conditional.status).toBe(206)
  })

  it('gives no other range of an address that was resolved with one', async () => {
    const url = await signed({ range: 'bytes=0-9' })
    expect((await ask(url, { range: 'bytes=0-9' })).status).toBe(206)
    for (const headers of [{ range: 'bytes=10-19' }, {}]) {
      const other = await ask(url, headers)
      expect([other.status, await other.text()]).toEqual([403, 'Auth failed: invalid range'])
    }
  })

  it('gives nothing of an address that is too old, or was made by another', async () => {
    const url = await signed()
    expect((await ask(url.replace(/Signature=.{4}/, 'Signature=AAAA'))).status).toBe(403)
    hub.advance(3601)
    expect((await ask(url)).status).toBe(403)
    expect((await ask(await signed())).status).toBe(200)
  })

  it('answers past the end without body and without Content-Range', async () => {
    const answer = await ask(await signed(), { range: `bytes=${weights.length}-` })
    expect([answer.status, answer.headers.get('content-range'), await answer.text()]).toEqual([416, null, ''])
  })
})

describe('rate limits', () => {
  it('end in a long page for people without Retry-After, and after five minutes', async () => {
    const small = await startHub({ limits: { api: 2, resolve: 1 } })
    small.add('org/name', { files: { 'a.gguf': 'x' } })
    const api = (): Promise<Response> => fetch(`${small.url}/api/models/org/name`)
    expect([(await api()).status, (await api()).status]).toEqual([200, 200])
    const refused = await api()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null])
    expect(refused.headers.get('ratelimit')).toMatch(/^"api";r=0;t=\d+$/)
    expect((await refused.text()).length).toBeGreaterThan(50_000)
    const first = await fetch(`${small.url}/org/name/resolve/main/a.gguf`)
    // The CDN counts none.
    for (let index = 0; index < 5; index++) expect((await fetch(first.url)).status).toBe(200)
    expect((await fetch(`${small.url}/org/name/resolve/main/a.gguf`)).status).toBe(429)
    small.advance(301)
    expect((await api()).status).toBe(200)
    await small.close()
  })
})

describe('what was asked and sent', () => {
  it('is known for each request', async () => {
    const url = await signed()
    await (await ask(url, { range: 'bytes=0-99', origin })).arrayBuffer()
    await (await ask(url, { range: 'bytes=100-299' })).arrayBuffer()
    expect(hub.bytesSent('model.safetensors')).toBe(300)
    expect([hub.count('resolve'), hub.count('cdn', 'model.safetensors'), hub.count('api')]).toEqual([1, 2, 0])
    expect(hub.log.at(1)).toMatchObject({ origin: 'cdn', range: 'bytes=0-99', bytesSent: 100, headers: { origin } })
  })
})
