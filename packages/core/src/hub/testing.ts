import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { type HubDescription, hubOf } from './hubs.ts'

export interface TestRepository {
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly card?: unknown
  readonly gated?: 'auto' | 'manual'
  /** Whose repository this is a quantised form of. */
  readonly quantizedFrom?: string
  /** What it is called now. */
  readonly movedTo?: string
}

export interface TestHub {
  readonly hub: HubDescription
  readonly url: string
  /** `METHOD path range` of every request. */
  readonly requests: string[]
  /** Who asked with what, in the same order. */
  readonly authorizations: (string | undefined)[]
  close(): Promise<void>
}

export const testCommit = 'c0ffee'.padEnd(40, '0')
export const testToken = 'hf_secret'
/** A hub with the answers of Hugging Face's that a loader reads. Files ending in `.gguf` or `.safetensors` lie in LFS. */
export async function serveHub(
  repositories: Readonly<Record<string, TestRepository>>,
  filesAPage = 3,
): Promise<TestHub> {
  const authorizations: (string | undefined)[] = []
  const server = await serveTest((request, response) => {
    authorizations.push(request.headers.authorization)
    answer(new URL(request.url ?? '/', server.url), request, response)
  })
  return { hub: hubOf(server.url), url: server.url, requests: server.requests, authorizations, close: server.close }

  function answer(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const [status, body, headers] = answerOf(url, request)
    if (body instanceof Uint8Array) sendRange(request, response, body)
    else response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

  function answerOf(url: URL, request: IncomingMessage): Answer {
    if (url.pathname === '/api/models') {
      const base = url.searchParams.get('filter')?.replace('base_model:quantized:', '')
      const ids = Object.keys(repositories).filter((id) => repositories[id]?.quantizedFrom === base)
      return [200, ids.map((id) => ({ id }))]
    }
    const path = decodeURIComponent(url.pathname)
    const [, id = '', view, rest = ''] =
      /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/(.*)$/.exec(path) ??
      /^\/([^/]+\/[^/]+)\/(resolve)\/(.*)$/.exec(path) ??
      []
    const repository = repositories[id]
    if (!repository) return [401, { error: 'Invalid username or password.' }]
    if (repository.movedTo !== undefined)
      return [307, {}, { Location: url.pathname.replace(id, repository.movedTo) + url.search }]
    const [revision = '', ...file] = rest.split('/')
    if (revision !== 'main' && revision !== testCommit && revision !== 'v1')
      return [404, { error: 'Invalid rev id' }, { 'X-Error-Code': 'RevisionNotFound' }]
    if (view === 'revision')
      return [200, { id, sha: testCommit, gated: repository.gated ?? false, cardData: repository.card }]
    if (view === 'tree') return listOf(url, repository.files, filesAPage)
    const authorized = request.headers.authorization === `Bearer ${testToken}`
    if (repository.gated && !authorized)
      return [request.headers.authorization ? 403 : 401, {}, { 'X-Error-Code': 'GatedRepo' }]
    const content = repository.files[file.join('/')]
    return content === undefined ? [404, {}, { 'X-Error-Code': 'EntryNotFound' }] : [200, bytesOf(content)]
  }
}

type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>]

function listOf(url: URL, files: TestRepository['files'], page: number): Answer {
  const paths = Object.keys(files)
  const from = Number(url.searchParams.get('cursor') ?? 0)
  const next = new URL(url)
  next.searchParams.set('cursor', String(from + page))
  const folders = [...new Set(paths.flatMap((path) => (path.includes('/') ? [path.split('/')[0]] : [])))]
  const entries = [
    ...folders.map((path) => ({ type: 'directory', oid: '0'.repeat(40), path })),
    ...paths.slice(from, from + page).map((path) => entryOf(path, bytesOf(files[path]))),
  ]
  return [200, entries, from + page < paths.length ? { Link: `<${next.href}>; rel="next"` } : {}]
}

export function bytesOf(content: string | Uint8Array | undefined): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : (content ?? new Uint8Array())
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(bytesOf(content)).digest('hex')
}

export function gitSha1Of(content: string | Uint8Array): string {
  const bytes = bytesOf(content)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function entryOf(path: string, bytes: Uint8Array): unknown {
  const size = bytes.length
  if (!/\.(gguf|safetensors)$/.test(path)) return { type: 'file', oid: gitSha1Of(bytes), size, path }
  const lfs = { oid: sha256Of(bytes), size, pointerSize: 135 }
  return { type: 'file', oid: 'f'.repeat(40), size, lfs, xetHash: '0'.repeat(64), path }
}
