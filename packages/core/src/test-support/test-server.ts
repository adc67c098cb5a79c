import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface TestServer {
  readonly url: string
  /** `METHOD path range` of every request. */
  readonly requests: string[]
  close(): Promise<void>
}

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void

/** A real HTTP server on the loopback address; `count` numbers the requests from 1. */
export async function serveTest(handler: Handler): Promise<TestServer> {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim())
    handler(request, response, requests.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Answers a Range request rightly. */
export function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  headers: Record<string, string> = {},
): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  if (first === undefined || last === undefined) {
    response.writeHead(200, headers).end(content)
    return
  }
  const start = Number(first)
  const end = Math.min(Number(last), content.length - 1)
  if (start >= content.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${content.length}` }).end()
    return
  }
  response.writeHead(206, {
    'Content-Range': `bytes ${start}-${end}/${content.length}`,
    'Content-Length': end - start + 1,
    ...headers,
  })
  response.end(content.subarray(start, end + 1))
}
