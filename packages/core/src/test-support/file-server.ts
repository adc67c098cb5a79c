import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { serveTest, type TestServer } from './test-server.ts'

/** What goes wrong with an answer. `after` counts bytes of the body. */
export type FileFault =
  | { readonly kind: 'cut'; readonly after: number }
  | { readonly kind: 'stall'; readonly after: number }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  /** 206 for other bytes than were asked for. */
  | { readonly kind: 'other-range' }
  /** More bytes than the answer says. */
  | { readonly kind: 'excess' }
  /** 200 and the file, whatever was asked for. */
  | { readonly kind: 'whole' }
  /** 200 and a login in place of what was asked for. */
  | { readonly kind: 'page' }
  /** The signature counts as expired, and all that were given out before too. */
  | { readonly kind: 'expired' }

export interface FileServerOptions {
  readonly content: Uint8Array
  /** `direct`: one origin, no redirect. `redirect`: to another origin, by an address that is signed. `bound`: and good for the range only that it was got with. */
  readonly kind: 'direct' | 'redirect' | 'bound'
  readonly ranges?: boolean
  /** Answers with bytes are compressed, those to ranges too. */
  readonly zips?: boolean
  /** As the CDN of ModelScope, whose Content-Range CORS hides. */
  readonly hideContentRange?: boolean
  readonly headers?: Record<string, string>
  /** For the answers that carry bytes, in the order in which they are asked for. */
  readonly fault?: (start: number, end: number, count: number) => FileFault | undefined
  /** Requests, by their number, that the second origin refuses by 403, of whatever kind. */
  readonly refused?: (count: number) => boolean
}

export interface FileServer {
  readonly url: string
  readonly hub: TestServer
  readonly cdn: TestServer
  /** Bytes of bodies that were handed to the network. */
  readonly sent: () => number
  /** Faults that happened. */
  readonly faults: FileFault[]
  close(): Promise<void>
}

/** A file on a hub and its CDN: two real servers on two origins. */
export async function serveFile(options: FileServerOptions): Promise<FileServer> {
  const { content, kind, ranges = true, headers = {} } = options
  const faults: FileFault[] = []
  let [sent, answers, signatures, firstValid, asked] = [0, 0, 0, 0, 0]

  const deliver = (request: IncomingMessage, response: ServerResponse): void => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const start = ranges && first !== undefined ? Number(first) : 0
    const end = ranges && last !== undefined ? Math.min(Number(last) + 1, content.length) : content.length
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'Content-Length': content.length, ...headers }).end()
      return
    }
    const fault = options.fault?.(start, end, ++answers)
    if (fault) faults.push(fault)
    if (fault?.kind === 'status' || fault?.kind === 'expired') {
      if (fault.kind === 'expired') firstValid = signatures
      const status = fault.kind === 'expired' ? 403 : fault.status
      response.writeHead(status, fault.kind === 'status' ? fault.headers : {}).end('<html>error</html>')
      return
    }
    if (fault?.kind === 'page') {
      response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end('<!doctype html><title>Sign in</title>')
      return
    }
    if (start >= content.length && content.length > 0) {
      response.writeHead(416).end()
      return
    }
    const whole = fault?.kind === 'whole' || first === undefined || !ranges
    const [from, until] = whole ? [0, content.length] : [start, end]
    if (options.zips) {
      response.writeHead(whole ? 200 : 206, { 'Content-Encoding': 'gzip', ...headers })
      response.end(gzipSync(content.subarray(from, until)))
      return
    }
    const shift = fault?.kind === 'other-range' ? 1 : 0
    const range = `bytes ${from + shift}-${until - 1 + shift}/${content.length}`
    response.writeHead(whole ? 200 : 206, {
      'Content-Type': 'application/octet-stream',
      ...(whole || options.hideContentRange ? {} : { 'Content-Range': range }),
      ...(fault?.kind === 'excess' ? {} : { 'Content-Length': until - from }),
      ...headers,
    })
    void send(response, from, until, fault)
  }

  const send = async (response: ServerResponse, from: number, until: number, fault: FileFault | undefined) => {
    const closed = new Promise((resolve) => response.once('close', resolve))
    const stop = fault?.kind === 'cut' || fault?.kind === 'stall' ? Math.min(until, from + fault.after) : until
    for (let at = from; at < stop && !response.destroyed; at += 65_536) {
      const part = content.subarray(at, Math.min(stop, at + 65_536))
      sent += part.length
      await Promise.race([closed, new Promise((resolve) => response.write(part, resolve))])
    }
    if (fault?.kind === 'cut') response.destroy()
    else if (fault?.kind === 'excess') response.end('too much')
    else if (fault?.kind !== 'stall') response.end()
  }

  const cdn = await serveTest((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://cdn')
    const bound = searchParams.get('range')
    const isBad = (bound !== null && bound !== request.headers.range) || options.refused?.(++asked)
    if (Number(searchParams.get('signature')) < firstValid || isBad) response.writeHead(403).end('Auth failed')
    else deliver(request, response)
  })
  const hub = await serveTest((request, response) => {
    if (kind === 'direct') {
      deliver(request, response)
      return
    }
    const { range } = request.headers
    const target = new URL('/blob', cdn.url)
    target.searchParams.set('signature', String(signatures++))
    if (kind === 'bound' && range !== undefined) target.searchParams.set('range', range)
    response.writeHead(302, { Location: target.href, ...headers }).end()
  })
  return {
    url: `${hub.url}/org/name/resolve/main/file.gguf`,
    hub,
    cdn,
    sent: () => sent,
    faults,
    close: async () => {
      await hub.close()
      await cdn.close()
    },
  }
}
