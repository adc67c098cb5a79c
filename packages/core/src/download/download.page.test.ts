import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DownloadLab, LabDownload } from '../test-support/download-lab.ts'
import { type FileServer, type FileServerOptions, serveFile } from '../test-support/file-server.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'

// Downloads in a real page, from other origins, hashed in the Worker: what a browser does that Node does not.
const content = new Uint8Array(13 << 20)
for (let at = 0; at < content.length; at++) content[at] = (at * 31 + (at >> 9)) ^ (at >> 17)
const sha256 = createHash('sha256').update(content).digest('hex')
const HASHED_BYTES = process.env['SAMPAN_SOAK'] ? 256 << 20 : 8 << 20

vi.setConfig({ testTimeout: 30_000 })

let test: TestPage
let server: FileServer | undefined

beforeAll(async () => {
  test = await openTestPage({ webgpu: false, imports: false })
  await test.page.evaluate(
    "import('/src/test-support/download-lab.ts').then(({ downloadLab }) => void Object.assign(globalThis, { downloadLab }))",
  )
}, 60_000)
afterEach(() => server?.close())
afterAll(() => test?.close())

function call<K extends keyof DownloadLab>(
  name: K,
  argument: Parameters<DownloadLab[K]>[0],
): Promise<Awaited<ReturnType<DownloadLab[K]>>> {
  return test.page.evaluate(`downloadLab.${name}(${JSON.stringify(argument)})`)
}

async function download(served: Partial<FileServerOptions>, options: Partial<LabDownload> = {}) {
  server = await serveFile({ content, kind: 'bound', ...served })
  return call('download', { file: { path: 'file.gguf', url: server.url, size: content.length, sha256 }, ...options })
}

const cors = { 'Access-Control-Allow-Origin': '*' }
const exposed = { ...cors, 'Access-Control-Expose-Headers': '*' }

describe('a download in a page', () => {
  it.each([
    ['shows its headers', exposed],
    ['hides them', cors],
  ])('takes all from the CDN where that %s', async (_, headers) => {
    expect(await download({ headers })).toMatchObject({ digests: { sha256 }, received: content.length })
    expect(server?.hub.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'HEAD'])
  })

  it('goes on after a cut where it had come to, whatever the browser threw away', async () => {
    const result = await download({
      headers: exposed,
      fault: (_start, _end, count) => (count < 3 ? { kind: 'cut', after: 2_500_000 } : undefined),
    })
    expect(result).toMatchObject({ digests: { sha256 }, received: content.length })
    expect(server?.faults.length).toBe(2)
    expect((server?.sent() ?? 0) - content.length).toBeLessThan(2 * 2_500_000)
  })

  it('asks anew where a server stalls', async () => {
    const result = await download(
      { headers: exposed, fault: (_start, _end, count) => (count === 2 ? { kind: 'stall', after: 9 } : undefined) },
      { stallMs: 1_000 },
    )
    expect(result).toMatchObject({ digests: { sha256 } })
  })

  it('waits for the network to come back', async () => {
    server = await serveFile({ content, kind: 'direct', headers: exposed })
    await test.page.context().setOffline(true)
    const done = call('download', { file: { path: 'file.gguf', url: server.url, size: content.length, sha256 } })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(server.hub.requests).toEqual([])
    await test.page.context().setOffline(false)
    expect(await done).toMatchObject({ digests: { sha256 } })
  })

  it('takes whole what the browser refuses in ranges', async () => {
    // Chromium accepts no compressed answer to a range.
    const text = new TextEncoder().encode('{"a": 1}'.repeat(999))
    const gitSha1 = createHash('sha1').update(`blob ${text.length}\0`).update(text).digest('hex')
    server = await serveFile({ content: text, kind: 'direct', headers: exposed, zips: true })
    const file = { path: 'config.json', url: server.url, size: text.length, gitSha1 }
    expect(await call('download', { file })).toMatchObject({ digests: { gitSha1 } })
  })

  it('hashes as the browser does, at a speed that is printed', async () => {
    const { same, own, browser } = await call('hashSpeed', HASHED_BYTES)
    expect(same).toBe(true)
    if (process.env['SAMPAN_SOAK'])
      console.log(`own SHA-256: ${Math.round(own)} MiB/s, WebCrypto: ${Math.round(browser)} MiB/s`)
  }, 60_000)
})
