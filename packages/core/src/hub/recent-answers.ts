import type { RememberedAnswer } from './answer-memory.ts'
import type { HubDescription } from './hubs.ts'
import type { RemoteSource } from './resolve-model.ts'

/** So long a branch may have moved on without being seen: from `canRun` to `load`, with a question to the visitor between. */
const KEPT_MS = 3 * 60_000
/** Models whose answers are kept in this page. */
const MAX_MODELS = 3

/** Who asked for what: answers to one token are none to another. */
export interface Asker {
  readonly source: RemoteSource
  readonly hub: HubDescription
  readonly token?: string | undefined
}

interface Recent {
  readonly name: string
  readonly token: string | undefined
  readonly since: number
  readonly answers: readonly RememberedAnswer[]
}

let recent: readonly Recent[] = []

/** What servers told of a model a moment ago. */
export function recentAnswers(asker: Asker): readonly RememberedAnswer[] {
  return find(asker)?.answers ?? []
}

/** Keeps what was told for a few minutes, counted from the first time. */
export function keepAnswers(asker: Asker, answers: readonly RememberedAnswer[]): void {
  const since = find(asker)?.since ?? Date.now()
  forgetAnswers(asker)
  if (answers.length === 0 || (asker.source.kind === 'url' && !isTold(answers))) return
  recent = [...recent, { name: nameOf(asker), token: asker.token, since, answers }].slice(-MAX_MODELS)
  // Some megabytes each.
  const timer: unknown = setTimeout(forgetOld, KEPT_MS)
  // Node's, which does not end before.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}

export function forgetAnswers(asker: Asker): void {
  const old = find(asker)
  recent = recent.filter((one) => one !== old)
}

/**
 * Whether a file of which the beginning is remembered would be noticed to be another now: hubs list digests, of other servers only strong
 * ETags tell that, where CORS lets them be read. Old configs beside new weights would be a model that nobody has made.
 */
function isTold(answers: readonly RememberedAnswer[]): boolean {
  const beginnings = answers.filter(({ status }) => status === 206)
  return (
    beginnings.length > 0 &&
    beginnings.every(({ headers }) => headers.some(([name, value]) => name === 'etag' && value.startsWith('"')))
  )
}

function forgetOld(): void {
  const now = Date.now()
  recent = recent.filter(({ since }) => since <= now && now - since < KEPT_MS)
}

function find(asker: Asker): Recent | undefined {
  forgetOld()
  const name = nameOf(asker)
  return recent.find((one) => one.name === name && one.token === asker.token)
}

function nameOf({ source, hub: { preset, base } }: Asker): string {
  const { url, repository, revision, file } = { url: '', repository: '', revision: '', file: '', ...source }
  return JSON.stringify([preset, base, url, repository, revision, file])
}
