import { randomUUID } from 'node:crypto'
import { contentRange, readRange } from './byte-range.ts'
import type { Catalogue } from './hub-api.ts'
import { type Answered, type Asked, emptyReply, type Headers, jsonReply, type Reply, type Subject } from './reply.ts'
import type { Commit, CommittedFile, Repository } from './repository.ts'

/** Of the site itself; nothing is exposed. */
export const modelscopeCors: Headers = { 'Access-Control-Allow-Origin': '*' }

/** The four headers that its CDN sends. Nothing is exposed: a page reads no `Content-Range` and no `ETag`. */
export const modelscopeCdnCors: Headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
}

const codes = { model: 10010205001, file: 10010203004, page: 10010100001 }

/** Answers ModelScope's API and its resolver: `/api/v1/models/org/name…` and `/models/org/name/resolve/revision/path`. */
export function answerModelscope(
  asked: Asked,
  catalogue: Catalogue,
  sign: (file: CommittedFile, repository: string) => string,
): Answered {
  const { pathname, searchParams } = asked.url
  const resolved = /^\/models\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname)
  const [, id = '', rest = ''] = resolved ?? /^\/api\/v1\/models\/([^/]+\/[^/]+)((?:\/.*)?)$/.exec(pathname) ?? []
  const revision = resolved ? decodeURIComponent(rest) : (searchParams.get('Revision') ?? 'master')
  const named = resolved ? decodeURIComponent(resolved[3] ?? '') : searchParams.get('FilePath')
  const isFile = resolved !== null || (rest === '/repo' && named !== null)
  const repository = catalogue.find(decodeURIComponent(id))
  const subject: Subject = {
    kind: isFile ? 'resolve' : 'api',
    path: isFile ? (named ?? '') : `models${rest}`,
    ...(id !== '' && { repository: decodeURIComponent(id) }),
  }
  const reply = (value: Reply, kind = subject.kind): Answered => ({ subject: { ...subject, kind }, reply: value })
  if (id === '') return reply(failure(codes.page, 'page not found'))
  if (!repository) return reply(failure(codes.model, `The model ${id} does not exist`))
  const commit = repository.find(revision)
  if (isFile) {
    const file = commit?.files.get(named ?? '')
    if (!commit || !file) return reply(failure(codes.file, `The file ${named ?? ''} does not exist`))
    if (!file.large) return reply(fromGateway(asked, file), 'small')
    return reply(emptyReply(302, { Location: sign(file, repository.id) }))
  }
  if (rest === '') return reply(success(describe(repository)))
  if (rest !== '/repo/files') return reply(failure(codes.page, 'page not found'))
  const recursive = /^true$/i.test(searchParams.get('Recursive') ?? '')
  // A revision that there is not has no files.
  return reply(success({ Files: commit ? listFiles(commit, searchParams.get('Root') ?? '', recursive) : [] }))
}

function describe({ id, branch, definition, head }: Repository): object {
  const readme = head.files.get('README.md')
  const [Path, Name] = id.split('/')
  const { card = {}, baseModel } = definition
  return {
    Path,
    Name,
    Revision: branch,
    License: card['license'] ?? '',
    BaseModel: baseModel ? [baseModel.id] : [],
    BaseModelRelation: baseModel?.relation ?? '',
    ReadMeContent: readme ? readme.content.read(0, readme.content.size).toString() : '',
  }
}

function listFiles(commit: Commit, root: string, recursive: boolean): object[] {
  const prefix = root === '' ? '' : `${root}/`
  const entries = new Map<string, object>()
  for (const { path, content, large } of commit.files.values()) {
    if (!path.startsWith(prefix)) continue
    const parts = path.slice(prefix.length).split('/')
    for (let depth = 1; depth < parts.length && (recursive || depth === 1); depth++) {
      const folder = prefix + parts.slice(0, depth).join('/')
      entries.set(folder, {
        Type: 'tree',
        Path: folder,
        Name: parts[depth - 1],
        Size: 0,
        Sha256: '',
        IsLFS: false,
        Revision: commit.id,
      })
    }
    if (!recursive && parts.length > 1) continue
    const Name = parts.at(-1)
    entries.set(path, {
      Type: 'blob',
      Path: path,
      Name,
      Size: content.size,
      Sha256: content.sha256,
      IsLFS: large,
      Revision: commit.id,
    })
  }
  return [...entries.values()]
}

/** A small file, by the site itself: a range without an end is a 200 whose body begins in the middle and ends too soon. */
function fromGateway({ headers }: Asked, { content }: CommittedFile): Reply {
  const { size } = content
  const range = readRange(headers.range, size)
  const common: Headers = { 'Content-Type': 'application/octet-stream' }
  if (range === 'unsatisfiable') return emptyReply(416, { 'Content-Range': `bytes */${size}` })
  if (range === 'none') return { status: 200, headers: common, content }
  const isOpen = /-$/.test(headers.range ?? '')
  if (isOpen) return { status: 200, headers: common, content, range, claimed: size }
  return { status: 206, headers: { ...common, 'Content-Range': contentRange(range, size) }, content, range }
}

function success(data: object): Reply {
  return jsonReply(200, { Code: 200, Data: data, Message: 'success', RequestId: randomUUID(), Success: true })
}

function failure(code: number, message: string): Reply {
  return jsonReply(404, { Code: code, Data: null, Message: message, RequestId: randomUUID(), Success: false })
}
