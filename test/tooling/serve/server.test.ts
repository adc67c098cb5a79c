import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRange } from './ranged-file.mjs'
import { type LocalServer, startServer } from './server.mjs'

let server: LocalServer
const folder = mkdtempSync(join(tmpdir(), 'sampan-serve-'))

beforeAll(async () => {
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site', 'index.html'), '<p>hello')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, '船.gguf'), '0123456789')
  server = await startServer({ folders: { '/site/': join(folder, 'site') }, home: '/site/' })
})

afterAll(() => server.close())

/** As it is on the wire: `fetch` would tidy the path and refuse a Host of one's own. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(server.origin)
  return new Promise((resolve, reject) => {
    get({ hostname, port, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    }).on('error', reject)
  })
}

describe('parseRange', () => {
  it.each([
    [undefined, 'whole'],
    ['bytes=0-3', { start: 0, end: 4 }],
    ['bytes=4-', { start: 4, end: 10 }],
    ['bytes=8-99', { start: 8, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-30', { start: 0, end: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=5-3', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,4-5', 'whole'],
    ['lines=0-3', 'whole'],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected)
  })
})

describe('the local server', () => {
  it('serves a folder and its index, with a strict policy', async () => {
    const response = await fetch(`${server.origin}/`)
    expect(response.url).toBe(`${server.origin}/site/`)
    expect(await response.text()).toBe('<p>hello')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('serves ranges of a shared file under a name nobody can guess', async () => {
    const url = server.share(join(folder, '船.gguf'))
    expect(url).toMatch(/\/shared\/[0-9a-f]{32}\//)
    const part = await fetch(url, { headers: { Range: 'bytes=2-4' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234'])
    const past = await fetch(url, { headers: { Range: 'bytes=10-' } })
    expect([past.status, past.headers.get('content-range')]).toEqual([416, 'bytes */10'])
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['10', ''])
  })

  it('lets nothing climb out of a folder', async () => {
    for (const path of [
      '/site/../secret.txt',
      '/site/%2e%2e/secret.txt',
      '/site/..%5csecret.txt',
      '/site/%00',
      '/site/%zz',
    ]) {
      const { status, body } = await raw(path)
      expect([path, status >= 400 && status < 500, body.includes('secret\n')]).toEqual([path, true, false])
      expect(body).not.toBe('secret')
    }
  })

  it('refuses a host that is not this machine, and writes', async () => {
    expect((await raw('/site/', { Host: 'rebound.example' })).status).toBe(403)
    expect((await fetch(`${server.origin}/site/`, { method: 'POST' })).status).toBe(405)
  })
})
