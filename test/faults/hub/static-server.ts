import type { FaultPlan } from '../plan/fault.ts'
import { contentRange, readRange } from './byte-range.ts'
import { type FileContent, StoredContent } from './content.ts'
import { startOrigin } from './origin.ts'
import { type Answered, type Asked, emptyReply, type Headers, type Reply, withHeaders } from './reply.ts'
import { type LoggedRequest, RequestLog } from './request-log.ts'

export interface StaticOptions {
  /** Default true. Without, every answer is the whole file. */
  readonly ranges?: boolean
  /** Which headers pages may read. Default all; `false`: those that the standard lets through, `Content-Length` among them. */
  readonly exposed?: boolean
  /** Pages of other origins may read answers. Default true. */
  readonly cors?: boolean
  /** Whole files are sent zipped, without a length, to those who can read that. Default false. */
  readonly gzip?: boolean
  /** Default strong, by the content. */
  readonly etag?: 'strong' | 'weak' | 'none'
  readonly faults?: FaultPlan
}

/** Files at addresses of an HTTP server, as anyone may put them there. */
export interface StaticServer {
  readonly url: string
  readonly log: readonly LoggedRequest[]
  faults: FaultPlan | undefined
  /** Also in place of what is there. @param path without a slash before it */
  put(path: string, content: FileContent): void
  count(path?: string): number
  bytesSent(path?: string): number
  close(): Promise<void>
}

export async function startStaticServer(options: StaticOptions = {}): Promise<StaticServer> {
  const log = new RequestLog()
  const files = new Map<string, StoredContent>()
  const state: { faults: FaultPlan | undefined } = { faults: options.faults }
  const origin = await startOrigin({
    name: 'static',
    log,
    plan: () => state.faults,
    answer: (asked) => answer(asked, files.get(decodeURIComponent(asked.url.pathname.slice(1))), options),
  })
  const of = (path: string | undefined): readonly LoggedRequest[] =>
    log.requests.filter(({ kind, path: own }) => kind === 'other' && (path === undefined || own === path))
  return {
    url: origin.url,
    get log() {
      return log.requests
    },
    get faults() {
      return state.faults
    },
    set faults(value) {
      state.faults = value
    },
    put: (path, content) => void files.set(path, new StoredContent(content)),
    count: (path) => of(path).length,
    bytesSent: (path) => of(path).reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    close: () => origin.close(),
  }
}

function answer(asked: Asked, content: StoredContent | undefined, options: StaticOptions): Answered {
  const path = decodeURIComponent(asked.url.pathname.slice(1))
  const { cors = true, exposed = true } = options
  const allowed: Headers = {
    ...(cors && { 'Access-Control-Allow-Origin': '*' }),
    ...(cors && exposed && { 'Access-Control-Expose-Headers': '*' }),
  }
  if (asked.method === 'OPTIONS') {
    const headers = { ...allowed, ...(cors && { 'Access-Control-Allow-Headers': '*' }) }
    return { subject: { kind: 'preflight', path }, reply: emptyReply(204, headers) }
  }
  const reply = content ? sendContent(asked, content, options) : emptyReply(404)
  return { subject: { kind: 'other', path }, reply: withHeaders(reply, allowed) }
}

function sendContent({ headers }: Asked, content: StoredContent, options: StaticOptions): Reply {
  const { ranges = true, gzip = false, etag = 'strong' } = options
  const named: Headers =
    etag === 'none' ? {} : { ETag: `${etag === 'weak' ? 'W/' : ''}"${content.sha256.slice(0, 16)}"` }
  const common: Headers = { 'Content-Type': 'application/octet-stream', ...named }
  const range = ranges ? readRange(headers.range, content.size) : 'none'
  if (range === 'unsatisfiable') return emptyReply(416, { 'Content-Range': `bytes */${content.size}` })
  if (range === 'none') {
    const zipped = gzip && /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
    return { status: 200, headers: common, content, gzip: zipped }
  }
  return { status: 206, headers: { ...common, 'Content-Range': contentRange(range, content.size) }, content, range }
}
