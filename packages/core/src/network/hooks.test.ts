import { afterEach, describe, expect, it, vi } from 'vitest'
import { sendRange, serveTest, type TestServer } from '../test-support/test-server.ts'
import { hookedNetwork } from './hooked-network.ts'
import type { Network } from './network.ts'
import type { NetworkHooks } from './network-hooks.ts'
import { serveNetwork } from './serve-network.ts'

const content = new Uint8Array(5 << 20).map((_, index) => (index * 7 + (index >> 9)) & 255)
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function hooked(hooks: NetworkHooks): Network {
  const { port1, port2 } = new MessageChannel()
  const stop = serveNetwork(port1, hooks)
  ends.push(stop, () => port2.close())
  return hookedNetwork(port2)
}

async function serve(...handler: Parameters<typeof serveTest>): Promise<TestServer> {
  const server = await serveTest(...handler)
  ends.push(() => server.close())
  return server
}

const idle = new AbortController().signal

describe('hooks of the page', () => {
  it("answer in a Worker's place: status, headers, address and body", async () => {
    const server = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(302, { Location: '/new' }).end()
      else sendRange(request, response, content, { 'X-Own': 'x' })
    })
    const urls: string[] = []
    const network = hooked({
      fetch: (url, init) => {
        urls.push(url)
        return fetch(url, init)
      },
    })
    const headers = { Range: 'bytes=5-4000004' }
    const response = await network.fetch({ url: `${server.url}/old`, headers, signal: idle })
    expect([response.status, response.headers.get('x-own'), response.url]).toEqual([206, 'x', `${server.url}/new`])
    expect(Buffer.compare(new Uint8Array(await response.arrayBuffer()), content.subarray(5, 4000005))).toBe(0)
    expect(urls).toEqual([`${server.url}/old`])
  })

  it('send headers along, by URL where they are a function, and leave the range alone', async () => {
    const seen: unknown[] = []
    const server = await serve((request, response) => {
      seen.push([request.url, request.headers['x-key'], request.headers.range, request.headers.authorization])
      response.end()
    })
    const own = { Range: 'bytes=0-9', Authorization: 'Bearer own' }
    const asks = async (network: Network, path: string): Promise<void> => {
      await (await network.fetch({ url: server.url + path, headers: own, signal: idle })).arrayBuffer()
    }
    await asks(hooked({ headers: { 'X-Key': '1', range: 'bytes=7-', authorization: 'Basic app' } }), '/a')
    const byUrl = hooked({ headers: async (url) => (url.endsWith('/b') ? new Headers([['x-key', '2']]) : undefined) })
    await asks(byUrl, '/b')
    await asks(byUrl, '/c')
    expect(seen).toEqual([
      ['/a', '1', 'bytes=0-9', 'Basic app'],
      ['/b', '2', 'bytes=0-9', 'Bearer own'],
      ['/c', undefined, 'bytes=0-9', 'Bearer own'],
    ])
  })

  it('hold a body back that nobody reads, and let it end when nobody wants it', async () => {
    let given = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        given++
        controller.enqueue(new Uint8Array(1000))
      },
      cancel: () => {
        cancelled = true
      },
    })
    const network = hooked({ fetch: async () => new Response(endless) })
    const { body } = await network.fetch({ url: 'https://x.test/', headers: {}, signal: idle })
    const reader = body?.getReader()
    await expect.poll(() => given).toBeGreaterThan(5)
    const before = given
    for (let count = 0; count < 100; count++) expect((await reader?.read())?.value?.length).toBe(1000)
    expect(before).toBeLessThan(20)
    await expect.poll(() => given).toBeGreaterThanOrEqual(100)
    expect(given).toBeLessThan(120)
    await reader?.cancel()
    await expect.poll(() => cancelled).toBe(true)
  })

  it('are told when a request is aborted, before the answer and in the middle of it', async () => {
    const reason = new Error('enough')
    const signals: AbortSignal[] = []
    const network = hooked({
      fetch: (url, { signal }) => {
        if (signal) signals.push(signal)
        return url.endsWith('/never')
          ? new Promise(() => {})
          : Promise.resolve(new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(9)) })))
      },
    })
    for (const path of ['never', 'endless']) {
      const controller = new AbortController()
      const asked = network.fetch({ url: `https://x.test/${path}`, headers: {}, signal: controller.signal })
      const ended = asked.then((response) => response.arrayBuffer())
      await expect.poll(() => signals.length).toBe(1)
      controller.abort(reason)
      await expect(ended).rejects.toBe(reason)
      const [signal] = signals.splice(0)
      await expect.poll(() => signal?.aborted).toBe(true)
    }
    const late = network.fetch({ url: 'https://x.test/', headers: {}, signal: AbortSignal.abort(reason) })
    await expect(late).rejects.toBe(reason)
    expect(signals).toEqual([])
  })

  it.each<[string, NetworkHooks, object]>([
    [
      'what fetch throws',
      { fetch: () => Promise.reject(new TypeError('no route')) },
      { message: 'no route', name: 'TypeError' },
    ],
    ['what headers throws', { headers: () => Promise.reject(new Error('no key')) }, { message: 'no key' }],
    ['no Response', { fetch: async () => Object({ ok: true }) }, { code: 'option-invalid' }],
    ['an answer that cannot be read', { fetch: async () => Response.error() }, { code: 'option-invalid' }],
    ['headers that are none', { headers: { 'a b': 'c' } }, { name: 'TypeError' }],
  ])('pass on %s as an error', async (_, hooks, error) => {
    const asked = hooked(hooks).fetch({ url: 'https://x.test/', headers: {}, signal: idle })
    await expect(asked).rejects.toMatchObject(error)
  })

  it('pass on a body that breaks off', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([1, 2])),
      pull: (controller) => controller.error(new Error('cut')),
    })
    const network = hooked({ fetch: async () => new Response(broken) })
    const response = await network.fetch({ url: 'https://x.test/', headers: {}, signal: idle })
    await expect(response.arrayBuffer()).rejects.toThrow('cut')
  })

  it('keep requests apart that run beside each other, with bodies and without', async () => {
    const network = hooked({
      fetch: async (url) => new Response(url.endsWith('/0') ? null : url, { status: url.endsWith('/0') ? 204 : 200 }),
    })
    const asked = Array.from({ length: 20 }, async (_, index) => {
      const response = await network.fetch({ url: `https://x.test/${index}`, headers: {}, signal: idle })
      return [response.status, await response.text()]
    })
    const expected = Array.from({ length: 20 }, (_, index) => [
      index ? 200 : 204,
      index ? `https://x.test/${index}` : '',
    ])
    expect(await Promise.all(asked)).toEqual(expected)
  })

  it("leave an app's own bytes to it", async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(bytes)
        controller.close()
      },
    })
    const network = hooked({ fetch: async () => new Response(stream) })
    const response = await network.fetch({ url: 'https://x.test/', headers: {}, signal: idle })
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
    expect(bytes.length).toBe(3)
  })

  it('end when they are stopped', async () => {
    const { port1, port2 } = new MessageChannel()
    const asked = vi.fn()
    const aborted = vi.fn()
    const stop = serveNetwork(port1, {
      fetch: (_, { signal }) => {
        asked()
        signal?.addEventListener('abort', aborted)
        return new Promise(() => {})
      },
    })
    hookedNetwork(port2)
      .fetch({ url: 'https://x.test/', headers: {}, signal: idle })
      .catch(() => {})
    await expect.poll(() => asked.mock.calls.length).toBe(1)
    stop()
    expect(aborted).toHaveBeenCalledOnce()
    port2.close()
  })
})
