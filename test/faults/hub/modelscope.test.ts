import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeHub, startHub } from './start-hub.ts'

const weights = Buffer.alloc(4000, 7)
const sha256 = createHash('sha256').update(weights).digest('hex')
let hub: FakeHub

beforeAll(async () => {
  hub = await startHub({ kind: 'modelscope' })
  hub.add('org/name', { files: { 'config.json': '{"a":1,"b":2}', 'model.safetensors': weights, 'sub/a.txt': 'x' } })
})
afterAll(() => hub.close())

const ask = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${hub.url}${path}`, { headers, redirect: 'manual' })

it('lists files with their SHA-256, and none for a revision that there is not', async () => {
  const { Data } = await (await ask('/api/v1/models/org/name/repo/files?Revision=master&Recursive=true')).json()
  expect(Data.Files).toContainEqual(
    expect.objectContaining({ Type: 'blob', Path: 'model.safetensors', Size: 4000, Sha256: sha256, IsLFS: true }),
  )
  expect(Data.Files).toContainEqual(expect.objectContaining({ Type: 'tree', Path: 'sub' }))
  const unknown = await ask('/api/v1/models/org/name/repo/files?Revision=nothing')
  expect([unknown.status, (await unknown.json()).Data.Files]).toEqual([200, []])
})

it('redirects large files to a CDN that answers ranges', async () => {
  for (const path of [
    '/models/org/name/resolve/master/model.safetensors',
    '/api/v1/models/org/name/repo?Revision=master&FilePath=model.safetensors',
  ]) {
    const answer = await ask(path)
    expect(answer.status).toBe(302)
    const part = await fetch(answer.headers.get('location') ?? '', { headers: { range: 'bytes=5-9' } })
    expect([part.status, part.headers.get('access-control-expose-headers')]).toEqual([206, null])
    expect((await part.arrayBuffer()).byteLength).toBe(5)
  }
})

it('gives small files itself, of which a range without an end ends too soon', async () => {
  const path = '/models/org/name/resolve/master/config.json'
  expect(await (await ask(path)).text()).toBe('{"a":1,"b":2}')
  const part = await ask(path, { range: 'bytes=1-3' })
  expect([part.status, await part.text()]).toEqual([206, '"a"'])
  const open = await ask(path, { range: 'bytes=7-' })
  expect([open.status, open.headers.get('content-length')]).toEqual([200, '13'])
  await expect(open.text()).rejects.toThrow()
})

it('fails with 404 and a code', async () => {
  for (const path of ['/api/v1/models/org/none/repo/files', '/models/org/name/resolve/master/none.bin']) {
    const answer = await ask(path)
    expect([answer.status, (await answer.json()).Success]).toEqual([404, false])
  }
})
