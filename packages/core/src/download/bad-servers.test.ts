import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserNetwork } from '../network/network.ts'
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
import type { FileServerOptions } from '../test-support/file-server.ts'

vi.setConfig({ testTimeout: 20_000 })
afterEach(closeCurrent)

describe('a download from a bad server', () => {
  it('ends with all it asked for, the question for an address too', async () => {
    let asked = 0
    const opened = await openDownload(
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
    expect(current.server?.hub.requests.length).toBe(1)
  })

  it('asks anew when an address expires, once for all ranges that it concerns', async () => {
    const opened = await openDownload(
      {
        content: long,
        fault: (_start, _end, count) => (count === 3 || count === 6 ? { kind: 'expired' } : undefined),
      },
      { sha256: digestOf(long) },
    )
    await opened.finish(signal)
    expect(current.server?.faults.length).toBe(2)
    expect(current.server?.hub.requests.map((request) => request.split(' ')[0])).toEqual([
      'GET',
      'HEAD',
      'HEAD',
      'HEAD',
    ])
    expect(current.server?.sent()).toBe(long.length)
  })

  it('gives up on one that refuses every address', async () => {
    const opened = await openDownload(
      { fault: (start) => (start > 0 ? { kind: 'status', status: 403 } : undefined) },
      {},
    )
    await expect(opened.finish(signal)).rejects.toMatchObject({ code: 'source-forbidden' })
    expect(current.server?.hub.requests.length).toBeLessThan(30)
  })

  it.each([
    [404, 'source-not-found'],
    [401, 'source-forbidden'],
    [503, 'source-unavailable'],
    [429, 'source-unavailable'],
  ])('calls %d by its name', async (status, code) => {
    const opened = await openDownload({ kind: 'direct', fault: () => ({ kind: 'status', status }) })
    await expect(opened.read(0, 10)).rejects.toMatchObject({ code })
    await expect(opened.read(10, 20)).rejects.toMatchObject({ code })
  })

  it('streams the whole where there are no ranges, and when that is cut begins anew without handing out a byte twice', async () => {
    const opened = await openDownload(
      { ranges: false, fault: (_start, _end, count) => (count === 3 ? { kind: 'cut', after: 7_000_000 } : undefined) },
      { sha256 },
    )
    await readAll(opened, 1_000_000)
    expect(await opened.finish(signal)).toEqual({ sha256 })
    expect(current.server?.faults.length).toBe(1)
    // Twice as the answer to a range, once cut, once whole.
    expect(current.server?.cdn.requests.length).toBe(4)
  })

  it.each([
    ['whole', true],
    ['page', true],
    ['page', false],
  ] as const)('takes one answer with a %s for a mistake, with ranges: %s', async (kind, ranges) => {
    const opened = await openDownload(
      { ranges, fault: (_start, _end, count) => (count === 1 || count === 5 ? { kind } : undefined) },
      { sha256 },
    )
    await opened.finish(signal)
    expect(current.server?.faults.length).toBeGreaterThan(0)
    // With ranges it is still ranges that are asked for, from where the hub led.
    const gets = [...(current.server?.hub.requests ?? []), ...(current.server?.cdn.requests ?? [])].filter((line) =>
      /^GET/.test(line),
    )
    if (ranges) expect(gets.filter((line) => !line.includes('bytes='))).toEqual([])
    expect(current.server?.hub.requests.length).toBeLessThanOrEqual(4)
  })

  it('calls a login that stays by its name soon, whichever range it meets', async () => {
    for (const first of [1, 3]) {
      const opened = await openDownload(
        { fault: (_start, _end, count) => (count >= first ? { kind: 'page' } : undefined) },
        { sha256 },
      )
      await expect(opened.finish(signal)).rejects.toMatchObject({ code: 'not-a-model-file' })
      expect(current.server?.faults.length).toBeLessThanOrEqual(4 * 4)
      await current.server?.close()
    }
  })

  it('does not take a refusal right after a redirect for the last word, unless it stays', async () => {
    const refusals = async (refused: (count: number) => boolean): Promise<string> => {
      const opened = await openDownload({ refused }, { sha256 })
      return opened.finish(signal).then(
        () => 'done',
        (error: unknown) => Object(error).code,
      )
    }
    // A range, the question for another address, and that by GET.
    expect(await refusals((count) => count >= 3 && count <= 5)).toBe('done')
    await current.server?.close()
    expect(await refusals((count) => count >= 3)).toBe('source-forbidden')
    expect(current.server?.hub.requests.length).toBeLessThan(30)
  })

  it('says which lengths do not fit where a server without ranges told a wrong one', async () => {
    for (const wrong of [-7, 7]) {
      const opened = await openDownload({ ranges: false, kind: 'direct' }, { size: content.length + wrong })
      const error: unknown = await opened.finish(signal).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'source-changed', details: { before: content.length + wrong } })
      expect(Object(error).message).toMatch(/gives a wrong length/)
      await current.server?.close()
    }
  })

  it('asks a hub once more where the address that it gave for the whole is refused', async () => {
    const refused = { kind: 'status', status: 403 } as const
    const opened = await openDownload(
      { ranges: false, fault: (_start, _end, count) => (count === 3 ? refused : undefined) },
      { sha256 },
    )
    await opened.finish(signal)
    expect(current.server?.faults).toEqual([refused])
  })

  it('notices that the whole file is another when it begins anew', async () => {
    const changing = content.slice()
    const opened = await openDownload({ ranges: false, kind: 'direct', content: changing })
    await opened.read(0, 1_000_000)
    const from = await opened.state()
    opened.close()
    changing[5] = 99
    const resumed = await reopenDownload({ size: content.length }, { from: { ...from, etag: '"1"' } })
    await expect(resumed.read(1_000_000, 1_000_001)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('does not go on with a file of which nothing would tell that it is another', async () => {
    const opened = await openDownload({ kind: 'direct' })
    await opened.read(0, 1_000_000)
    const { etag: _etag, ...from } = await opened.state()
    opened.close()
    const { length: size } = content
    await expect(reopenDownload({ size }, { from })).rejects.toMatchObject({ code: 'source-changed' })
    const digested = await reopenDownload({ size, sha256 }, { from })
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
      const opened = await openDownload(
        { kind: 'direct', content: page, ranges, headers: { 'Content-Type': type } },
        {},
      )
      await expect(opened.read(0, 1)).rejects.toMatchObject({
        code: 'not-a-model-file',
        details: { contentType: type },
      })
      await expect(reopenDownload({ size: content.length }).then((other) => other.read(0, 1))).rejects.toMatchObject({
        code: ranges ? 'source-changed' : 'not-a-model-file',
      })
      await current.server?.close()
    }
  })

  it('takes JSON where it is expected, and files that are called text', async () => {
    const text = new TextEncoder().encode('{"a": 1}')
    const headers = { 'Content-Type': 'application/json' }
    const json = await openDownload({ kind: 'direct', content: text, headers }, { path: 'config.json' })
    expect(await json.read(0, 8)).toEqual(text)
    await current.server?.close()
    const file = await openDownload({ kind: 'direct', headers: { 'Content-Type': 'text/html' } }, { sha256 })
    await file.finish(signal)
  })

  it('notices a file that changes, by size and by ETag', async () => {
    const shorter = await openDownload(
      { kind: 'direct', content: content.subarray(0, 9_000_000) },
      { size: 10_000_000 },
    )
    await expect(shorter.read(0, 10)).rejects.toMatchObject({ code: 'source-changed' })
    await current.server?.close()
    const headers = { ETag: '"a"' }
    const other = await openDownload({
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
    const opened = await openDownload(stalled, {}, { signal: controller.signal })
    const reading = opened.read(0, 100_000)
    setTimeout(() => controller.abort(new Error('enough')), 20)
    await expect(reading).rejects.toThrow('enough')
    await current.server?.close()
    const closed = await openDownload(stalled)
    const waiting = closed.read(0, 100_000)
    setTimeout(() => closed.close(), 20)
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })
})
