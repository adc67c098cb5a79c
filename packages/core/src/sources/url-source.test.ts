import { afterEach, describe, expect, it } from 'vitest'
import { type Handler, sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { UrlSource } from './url-source.ts'

/** Longer than the block that small reads are served from. */
const content = new Uint8Array(3 << 20).map((_, index) => (index * 31 + (index >> 8)) & 255)
const fast = { firstPauseMs: 1 }

let server: TestServer | undefined
afterEach(() => server?.close())

async function open(handler: Handler, options: Parameters<typeof UrlSource.open>[1] = fast): Promise<UrlSource> {
  server = await serveTest(handler)
  return UrlSource.open(`${server.url}/file`, options)
}

describe('UrlSource', () => {
  it('reads ranges, and small neighbours with one request', async () => {
    const source = await open((request, response) => sendRange(request, response, content))
    expect(source.size).toBe(content.length)
    for (const start of [0, 7, 100_000])
      expect(await source.read(start, start + 9)).toEqual(content.slice(start, start + 9))
    expect(server?.requests.length).toBe(1)
    expect(await source.read(2 << 20, (2 << 20) + 5)).toEqual(content.slice(2 << 20, (2 << 20) + 5))
    expect(await source.read(content.length - 3, content.length)).toEqual(content.slice(-3))
    expect(server?.requests.length).toBe(3)
    expect(Buffer.compare(await source.read(1, content.length), content.subarray(1))).toBe(0)
    expect(await source.read(5, 5)).toEqual(new Uint8Array())
  })

  it('reads a header of 6 MB as its reader asks for it, and no byte of it twice', async () => {
    const large = Buffer.concat([content, content, content, content])
    const source = await open((request, response) => sendRange(request, response, large))
    // As the reader of GGUF does: what it knows to come, each time from where it was read up to.
    const windows = [256 << 10, 3 << 20, 3 << 20]
    let at = 0
    for (const window of windows) {
      const end = at + window
      expect(Buffer.compare(await source.read(at, end), large.subarray(at, end))).toBe(0)
      at = end - 1000
    }
    expect(server?.requests).toEqual([
      'GET /file bytes=0-262143',
      'GET /file bytes=262144-3406871',
      'GET /file bytes=3406872-6551599',
    ])
    expect(Buffer.compare(await source.read(6e6, 12e6), large.subarray(6e6, 12e6))).toBe(0)
    expect(server?.requests.at(-1)).toBe('GET /file bytes=6551600-11999999')
  })

  it('reads a file that is shorter than a block', async () => {
    const source = await open((request, response) => sendRange(request, response, content.subarray(0, 10)))
    expect(source.size).toBe(10)
    expect(await source.read(8, 10)).toEqual(content.slice(8, 10))
  })

  it('refuses reads past the end', async () => {
    const source = await open((request, response) => sendRange(request, response, content.subarray(0, 10)))
    await expect(source.read(8, 11)).rejects.toMatchObject({ code: 'file-truncated' })
    await expect(source.read(-1, 3)).rejects.toThrow()
  })

  it('goes on where a cut connection broke off', async () => {
    const source = await open((request, response, count) => {
      if (count === 1 || count > 3) return sendRange(request, response, content)
      const start = Number(/=(\d+)/.exec(request.headers.range ?? '')?.[1])
      response.writeHead(206, { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` })
      response.write(content.subarray(start, start + 500_000), () => response.destroy())
    })
    expect(Buffer.compare(await source.read(1_000, content.length), content.subarray(1_000))).toBe(0)
    const starts = server?.requests.map((request) => Number(/=(\d+)/.exec(request)?.[1])) ?? []
    expect(starts.slice(0, 2)).toEqual([0, 256 << 10])
    expect(starts.at(-1)).toBeGreaterThan(256 << 10)
  })

  it('tries again after 5xx, and gives up with a typed error', async () => {
    const source = await open((request, response, count) =>
      count < 3 ? void response.writeHead(503).end() : sendRange(request, response, content),
    )
    expect(source.size).toBe(content.length)
    await server?.close()
    await expect(open((_, response) => void response.writeHead(500).end())).rejects.toMatchObject({
      code: 'source-unavailable',
      details: { status: 500 },
    })
    expect(server?.requests.length).toBe(5)
  })

  it.each([
    [404, 'source-not-found'],
    [401, 'source-forbidden'],
    [403, 'source-forbidden'],
    [418, 'source-unavailable'],
  ])('gives %d the code %s at once', async (status, code) => {
    await expect(open((_, response) => void response.writeHead(status).end())).rejects.toMatchObject({ code })
    expect(server?.requests.length).toBe(1)
  })

  it('says that the server must support ranges, and downloads nothing', async () => {
    let sent = 0
    const opening = open((_, response) => {
      response.writeHead(200, { 'Content-Length': 1 << 30 })
      const part = Buffer.alloc(1 << 16)
      const send = (): void => {
        sent += part.length
        if (!response.destroyed) response.write(part, send)
      }
      send()
    })
    await expect(opening).rejects.toMatchObject({ code: 'range-unsupported' })
    expect(sent).toBeLessThan(16 << 20)
  })

  it.each([
    ['no Content-Range', {}],
    ['nonsense', { 'Content-Range': 'bytes a-b/c' }],
    ['another range', { 'Content-Range': `bytes 5-${content.length - 1}/${content.length}` }],
    ['an unknown size', { 'Content-Range': 'bytes 0-1048575/*' }],
  ])('refuses a 206 with %s', async (_, headers) => {
    await expect(open((_request, response) => void response.writeHead(206, headers).end('x'))).rejects.toMatchObject({
      code: 'range-unsupported',
    })
  })

  it('does with the length of an answer where CORS hides its range and the size is known', async () => {
    const hidden =
      (short = 0): Handler =>
      (request, response) => {
        const [, first, last] = /=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
        const part = content.subarray(Number(first), Number(last) + 1 - short)
        response.writeHead(206, { 'Content-Length': part.length }).end(part)
      }
    const source = await open(hidden(), { ...fast, size: content.length })
    expect(Buffer.compare(await source.read(0, content.length), content)).toBe(0)
    await server?.close()
    await expect(open(hidden())).rejects.toMatchObject({ code: 'range-unsupported' })
    await server?.close()
    await expect(open(hidden(1), { ...fast, size: content.length })).rejects.toMatchObject({
      code: 'range-unsupported',
    })
    await server?.close()
    const right: Handler = (request, response) => sendRange(request, response, content)
    await expect(open(right, { ...fast, size: 0 })).rejects.toMatchObject({ code: 'file-truncated' })
    await server?.close()
    await expect(open(right, { ...fast, size: 77 })).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('refuses more bytes than were asked for', async () => {
    const opening = open((_, response) => {
      response.writeHead(206, { 'Content-Range': 'bytes 0-9/10' })
      response.end(content.subarray(0, 20))
    })
    await expect(opening).rejects.toMatchObject({ code: 'range-unsupported' })
  })

  it('notices a file that changes, by ETag and by size', async () => {
    const source = await open((request, response, count) =>
      sendRange(request, response, content, { ETag: count === 1 ? '"a"' : '"b"' }),
    )
    await expect(source.read(2 << 20, (2 << 20) + 1)).rejects.toMatchObject({ code: 'source-changed' })
    await server?.close()
    const shrunk = await open((request, response, count) =>
      sendRange(request, response, count === 1 ? content : content.subarray(0, 2_500_000)),
    )
    await expect(shrunk.read(2 << 20, content.length)).rejects.toMatchObject({ code: 'source-changed' })
    await expect(shrunk.read(2_900_000, 3_000_000)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('reads from a slow server', async () => {
    const source = await open((request, response) => {
      response.writeHead(206, { 'Content-Range': 'bytes 0-19/20' })
      let sent = 0
      const timer = setInterval(() => {
        response.write(content.subarray(sent, ++sent))
        if (sent === 20) {
          clearInterval(timer)
          response.end()
        }
      }, 5)
      request.on('close', () => clearInterval(timer))
    })
    expect(await source.read(0, 20)).toEqual(content.slice(0, 20))
  })

  it('takes a server that stalls for a cut connection', async () => {
    const source = await open(
      (request, response, count) => {
        if (count > 1) return sendRange(request, response, content)
        response.writeHead(206, { 'Content-Range': `bytes 0-262143/${content.length}` }).write('abc')
      },
      { ...fast, stallMs: 100 },
    )
    expect(source.size).toBe(content.length)
    expect(server?.requests[1]).toBe('GET /file bytes=3-262143')
  })

  it('calls a dead address a network failure', async () => {
    server = await serveTest(() => {})
    const { url } = server
    await server.close()
    await expect(UrlSource.open(`${url}/file`, fast)).rejects.toMatchObject({ code: 'network-failed' })
  })

  it("aborts a read, a wait for an answer and a pause, with the signal's reason", async () => {
    for (const status of [0, 503]) {
      const controller = new AbortController()
      const reason = new DOMException('enough', 'AbortError')
      let closed = false
      const opening = open(
        (request, response) => {
          request.on('close', () => {
            closed = true
          })
          if (status) response.writeHead(status).end()
          setTimeout(() => controller.abort(reason), 20)
        },
        { signal: controller.signal, firstPauseMs: 60_000 },
      )
      await expect(opening).rejects.toBe(reason)
      await expect.poll(() => closed).toBe(true)
      await server?.close()
    }
  })
})
