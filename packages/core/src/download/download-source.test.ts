import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RemoteFile } from '../hub/remote-model.ts'
import { hookedNetwork } from '../network/hooked-network.ts'
import { browserNetwork } from '../network/network.ts'
import { LASTING } from '../network/patience.ts'
import { serveNetwork } from '../network/serve-network.ts'
import { type FileServer, type FileServerOptions, serveFile } from '../test-support/file-server.ts'
import { type DownloadOptions, DownloadSource } from './download-source.ts'

const long = new Uint8Array(30 << 20)
for (let at = 0; at < long.length; at++) long[at] = (at * 31 + (at >> 9)) ^ (at >> 17)
/** Three ranges and a bit. */
const content = long.subarray(0, 13 << 20)
const sha256 = digestOf(content)
vi.setConfig({ testTimeout: 20_000 })

const http = {
  firstPauseMs: 1,
  random: () => 0.5,
  patience: { ...LASTING, longestPauseMs: 5, longestBusyPauseMs: 5 },
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

let server: FileServer | undefined
let source: DownloadSource | undefined
afterEach(async () => {
  source?.close()
  await server?.close()
})

async function open(
  served: Partial<FileServerOptions>,
  file: Partial<RemoteFile> = {},
  options: Partial<DownloadOptions> = {},
): Promise<DownloadSource> {
  server = await serveFile({ content, kind: 'redirect', ...served })
  return reopen({ size: (served.content ?? content).length, ...file }, options)
}

async function reopen(file: Partial<RemoteFile>, options: Partial<DownloadOptions> = {}): Promise<DownloadSource> {
  source = await DownloadSource.open(
    { path: 'file.gguf', url: server?.url ?? '', ...file },
    { network: browserNetwork, signal: new AbortController().signal, http, ...options },
  )
  return source
}

async function readAll(from: DownloadSource, step: number, start = 0): Promise<void> {
  const reads: Promise<void>[] = []
  for (let at = start; at < from.size; at += step) {
    const end = Math.min(from.size, at + step)
    reads.push(
      from.read(at, end).then((bytes) => {
        if (Buffer.compare(bytes, content.subarray(at, end)) !== 0) throw new Error(`wrong bytes from ${at}`)
      }),
    )
    if (reads.length >= 4) await reads.shift()
  }
  await Promise.all(reads)
}

const signal = new AbortController().signal

describe('DownloadSource', () => {
  it('reads a file once, asks the hub twice, and takes all ranges from where it led', async () => {
    let bytes = 0
    const opened = await open(
      { kind: 'bound' },
      { sha256 },
      {
        onBytes: (count) => {
          bytes += count
        },
      },
    )
    expect(server?.hub.requests).toEqual([])
    await readAll(opened, 2_000_003)
    expect(await opened.finish(signal)).toEqual({ sha256 })
    expect(bytes).toBe(content.length)
    expect(server?.sent()).toBe(content.length)
    expect(server?.hub.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'HEAD'])
    const ranges = server?.cdn.requests.filter((request) => request.startsWith('GET')).length ?? 0
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
    const opened = await open({}, { sha256 }, { network: hookedNetwork(port2) })
    await opened.finish(signal)
    stop()
    port2.close()
    const [hub, cdn] = [server?.hub.url ?? '', server?.cdn.url ?? '']
    expect(new Set(seen.map(([origin]) => origin))).toEqual(new Set([hub, cdn]))
    for (const [origin, key] of seen) expect(key).toBe(origin === hub ? 'secret' : null)
  })

  it('asks a server without redirects for nothing but ranges', async () => {
    const opened = await open({ kind: 'direct' }, { sha256 })
    await readAll(opened, 3_000_000)
    await opened.finish(signal)
    expect(server?.hub.requests.every((request) => /^GET .* bytes=/.test(request))).toBe(true)
    expect(server?.sent()).toBe(content.length)
  })

  it('fetches no more than the window before anyone comes, and goes on when they do', async () => {
    const opened = await open({ kind: 'direct', content: long })
    await opened.read(0, 10)
    await expect.poll(() => server?.sent()).toBeGreaterThan(7 << 20)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server?.sent()).toBeLessThanOrEqual((12 << 20) + 10)
    expect(await opened.read(25 << 20, (25 << 20) + 9)).toEqual(long.slice(25 << 20, (25 << 20) + 9))
  })

  it('fetches no more than the window before what was read is used, but for a read that is longer', async () => {
    let used = 0
    const opened = await open({ kind: 'direct', content: long }, {}, { usedTo: () => used })
    for (let at = 0; at < 8; at++) await opened.read(at << 20, (at + 1) << 20)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server?.sent()).toBeLessThanOrEqual(12 << 20)
    expect(Buffer.compare(await opened.read(8 << 20, 22 << 20), long.subarray(8 << 20, 22 << 20))).toBe(0)
    used = 22 << 20
    await opened.finish(signal)
    expect(server?.sent()).toBe(long.length)
  })

  it('hashes what lies between reads, allows small steps back, and refuses large ones', async () => {
    const opened = await open({ kind: 'direct' }, { sha256 })
    await opened.read(1_000_000, 2_000_000)
    expect(await opened.read(1_999_000, 2_100_000)).toEqual(content.slice(1_999_000, 2_100_000))
    expect(await opened.read(500, 900)).toEqual(content.slice(500, 900))
    await opened.read(9_000_000, 9_000_001)
    await expect(opened.read(100, 200)).rejects.toThrow(RangeError)
    await expect(opened.read(0, content.length + 1)).rejects.toMatchObject({ code: 'file-truncated' })
    expect(await opened.finish(signal)).toEqual({ sha256 })
    expect(server?.sent()).toBe(content.length)
  })

  it('takes a beginning that was read before', async () => {
    const opened = await open({ kind: 'direct' }, { sha256 }, { firstBytes: content.slice(0, 5_000_001) })
    await opened.read(4_000_000, 5_000_001)
    await opened.finish(signal)
    expect(server?.sent()).toBe(content.length - 5_000_001)
    expect(server?.hub.requests[0]).toContain('bytes=5000001-')
  })

  it('asks nobody for a file that it has whole, or that is empty', async () => {
    const whole = await open({ kind: 'direct' }, { sha256 }, { firstBytes: content })
    await readAll(whole, 9_000_000)
    await whole.finish(signal)
    expect(server?.hub.requests).toEqual([])
    const empty = await reopen({ size: 0, sha256: digestOf(new Uint8Array()) })
    expect(await empty.read(0, 0)).toEqual(new Uint8Array())
    await empty.finish(signal)
    expect(server?.hub.requests).toEqual([])
  })

  it('goes on from where it was left, hashes and all, fetching nothing before', async () => {
    const plan = { pieceBytes: 4 << 20, ranges: [{ start: 77, end: content.length - 5 }] }
    const first = await open({ kind: 'direct' }, { sha256 }, { plan })
    const expected = await (async () => {
      await readAll(first, 5_000_000)
      return first.finish(signal)
    })()
    await server?.close()
    const cut = await open({ kind: 'direct' }, { sha256 }, { plan })
    await Promise.all([cut.read(0, 3_000_000), cut.read(3_000_000, 6_000_000), cut.read(6_000_000, 9_000_001)])
    const [last, earlier] = [await cut.state(), await cut.state(6_000_000)]
    expect(last.position).toBe(9_000_001)
    expect(earlier.position).toBe(6_000_000)
    cut.close()
    for (const from of [last, earlier]) {
      await server?.close()
      const resumed = await open({ kind: 'direct' }, { sha256 }, { plan, from: JSON.parse(JSON.stringify(from)) })
      await readAll(resumed, 2_000_000, from.position)
      expect(await resumed.finish(signal)).toEqual(expected)
      expect(server?.sent()).toBe(content.length - from.position)
    }
  })

  it('does not go on with another file, or from what is no state', async () => {
    const opened = await open({ kind: 'direct', headers: { ETag: '"a"' } })
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
      await expect(reopen(file, { from: wrong })).rejects.toMatchObject({ code: 'source-changed' })
    const other = await reopen(file, { from: { ...from, etag: '"b"' } })
    await expect(other.read(100, 200)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('says so when what came is not what was promised', async () => {
    const opened = await open({ kind: 'direct' }, { sha256: '0'.repeat(64) })
    await expect(opened.finish(signal)).rejects.toMatchObject({
      code: 'hash-mismatch',
      details: { expected: '0'.repeat(64), actual: sha256 },
    })
    const text = new TextEncoder().encode('{}')
    const gitSha1 = createHash('sha1').update('blob 2\0{}').digest('hex')
    await server?.close()
    const small = await open({ kind: 'direct', content: text }, { gitSha1, path: 'config.json' })
    expect(await small.finish(signal)).toEqual({ gitSha1 })
    await expect((await reopen({ size: 2, gitSha1: sha256.slice(24) })).finish(signal)).rejects.toMatchObject({
      code: 'hash-mismatch',
    })
  })

  it('learns the size that nobody told', async () => {
    for (const kind of ['direct', 'redirect'] as const) {
      for (const hideContentRange of [false, true]) {
        const opened = await open({ kind, hideContentRange }, {})
        const asked = await reopen({ sha256 })
        expect(asked.size).toBe(content.length)
        await asked.finish(signal)
        opened.close()
        await server?.close()
      }
    }
  })
})

describe('a download from a bad server', () => {
  it('ends with all it asked for, the question for an address too', async () => {
    let asked = 0
    const opened = await open(
      { fault: () => undefined },
      {},
      {
        network: {
          fetch: (request) => {
            if (request.method !== 'HEAD') return browserNetwork.fetch(request)
            asked++
            return new Promise((_, reject) => {
              request.signal.addEventListener('abort', () => reject(request.signal.reason))
            })
          },
        },
      },
    )
    const reading = opened.read(5_000_000, 6_000_000)
    await expect.poll(() => asked).toBe(1)
    opened.close()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(asked).toBe(1)
    expect(server?.hub.requests.length).toBe(1)
  })

  it('asks anew when an address expires, once for all ranges that it concerns', async () => {
    const opened = await open(
      {
        content: long,
        fault: (_start, _end, count) => (count === 3 || count === 6 ? { kind: 'expired' } : undefined),
      },
      { sha256: digestOf(long) },
    )
    await opened.finish(signal)
    expect(server?.faults.length).toBe(2)
    expect(server?.hub.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'HEAD', 'HEAD', 'HEAD'])
    expect(server?.sent()).toBe(long.length)
  })

  it('gives up on one that refuses every address', async () => {
    const opened = await open({ fault: (start) => (start > 0 ? { kind: 'status', status: 403 } : undefined) }, {})
    await expect(opened.finish(signal)).rejects.toMatchObject({ code: 'source-forbidden' })
    expect(server?.hub.requests.length).toBeLessThan(30)
  })

  it.each([
    [404, 'source-not-found'],
    [401, 'source-forbidden'],
    [503, 'source-unavailable'],
    [429, 'source-unavailable'],
  ])('calls %d by its name', async (status, code) => {
    const opened = await open({ kind: 'direct', fault: () => ({ kind: 'status', status }) })
    await expect(opened.read(0, 10)).rejects.toMatchObject({ code })
    await expect(opened.read(10, 20)).rejects.toMatchObject({ code })
  })

  it('streams the whole where there are no ranges, and when that is cut begins anew without handing out a byte twice', async () => {
    const opened = await open(
      { ranges: false, fault: (_start, _end, count) => (count === 3 ? { kind: 'cut', after: 7_000_000 } : undefined) },
      { sha256 },
    )
    await readAll(opened, 1_000_000)
    expect(await opened.finish(signal)).toEqual({ sha256 })
    expect(server?.faults.length).toBe(1)
    // Twice as the answer to a range, once cut, once whole.
    expect(server?.cdn.requests.length).toBe(4)
  })

  it.each([
    ['whole', true],
    ['page', true],
    ['page', false],
  ] as const)('takes one answer with a %s for a mistake, with ranges: %s', async (kind, ranges) => {
    const opened = await open(
      { ranges, fault: (_start, _end, count) => (count === 1 || count === 5 ? { kind } : undefined) },
      { sha256 },
    )
    await opened.finish(signal)
    expect(server?.faults.length).toBeGreaterThan(0)
    // With ranges it is still ranges that are asked for, from where the hub led.
    const gets = [...(server?.hub.requests ?? []), ...(server?.cdn.requests ?? [])].filter((line) => /^GET/.test(line))
    if (ranges) expect(gets.filter((line) => !line.includes('bytes='))).toEqual([])
    expect(server?.hub.requests.length).toBeLessThanOrEqual(4)
  })

  it('calls a login that stays by its name soon, whichever range it meets', async () => {
    for (const first of [1, 3]) {
      const opened = await open(
        { fault: (_start, _end, count) => (count >= first ? { kind: 'page' } : undefined) },
        { sha256 },
      )
      await expect(opened.finish(signal)).rejects.toMatchObject({ code: 'not-a-model-file' })
      expect(server?.faults.length).toBeLessThanOrEqual(4 * 4)
      await server?.close()
    }
  })

  it('does not take a refusal right after a redirect for the last word, unless it stays', async () => {
    const refusals = async (refused: (count: number) => boolean): Promise<string> => {
      const opened = await open({ refused }, { sha256 })
      return opened.finish(signal).then(
        () => 'done',
        (error: unknown) => Object(error).code,
      )
    }
    // A range, the question for another address, and that by GET.
    expect(await refusals((count) => count >= 3 && count <= 5)).toBe('done')
    await server?.close()
    expect(await refusals((count) => count >= 3)).toBe('source-forbidden')
    expect(server?.hub.requests.length).toBeLessThan(30)
  })

  it('says which lengths do not fit where a server without ranges told a wrong one', async () => {
    for (const wrong of [-7, 7]) {
      const opened = await open({ ranges: false, kind: 'direct' }, { size: content.length + wrong })
      const error: unknown = await opened.finish(signal).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'source-changed', details: { before: content.length + wrong } })
      expect(Object(error).message).toMatch(/gives a wrong length/)
      await server?.close()
    }
  })

  it('asks a hub once more where the address that it gave for the whole is refused', async () => {
    const refused = { kind: 'status', status: 403 } as const
    const opened = await open(
      { ranges: false, fault: (_start, _end, count) => (count === 3 ? refused : undefined) },
      { sha256 },
    )
    await opened.finish(signal)
    expect(server?.faults).toEqual([refused])
  })

  it('notices that the whole file is another when it begins anew', async () => {
    const changing = content.slice()
    const opened = await open({ ranges: false, kind: 'direct', content: changing })
    await opened.read(0, 1_000_000)
    const from = await opened.state()
    opened.close()
    changing[5] = 99
    const resumed = await reopen({ size: content.length }, { from: { ...from, etag: '"1"' } })
    await expect(resumed.read(1_000_000, 1_000_001)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('does not go on with a file of which nothing would tell that it is another', async () => {
    const opened = await open({ kind: 'direct' })
    await opened.read(0, 1_000_000)
    const { etag: _etag, ...from } = await opened.state()
    opened.close()
    const { length: size } = content
    await expect(reopen({ size }, { from })).rejects.toMatchObject({ code: 'source-changed' })
    const digested = await reopen({ size, sha256 }, { from })
    expect((await digested.finish(signal)).sha256).toBe(sha256)
  })

  it.each([
    ['text/html', '<!doctype html><title>Sign in</title>'],
    ['application/octet-stream', '\n\n<!DOCTYPE HTML PUBLIC>'],
    ['text/html; charset=utf-8', ' <form>'],
    ['application/json', '{"Code": 10990101002, "Message": "not found"}'],
  ])('never hands out what came as %s in place of a file: %s', async (type, text) => {
    const page = new TextEncoder().encode(text)
    for (const ranges of [true, false]) {
      const opened = await open({ kind: 'direct', content: page, ranges, headers: { 'Content-Type': type } }, {})
      await expect(opened.read(0, 1)).rejects.toMatchObject({
        code: 'not-a-model-file',
        details: { contentType: type },
      })
      await expect(reopen({ size: content.length }).then((other) => other.read(0, 1))).rejects.toMatchObject({
        code: ranges ? 'source-changed' : 'not-a-model-file',
      })
      await server?.close()
    }
  })

  it('takes JSON where it is expected, and files that are called text', async () => {
    const text = new TextEncoder().encode('{"a": 1}')
    const headers = { 'Content-Type': 'application/json' }
    const json = await open({ kind: 'direct', content: text, headers }, { path: 'config.json' })
    expect(await json.read(0, 8)).toEqual(text)
    await server?.close()
    const file = await open({ kind: 'direct', headers: { 'Content-Type': 'text/html' } }, { sha256 })
    await file.finish(signal)
  })

  it('notices a file that changes, by size and by ETag', async () => {
    const shorter = await open({ kind: 'direct', content: content.subarray(0, 9_000_000) }, { size: 10_000_000 })
    await expect(shorter.read(0, 10)).rejects.toMatchObject({ code: 'source-changed' })
    await server?.close()
    const headers = { ETag: '"a"' }
    const other = await open({
      kind: 'direct',
      headers,
      fault: (_start, _end, count) => {
        if (count > 1) headers.ETag = '"b"'
        return undefined
      },
    })
    await expect(other.finish(signal)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it("ends with the signal's reason, and with close, and leaves no request under way", async () => {
    const controller = new AbortController()
    const stalled: Partial<FileServerOptions> = { kind: 'direct', fault: () => ({ kind: 'stall', after: 1000 }) }
    const opened = await open(stalled, {}, { signal: controller.signal })
    const reading = opened.read(0, 100_000)
    setTimeout(() => controller.abort(new Error('enough')), 20)
    await expect(reading).rejects.toThrow('enough')
    await server?.close()
    const closed = await open(stalled)
    const waiting = closed.read(0, 100_000)
    setTimeout(() => closed.close(), 20)
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })
})
