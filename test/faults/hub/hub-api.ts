import { createHash } from 'node:crypto'
import { type Access, failure } from './access.ts'
import { modelFields, tagsOf } from './hub-info.ts'
import { pageOf, treeEntries } from './hub-tree.ts'
import { type Answered, type Asked, emptyReply, jsonReply, type Reply, textReply } from './reply.ts'
import type { Repository } from './repository.ts'

/** Repositories by the name that is asked for; a name that was changed, or is spelt otherwise, leads to another. */
export interface Catalogue {
  readonly all: readonly Repository[]
  find(id: string): Repository | undefined
  /** Where it is now. */
  movedTo(id: string): string | undefined
}

const listed = [
  '_id',
  'id',
  'modelId',
  'private',
  'downloads',
  'likes',
  'tags',
  'pipeline_tag',
  'library_name',
  'createdAt',
]

/** Answers `/api/models…`: lists, one model, and its files. */
export function answerApi(asked: Asked, catalogue: Catalogue, access: Access, hub: string): Answered | undefined {
  const { pathname } = asked.url
  if (pathname === '/api/models') {
    return { subject: { kind: 'api', path: 'models' }, reply: listModels(asked, catalogue, access, hub) }
  }
  const [, organisation, name, rest = ''] = /^\/api\/models\/([^/]+)\/([^/]+)((?:\/.*)?)$/.exec(pathname) ?? []
  if (organisation === undefined || name === undefined) return undefined
  const id = decodeURIComponent(`${organisation}/${name}`)
  const subject = { kind: 'api', repository: id, path: `models${rest === '' ? '' : decodeURIComponent(rest)}` } as const
  const reply = (value: Reply): Answered => ({ subject, reply: value })
  const moved = catalogue.movedTo(id)
  if (moved !== undefined) return reply(redirect(`/api/models/${moved}${rest}${asked.url.search}`))
  const repository = catalogue.find(id)
  const refusal = access.refuseListing(id, repository, asked.headers.authorization)
  if (refusal || !repository) return reply(refusal ?? emptyReply(500))
  const [, kind, revisionAndPath = ''] = /^\/(revision|tree)\/(.+)$/.exec(rest) ?? []
  if (rest !== '' && kind === undefined)
    return reply(jsonReply(404, { error: "Sorry, we can't find the page you are looking for." }))
  const [encoded = '', ...folder] = revisionAndPath.split('/')
  const revision = rest === '' ? repository.branch : decodeURIComponent(encoded)
  const commit = repository.find(revision)
  if (!commit) return reply(failure(404, 'RevisionNotFound', `Invalid rev id: ${revision}`))
  if (kind !== 'tree') return reply(describeModel(asked, modelFields(repository, commit, isSet(asked, 'blobs'))))
  const path = folder.map(decodeURIComponent).join('/')
  const entries = treeEntries(commit, path, isSet(asked, 'recursive'), isSet(asked, 'expand'))
  if (entries.length === 0 && path !== '') {
    return reply(failure(404, 'EntryNotFound', `${path} does not exist on "${revision}"`))
  }
  return reply(paged(asked, entries, hub))
}

function isSet({ url }: Asked, name: string): boolean {
  return ['true', '1', ''].includes(url.searchParams.get(name) ?? 'false')
}

/** With `expand`, once for each field, only those; a list of several in one is no field. */
function describeModel({ url }: Asked, fields: Readonly<Record<string, unknown>>): Reply {
  const wanted = [...url.searchParams.getAll('expand'), ...url.searchParams.getAll('expand[]')]
  if (wanted.length === 0) return etagged(fields)
  const known = [
    ...Object.keys(fields),
    'cardData',
    'gguf',
    'safetensors',
    'config',
    'baseModels',
    'childrenModelCount',
  ]
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined) return jsonReply(400, { error: `"expand" must be one of [${known.join(', ')}]` })
  const chosen = Object.entries(fields).filter(([name]) => name === '_id' || name === 'id' || wanted.includes(name))
  return etagged(Object.fromEntries(chosen))
}

function listModels(asked: Asked, { all }: Catalogue, access: Access, hub: string): Reply {
  const { searchParams } = asked.url
  const filters = searchParams.getAll('filter').flatMap((value) => value.split(','))
  const [search, author] = [searchParams.get('search')?.toLowerCase(), searchParams.get('author')]
  const found = all.filter((repository) => {
    const tags = tagsOf(repository, repository.head)
    return (
      access.refuseListing(repository.id, repository, asked.headers.authorization) === undefined &&
      // Tags are compared letter by letter, capitals and all.
      filters.every((filter) => tags.includes(filter)) &&
      (search === undefined || repository.id.toLowerCase().includes(search)) &&
      (author === null || repository.id.startsWith(`${author}/`))
    )
  })
  const wanted = [...searchParams.getAll('expand'), ...searchParams.getAll('expand[]')]
  const full = isSet(asked, 'full')
  const entries = found.map((repository) => {
    const fields = modelFields(repository, repository.head, false)
    const names = wanted.length > 0 ? ['_id', 'id', ...wanted] : full ? Object.keys(fields) : listed
    return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
  })
  return paged(asked, entries, hub)
}

function paged({ url }: Asked, entries: readonly object[], hub: string): Reply {
  const limit = url.searchParams.get('limit')
  const { page, next } = pageOf(entries, url.searchParams.get('cursor'), limit === null ? undefined : Number(limit))
  if (next === undefined) return etagged(page)
  const following = new URL(`${hub}${url.pathname}${url.search}`)
  following.searchParams.set('cursor', next)
  return etagged(page, { Link: `<${following.href}>; rel="next"` })
}

function etagged(value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  const text = JSON.stringify(value)
  const digest = createHash('sha1').update(text).digest('base64').slice(0, 27)
  return jsonReply(200, value, { ETag: `W/"${text.length.toString(16)}-${digest}"`, ...headers })
}

export function redirect(location: string): Reply {
  const text = `Temporary Redirect. Redirecting to ${location}`
  return textReply(307, 'text/plain; charset=utf-8', text, { Location: location })
}
