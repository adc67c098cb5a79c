import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { parseRange } from '../tooling/serve/ranged-file.mjs'

/** How a server or a file can be. */
export type Fault =
  | 'none'
  | 'truncated'
  | 'wrong-magic'
  | 'absurd-counts'
  | 'missing'
  | 'forbidden'
  | 'no-range'
  | 'cut'
  | 'cut-once'
  | 'slow'

export interface FaultServer {
  url(fault: Fault): string
  /** `METHOD path` of all that was asked for. */
  readonly requests: string[]
  close(): Promise<void>
}

const faults: readonly Fault[] = [
  'none',
  'truncated',
  'wrong-magic',
  'absurd-counts',
  'missing',
  'forbidden',
  'no-range',
  'cut',
  'cut-once',
  'slow',
]
const slowPieceBytes = 2_000
const slowPieceMs = 40

/** Serves one file from an origin of its own, as `/FAULT/NAME`. */
export async function startFaultServer(file: string): Promise<FaultServer> {
  const bytes = readFileSync(file)
  const name = basename(file)
  const wounded = new Set<string>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const fault = faults.find((known) => request.url === `/${known}/${name}`)
    const headers = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': '*',
      'Access-Control-Expose-Headers': '*',
    }
    for (const [key, value] of Object.entries(headers)) response.setHeader(key, value)
    if (request.method === 'OPTIONS') response.writeHead(204).end()
    else if (fault === undefined) response.writeHead(404).end()
    else serve(fault, bytes, request, response, wounded)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    requests,
    url: (fault) => `http://127.0.0.1:${address.port}/${fault}/${name}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function serve(
  fault: Fault,
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  wounded: Set<string>,
): void {
  switch (fault) {
    case 'none':
      send(bytes, request, response)
      break
    case 'truncated':
      send(bytes.subarray(0, Math.floor(bytes.length * 0.6)), request, response)
      break
    case 'wrong-magic':
      send(Buffer.concat([Buffer.from('PK\u0003\u0004'), bytes.subarray(4)]), request, response)
      break
    case 'absurd-counts': {
      const copy = Buffer.from(bytes)
      // The count of tensors in GGUF's header.
      copy.writeBigUInt64LE(2n ** 60n, 8)
      send(copy, request, response)
      break
    }
    case 'missing':
      response.writeHead(404).end('not here')
      break
    case 'forbidden':
      response.writeHead(403).end('not for you')
      break
    case 'no-range':
      response.writeHead(200, { 'Content-Length': String(bytes.length) }).end(bytes)
      break
    case 'cut':
      send(bytes, request, response, (part) => cut(part, response))
      break
    case 'cut-once': {
      const range = request.headers.range ?? ''
      const again = wounded.has(range)
      wounded.add(range)
      send(bytes, request, response, again ? undefined : (part) => cut(part, response))
      break
    }
    case 'slow':
      send(bytes, request, response, (part) => drip(part, response))
      break
    default:
      fault satisfies never
  }
}

function cut(part: Buffer, response: ServerResponse): void {
  response.write(part.subarray(0, Math.floor(part.length / 2)), () => response.destroy())
}

function send(
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  deliver: (part: Buffer) => void = (part) => response.end(part),
): void {
  const range = parseRange(request.headers.range, bytes.length)
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end()
    return
  }
  const { start, end } = range === 'whole' ? { start: 0, end: bytes.length } : range
  const contentRange = { 'Content-Range': `bytes ${start}-${end - 1}/${bytes.length}` }
  response.writeHead(range === 'whole' ? 200 : 206, {
    'Content-Length': String(end - start),
    ...(range === 'whole' ? {} : contentRange),
  })
  deliver(bytes.subarray(start, end))
}

function drip(part: Buffer, response: ServerResponse): void {
  let at = 0
  const timer = setInterval(() => {
    response.write(part.subarray(at, at + slowPieceBytes))
    at += slowPieceBytes
    if (at >= part.length) response.end()
  }, slowPieceMs)
  response.on('close', () => clearInterval(timer))
}
