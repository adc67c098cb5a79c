import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MlcModel } from '../backend.ts'
import { openTestPage, type TestPage } from '../test-support/test-page.ts'
import { serveTest, type TestServer } from '../test-support/test-server.ts'

// The real package in a real page, up to where a compiled model library is needed.
let test: TestPage
let server: TestServer
/** What the server does when asked for the model library. */
let sendLibrary: (request: IncomingMessage, response: ServerResponse) => void
let round = 0

beforeAll(async () => {
  test = await openTestPage()
  server = await serveTest((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    if (pathname.startsWith('/lib/')) return sendLibrary(request, response)
    if (pathname.endsWith('/mlc-chat-config.json'))
      return void response.end(JSON.stringify({ context_window_size: 64 }))
    if (pathname.endsWith('/tensor-cache.json')) return void response.end(JSON.stringify({ records: [] }))
    response.writeHead(404).end()
  })
}, 120_000)
afterAll(async () => {
  await test?.close()
  await server?.close()
})
afterEach(() => {
  sendLibrary = (_, response) => void response.writeHead(404).end()
})

/** A model under addresses that no test before has filled web-llm's cache with. */
function custom(): { mlc: { id: string; model: string; modelLib: string } } {
  round++
  return {
    mlc: {
      id: 'mine',
      model: `${server.url}/model-${round}/resolve/main/`,
      modelLib: `${server.url}/lib/${round}.wasm`,
    },
  }
}

interface Outcome {
  readonly name: string
  readonly code?: string
  readonly message: string
  readonly details?: Record<string, unknown>
  readonly isSampanError: boolean
  readonly phases: string[]
}

function load(source: string | { mlc: MlcModel }, options: { bits?: 4; abortAfterMs?: number } = {}): Promise<Outcome> {
  return test.page.evaluate(
    async ({ source, options }) => {
      const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
      const phases: string[] = []
      const signal = options.abortAfterMs === undefined ? undefined : AbortSignal.timeout(options.abortAfterMs)
      try {
        await core.load(source, {
          ...(options.bits && { bits: options.bits }),
          ...(signal && { signal }),
          onProgress: ({ phase, loaded, total }) => phases.push(`${phase} ${loaded}/${total}`),
        })
        return { name: 'none', message: 'loaded', isSampanError: false, phases }
      } catch (error) {
        const isSampanError = core.SampanError.isInstance(error)
        const { name, code, message, details } = Object(error)
        return { name, code, message, details, isSampanError, phases }
      }
    },
    { source, options },
  )
}

describe('web-llm in a page', () => {
  it('names the ids of its catalogue that are near an unknown one', async () => {
    const outcome = await load('mlc:Qwen3-0.6B-q4f32')
    expect(outcome).toMatchObject({ code: 'model-unknown', name: 'BackendError', isSampanError: true })
    expect(outcome.details?.['near']).toContain('Qwen3-0.6B-q4f32_1-MLC')
  })

  it('says before a download that the GPU has no f16, and which model does without', async () => {
    expect(await load('mlc:Qwen3-0.6B-q4f16_1-MLC')).toMatchObject({
      code: 'device-feature-missing',
      details: { feature: 'shader-f16', alternative: 'Qwen3-0.6B-q4f32_1-MLC' },
    })
  })

  it('refuses options that are fixed when a model is compiled', async () => {
    expect(await load(custom(), { bits: 4 })).toMatchObject({ code: 'option-invalid', details: { option: 'bits' } })
  })

  it('says which file is missing', async () => {
    const source = custom()
    expect(await load(source)).toMatchObject({
      code: 'model-library-invalid',
      details: { url: source.mlc.modelLib, status: 404 },
      phases: ['open 0/1'],
    })
  })

  it('says which server cannot be reached', async () => {
    sendLibrary = (_, response) => void response.end('x')
    const source = { mlc: { ...custom().mlc, model: 'http://127.0.0.1:9/none/resolve/main/' } }
    expect(await load(source)).toMatchObject({
      code: 'network-failed',
      details: { url: `${source.mlc.model}mlc-chat-config.json` },
    })
  })

  it('knows a library that is none', async () => {
    sendLibrary = (_, response) => void response.end('<html>not a library</html>')
    const source = custom()
    expect(await load(source)).toMatchObject({
      code: 'model-library-invalid',
      details: { url: source.mlc.modelLib },
      isSampanError: true,
    })
  })

  it('calls a connection that is cut half-way a network failure', async () => {
    sendLibrary = (_, response) => {
      response.writeHead(200, { 'Content-Length': 1 << 20 })
      response.write(Buffer.alloc(1000), () => response.destroy())
    }
    expect(await load(custom())).toMatchObject({ code: 'network-failed', isSampanError: true })
  })

  it('stops its downloads when the load is aborted', async () => {
    let closed = false
    let asked = false
    sendLibrary = (request, response) => {
      asked = true
      response.writeHead(200, { 'Content-Length': 1 << 20 }).write('x')
      request.socket.on('close', () => {
        closed = true
      })
    }
    expect(await load(custom(), { abortAfterMs: 2000 })).toMatchObject({ name: 'TimeoutError', isSampanError: false })
    expect(asked).toBe(true)
    await expect.poll(() => closed).toBe(true)
  })

  it('leaves the page able to try again after any of these', async () => {
    expect(await load('mlc:nothing-of-the-kind')).toMatchObject({ code: 'model-unknown' })
  })

  it('says that there is no WebGPU', async () => {
    const without = await openTestPage({ webgpu: false })
    const withWebGpu = test
    test = without
    const outcome = await load(custom())
    test = withWebGpu
    await without.close()
    expect(outcome).toMatchObject({ code: 'webgpu-unavailable', isSampanError: true })
  })
}, 60_000)
