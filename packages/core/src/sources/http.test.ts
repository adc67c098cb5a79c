import { afterEach, describe, expect, it } from 'vitest'
import type { NetworkRequest } from '../network/network.ts'
import { type Handler, serveTest, type TestServer } from '../test-support/test-server.ts'
import { Connection, statusError, TransientFailure, withRetries } from './http.ts'

let server: TestServer | undefined
afterEach(() => server?.close())

async function failing(handler: Handler, options: ConstructorParameters<typeof Connection>[0] = {}): Promise<unknown> {
  server = await serveTest(handler)
  const connection = new Connection(options)
  try {
    const response = await connection.fetch(`${server.url}/file?signature=secret`)
    await connection.readBody(response, () => {})
    return undefined
  } catch (error) {
    return error
  } finally {
    connection.close()
  }
}

describe('Connection', () => {
  it('asks through the network that it is given', async () => {
    const requests: NetworkRequest[] = []
    const network = {
      fetch: async (request: NetworkRequest) => {
        requests.push(request)
        return new Response('abc')
      },
    }
    const connection = new Connection({ network })
    const response = await connection.fetch('https://example.org/a', { Range: 'bytes=0-2' })
    const parts: number[] = []
    await connection.readBody(response, (part) => {
      parts.push(...part)
    })
    expect(parts).toEqual([97, 98, 99])
    expect(requests).toMatchObject([{ url: 'https://example.org/a', headers: { Range: 'bytes=0-2' } }])
    await connection.fetch('https://example.org/a', {}, { method: 'HEAD' })
    expect(requests[1]?.method).toBe('HEAD')
    connection.close()
    expect(requests[0]?.signal.aborted).toBe(true)
  })

  it('calls an answer that breaks off a failure that may pass, by the name that it is given', async () => {
    const cut: Handler = (_, response) => {
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('abc', () => response.destroy())
    }
    const error = await failing(cut, { name: 'https://example.org/model' })
    expect(error).toBeInstanceOf(TransientFailure)
    expect(error).toMatchObject({ kind: 'failed', outcome: { code: 'network-failed' } })
    const outcome = error instanceof TransientFailure ? error.outcome : undefined
    expect(outcome?.message).toContain('https://example.org/model')
    expect(JSON.stringify([outcome?.message, outcome?.details])).not.toContain('secret')
  })

  it('takes one whose length or coding is wrong for cut', async () => {
    const zipped: Handler = (_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('this is not compressed')
    }
    expect(await failing(zipped)).toBeInstanceOf(TransientFailure)
  })
})

describe('statusError', () => {
  const headers = (value: string): Headers => new Headers({ 'Retry-After': value })

  it.each([408, 425, 429, 500, 502, 503, 504])('calls %d a failure that may pass', (status) => {
    expect(statusError('u', status)).toMatchObject({
      kind: status === 429 ? 'busy' : 'failed',
      outcome: { code: 'source-unavailable', details: { url: 'u', status } },
    })
  })

  it('reads Retry-After in seconds and as a date, and nothing else', () => {
    expect(statusError('u', 503, headers('7'))).toMatchObject({ retryAfterMs: 7_000 })
    const date = new Date(Date.now() + 60_000).toUTCString()
    const error = statusError('u', 429, headers(date))
    expect(error instanceof TransientFailure && Math.round((error.retryAfterMs ?? 0) / 10_000)).toBe(6)
    expect(statusError('u', 503, headers(new Date(0).toUTCString()))).toMatchObject({ retryAfterMs: 0 })
    expect(statusError('u', 503, headers('soon'))).toMatchObject({ retryAfterMs: undefined })
    expect(statusError('u', 503)).toMatchObject({ retryAfterMs: undefined })
  })
})

describe('withRetries over connections', () => {
  it('gives each attempt its own, and ends it', async () => {
    const signals: AbortSignal[] = []
    const network = {
      fetch: async ({ signal }: NetworkRequest) => {
        signals.push(signal)
        return new Response('', { status: signals.length < 3 ? 503 : 200 })
      },
    }
    const attempt = async (connection: Connection): Promise<number> => {
      const { status } = await connection.fetch('https://example.org/')
      if (status !== 200) throw statusError('u', status)
      return status
    }
    expect(await withRetries(attempt, () => 0, { network, firstPauseMs: 0 })).toBe(200)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])
    expect(new Set(signals).size).toBe(3)
  })
})
