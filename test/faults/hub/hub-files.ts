import { type Access, failure } from './access.ts'
import { contentRange, readRange } from './byte-range.ts'
import type { StoredContent } from './content.ts'
import { type Catalogue, redirect } from './hub-api.ts'
import { type Answered, type Asked, emptyReply, type Headers, type Reply, type Subject } from './reply.ts'
import type { Commit, CommittedFile } from './repository.ts'

/** Where the CDN has a content, for so long. */
export type Sign = (file: CommittedFile, range: string | undefined, repository: string) => string

/** The smallest text that is sent zipped, in bytes. */
const zippedBytes = 1000
const texts = /\.(?:json|txt|md|jinja|py|ya?ml|gitattributes)$/i

/** Answers `/org/name/resolve/revision/path` and where that leads small files. */
export function answerFiles(asked: Asked, catalogue: Catalogue, access: Access, sign: Sign): Answered | undefined {
  const { pathname, search } = asked.url
  const cached = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(pathname)
  const [, rawId, rawRevision, rawPath] = cached ?? /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname) ?? []
  if (rawId === undefined || rawRevision === undefined || rawPath === undefined) return undefined
  const [id, revision, path] = [rawId, rawRevision, rawPath].map(decodeURIComponent)
  if (id === undefined || revision === undefined || path === undefined) return undefined
  const subject: Subject = { kind: cached ? 'small' : 'resolve', repository: id, path }
  const reply = (value: Reply): Answered => ({ subject, reply: value })
  const moved = catalogue.movedTo(id)
  if (moved !== undefined) return reply(redirect(`/${moved}/resolve/${rawRevision}/${rawPath}${search}`))
  const repository = catalogue.find(id)
  const { authorization, range } = asked.headers
  const refusal = access.refuseListing(id, repository, authorization)
  if (refusal || !repository) return reply(refusal ?? emptyReply(500))
  const commit = repository.find(revision)
  if (!commit) return reply(failure(404, 'RevisionNotFound', `Invalid rev id: ${revision}`))
  const file = commit.files.get(path)
  if (!file) return reply(withCommit(failure(404, 'EntryNotFound', 'Entry not found'), commit))
  const closed = access.refuseFile(repository, authorization)
  if (closed) return reply(withCommit(closed, commit))
  if (cached) return reply(withCommit(smallFile(asked, file), commit))
  if (file.large) return reply(withCommit(toCdn(file.content, sign(file, range, id)), commit))
  const { blobId } = file.content
  const location = `/api/resolve-cache/models/${rawId}/${commit.id}/${rawPath}?etag=%22${blobId}%22`
  const kept: Headers = { ETag: `"${blobId}"`, 'Cache-Control': 'no-store' }
  const found = redirect(location)
  return reply(withCommit({ ...found, headers: { ...found.headers, ...kept } }, commit))
}

/** What a page never sees: the SHA-256, the size and the commit are on the redirect. */
function toCdn({ sha256, size, xetHash }: StoredContent, location: string): Reply {
  return {
    ...redirect(location),
    status: 302,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      Location: location,
      'X-Linked-Size': String(size),
      'X-Linked-ETag': `"${sha256}"`,
      'X-Xet-Hash': xetHash,
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'no-store',
    },
  }
}

function smallFile({ headers }: Asked, { path, content }: CommittedFile): Reply {
  const { blobId, size } = content
  const strong = `"${blobId}"`
  const common = { 'Content-Type': texts.test(path) ? 'text/plain; charset=utf-8' : 'application/octet-stream' }
  if (headers['if-none-match']?.replace(/^W\//, '') === strong) return emptyReply(304, { ETag: strong })
  const range = readRange(headers.range, size)
  if (range === 'unsatisfiable') return emptyReply(416, { 'Content-Range': `bytes */${size}` })
  const zipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  if (range === 'none' && zipped && texts.test(path) && size >= zippedBytes) {
    return { status: 200, headers: { ...common, ETag: `W/${strong}` }, content, gzip: true }
  }
  const whole = { ...common, ETag: strong, 'Accept-Ranges': 'bytes' }
  if (range === 'none') return { status: 200, headers: whole, content }
  return { status: 206, headers: { ...whole, 'Content-Range': contentRange(range, size) }, content, range }
}

function withCommit(reply: Reply, commit: Commit): Reply {
  return { ...reply, headers: { ...reply.headers, 'X-Repo-Commit': commit.id } }
}
