import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hookedNetwork } from '../network/hooked-network.ts'
import { serveNetwork } from '../network/serve-network.ts'
import {
  closeCurrent,
  content,
  current,
  digestOf,
  long,
  openDownload,
  readAll,
  reopenDownload,
  sha256,
  signal,
} from '../test-support/downloads.ts'

vi.setConfig({ testTimeout: 20_000 })
afterEach(closeCurrent)

describe('DownloadSource', () => {
  it('reads a file once, asks the hub twice, and takes all ranges from where it led', async () => {
    let bytes = 0
    const opened = await openDownload(
      { kind: 'bound' },
      { sha256 },
      {
        onBytes: (count) => {
          bytes += count
        },
      },
    )
    expect(current.server?.hub.requests).toEqual([])
    await readAll(opened, 2_000_003)
    expect(await opened.finish(signal)).toEqual({ sha256 })
    expect(bytes).toBe(content.length)
    expect(current.server?.sent()).toBe(content.length)
    expect(current.server?.hub.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'HEAD'])
    const ranges = current.server?.cdn.requests.filter((request) => request.startsWith('GET')).length ?? 0
    expect(ranges).toBeGreaterThanOrEqual(2)
    expect(ranges).toBeLessThanOrEqual(13)
  })

  it("sends an app's headers to the server that they are for, and not to the one that this leads to", async () => {
    const seen: [string, string | null][] = []
    const { port1, port2 } = new MessageChannel()
    const stop = serveNetwork(port1, {
      headers: { 'X-Key': 'secret' },
      fetch: (url, init) => {
        seen.push([new URL(url).origin, new Headers(init.headers).get('X-Key')])
        return fetch(url, init)
      },
    })
    const opened = await openDownload({}, { sha256 }, { network: hookedNetwork(port2) })
    await opened.finish(signal)
    stop()
    port2.close()
    const [hub, cdn] = [current.server?.hub.url ?? '', current.server?.cdn.url ?? '']
    expect(new Set(seen.map(([origin]) => origin))).toEqual(new Set([hub, cdn]))
    for (const [origin, key] of seen) expect(key).toBe(origin === hub ? 'secret' : null)
  })

  it('asks a server without redirects for nothing but ranges', async () => {
    const opened = await openDownload({ kind: 'direct' }, { sha256 })
    await readAll(opened, 3_000_000)
    await opened.finish(signal)
    expect(current.server?.hub.requests.every((request) => /^GET .* bytes=/.test(request))).toBe(true)
    expect(current.server?.sent()).toBe(content.length)
  })

  it('fetches no more than the window before anyone comes, and goes on when they do', async () => {
    const opened = await openDownload({ kind: 'direct', content: long })
    await opened.read(0, 10)
    await expect.poll(() => current.server?.sent()).toBeGreaterThan(7 << 20)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(current.server?.sent()).toBeLessThanOrEqual((12 << 20) + 10)
    expect(await opened.read(25 << 20, (25 << 20) + 9)).toEqual(long.slice(25 << 20, (25 << 20) + 9))
  })

  it('fetches no more than the window before what was read is used, but for a read that is longer', async () => {
    let used = 0
    const opened = await openDownload({ kind: 'direct', content: long }, {}, { usedTo: () => used })
    for (let at = 0; at < 8; at++) await opened.read(at << 20, (at + 1) << 20)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(current.server?.sent()).toBeLessThanOrEqual(12 << 20)
    expect(Buffer.compare(await opened.read(8 << 20, 22 << 20), long.subarray(8 << 20, 22 << 20))).toBe(0)
    used = 22 << 20
    await opened.finish(signal)
    expect(current.server?.sent()).toBe(long.length)
  })

  it('hashes what lies between reads, allows small steps back, and refuses large ones', async () => {
    const opened = await openDownload({ kind: 'direct' }, { sha256 })
    await opened.read(1_000_000, 2_000_000)
    expect(await opened.read(1_999_000, 2_100_000)).toEqual(content.slice(1_999_000, 2_100_000))
    expect(await opened.read(500, 900)).toEqual(content.slice(500, 900))
    await opened.read(9_000_000, 9_000_001)
    await expect(opened.read(100, 200)).rejects.toThrow(RangeError)
    await expect(opened.read(0, content.length + 1)).rejects.toMatchObject({ code: 'file-truncated' })
    expect(await opened.finish(signal)).toEqual({ sha256 })
    expect(current.server?.sent()).toBe(content.length)
  })

  it('takes a beginning that was read before', async () => {
    const opened = await openDownload({ kind: 'direct' }, { sha256 }, { firstBytes: content.slice(0, 5_000_001) })
    await opened.read(4_000_000, 5_000_001)
    await opened.finish(signal)
    expect(current.server?.sent()).toBe(content.length - 5_000_001)
    expect(current.server?.hub.requests[0]).toContain('bytes=5000001-')
  })

  it('asks nobody for a file that it has whole, or that is empty', async () => {
    const whole = await openDownload({ kind: 'direct' }, { sha256 }, { firstBytes: content })
    await readAll(whole, 9_000_000)
    await whole.finish(signal)
    expect(current.server?.hub.requests).toEqual([])
    const empty = await reopenDownload({ size: 0, sha256: digestOf(new Uint8Array()) })
    expect(await empty.read(0, 0)).toEqual(new Uint8Array())
    await empty.finish(signal)
    expect(current.server?.hub.requests).toEqual([])
  })

  it('goes on from where it was left, hashes and all, fetching nothing before', async () => {
    const plan = { pieceBytes: 4 << 20, ranges: [{ start: 77, end: content.length - 5 }] }
    const first = await openDownload({ kind: 'direct' }, { sha256 }, { plan })
    const expected = await (async () => {
      await readAll(first, 5_000_000)
      return first.finish(signal)
    })()
    await current.server?.close()
    const cut = await openDownload({ kind: 'direct' }, { sha256 }, { plan })
    await Promise.all([cut.read(0, 3_000_000), cut.read(3_000_000, 6_000_000), cut.read(6_000_000, 9_000_001)])
    const [last, earlier] = [await cut.state(), await cut.state(6_000_000)]
    expect(last.position).toBe(9_000_001)
    expect(earlier.position).toBe(6_000_000)
    cut.close()
    for (const from of [last, earlier]) {
      await current.server?.close()
      const resumed = await openDownload(
        { kind: 'direct' },
        { sha256 },
        { plan, from: JSON.parse(JSON.stringify(from)) },
      )
      await readAll(resumed, 2_000_000, from.position)
      expect(await resumed.finish(signal)).toEqual(expected)
      expect(current.server?.sent()).toBe(content.length - from.position)
    }
  })

  it('does not go on with another file, or from what is no state', async () => {
    const opened = await openDownload({ kind: 'direct', headers: { ETag: '"a"' } })
    await opened.read(0, 100)
    const from = await opened.state()
    expect(from.etag).toBe('"a"')
    opened.close()
    const file = { size: content.length }
    for (const wrong of [
      { ...from, size: 7 },
      { ...from, position: 99 },
      { ...from, file: 'x' },
      { ...from, position: content.length + 1 },
    ])
      await expect(reopenDownload(file, { from: wrong })).rejects.toMatchObject({ code: 'source-changed' })
    const other = await reopenDownload(file, { from: { ...from, etag: '"b"' } })
    await expect(other.read(100, 200)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('says so when what came is not what was promised', async () => {
    const opened = await openDownload({ kind: 'direct' }, { sha256: '0'.repeat(64) })
    await expect(opened.finish(signal)).rejects.toMatchObject({
      code: 'hash-mismatch',
      details: { expected: '0'.repeat(64), actual: sha256 },
    })
    const text = new TextEncoder().encode('{}')
    const gitSha1 = createHash('sha1').update('blob 2\0{}').digest('hex')
    await current.server?.close()
    const small = await openDownload({ kind: 'direct', content: text }, { gitSha1, path: 'config.json' })
    expect(await small.finish(signal)).toEqual({ gitSha1 })
    await expect((await reopenDownload({ size: 2, gitSha1: sha256.slice(24) })).finish(signal)).rejects.toMatchObject({
      code: 'hash-mismatch',
    })
  })

  it('learns the size that nobody told', async () => {
    for (const kind of ['direct', 'redirect'] as const) {
      for (const hideContentRange of [false, true]) {
        const opened = await openDownload({ kind, hideContentRange }, {})
        const asked = await reopenDownload({ sha256 })
        expect(asked.size).toBe(content.length)
        await asked.finish(signal)
        opened.close()
        await current.server?.close()
      }
    }
  })
})
