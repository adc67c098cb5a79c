import { SampanError } from '../errors.ts'
import { fetchAnswer, notAHub, parseAnswer } from './fetch-answer.ts'
import type { HubApi, ListedFile } from './hub-api.ts'
import type { HubContext } from './hub-context.ts'
import { type Asked, refusal } from './refusal.ts'

/** Pages of a list that are read: hubs give 1000 files on each. */
const MAX_PAGES = 20
/** Files of a repository: models have some hundred at most. */
const MAX_FILES = 20_000

/**
 * All files of a repository at a revision, each once.
 * @throws SampanError `source-not-found`, `source-forbidden`, `source-unavailable`, `file-limit-exceeded`, `network-failed`
 */
export async function listRepository(
  api: HubApi,
  asked: Asked,
  revision: string,
  context: HubContext,
): Promise<readonly ListedFile[]> {
  const files = new Map<string, ListedFile>()
  const seen = new Set<string>()
  for (let url: string | undefined = api.treeUrl(asked.repository, revision); url !== undefined; ) {
    seen.add(url)
    const answer = await fetchAnswer(url, context)
    if (answer.status >= 400) throw refusal(answer, asked)
    const page = api.readTree(parseAnswer(answer, asked.hub))
    if (!page) throw notAHub(answer.url, asked.hub)
    for (const file of page) files.set(file.path, file)
    const next = answer.next === undefined ? undefined : nextUrl(answer.next, answer.url)
    if (files.size > MAX_FILES || (next !== undefined && seen.size >= MAX_PAGES)) throw tooManyFiles(asked)
    if (next !== undefined && seen.has(next)) throw notAHub(next, asked.hub)
    url = next
  }
  if (files.size === 0) throw refusal({ status: 404, reason: 'RevisionNotFound' }, asked)
  return [...files.values()]
}

/** A list goes on where it began: of a mirror that passes on the hub's own link only the cursor counts. */
function nextUrl(link: string, current: string): string | undefined {
  if (!URL.canParse(link, current)) return undefined
  const [next, own] = [new URL(link, current), new URL(current)]
  if (next.origin === own.origin) return next.href
  const cursor = next.searchParams.get('cursor')
  if (cursor === null) return undefined
  own.searchParams.set('cursor', cursor)
  return own.href
}

function tooManyFiles({ repository, hub }: Asked): SampanError {
  return new SampanError(
    'file-limit-exceeded',
    `${repository} on ${hub} has more than ${MAX_FILES} files: name a .gguf file by its URL.`,
    { repository, hub, limit: MAX_FILES },
  )
}
