import type { FaultPlan } from '../plan/fault.ts'
import { Access } from './access.ts'
import { answerCdn, type CdnEntry } from './cdn.ts'
import type { FileContent } from './content.ts'
import { answerApi } from './hub-api.ts'
import { cdnCors, cdnPreflight, hubCors, hubPreflight } from './hub-cors.ts'
import { answerFiles } from './hub-files.ts'
import { answerModelscope, modelscopeCdnCors, modelscopeCors } from './modelscope.ts'
import { type Origin, startOrigin } from './origin.ts'
import { RateLimit } from './rate-limit.ts'
import { type Answered, type Asked, emptyReply, textReply, withHeaders } from './reply.ts'
import { Repositories } from './repositories.ts'
import type { RepositoryDefinition } from './repository.ts'
import { type LoggedRequest, RequestLog } from './request-log.ts'
import { SignedUrls } from './signed-url.ts'
import { tooManyRequests } from './too-many-requests.ts'

export interface HubOptions {
  /** Default `huggingface`. */
  readonly kind?: 'huggingface' | 'modelscope'
  /** How long a signed address is good. Default an hour. */
  readonly signedSeconds?: number
  /** Requests in five minutes. Default 500 to the API, 3000 to the resolver. */
  readonly limits?: { readonly api?: number; readonly resolve?: number }
  readonly faults?: FaultPlan
}

/** A model hub and its CDN: two HTTP servers on the loopback address, each an origin of its own. */
export interface FakeHub {
  readonly url: string
  readonly cdnUrl: string
  /** In the order of their answers. */
  readonly log: readonly LoggedRequest[]
  /** Asked for each request of both origins. */
  faults: FaultPlan | undefined
  /** @returns the commit */
  add(id: string, definition: RepositoryDefinition): string
  /** A new commit on the branch; null deletes a file. @returns its id */
  commit(id: string, changes: Readonly<Record<string, FileContent | null>>): string
  /** The old name leads to the new one. */
  rename(from: string, to: string): void
  /** A token that is known, and the gated or private repositories that let it in. */
  allow(token: string, ...repositories: readonly string[]): void
  /** Seconds go by: signed addresses expire, rate limits begin anew. */
  advance(seconds: number): void
  /** Requests so far of a kind, for one path or all. */
  count(kind: LoggedRequest['kind'], path?: string): number
  /** Of the bodies of one file, or of all; what the CDN and the hub itself sent. */
  bytesSent(path?: string): number
  /** Once so many more bytes were sent, of one file or of all. */
  whenSent(bytes: number, path?: string): Promise<void>
  /** The network is gone for a moment: all connections end, whatever is under way. */
  cut(): void
  /** The log is empty, and all counts with it. */
  forget(): void
  close(): Promise<void>
}

export async function startHub({
  kind = 'huggingface',
  signedSeconds = 3600,
  limits = {},
  faults,
}: HubOptions = {}): Promise<FakeHub> {
  const began = Date.now() / 1000
  let passed = 0
  const clock = (): number => began + passed
  const log = new RequestLog()
  const access = new Access()
  const repositories = new Repositories(kind === 'huggingface' ? 'main' : 'master')
  const urls = new SignedUrls(clock, signedSeconds)
  const entries = new Map<string, CdnEntry>()
  const apiLimit = new RateLimit('api', limits.api ?? 500, clock)
  const resolveLimit = new RateLimit('resolvers', limits.resolve ?? 3000, clock)
  const state: { faults: FaultPlan | undefined } = { faults }
  const plan = (): FaultPlan | undefined => state.faults

  const cdn: Origin = await startOrigin({
    name: 'cdn',
    log,
    plan,
    answer: (asked) => {
      const own = kind === 'huggingface' ? cdnCors : modelscopeCdnCors
      if (asked.method === 'OPTIONS') return preflight(asked, { ...own, ...cdnPreflight })
      const { subject, reply } = answerCdn(asked, entries, urls, ({ xetHash, sha256 }) =>
        kind === 'huggingface' ? xetHash : sha256.slice(0, 32).toUpperCase(),
      )
      return { subject, reply: withHeaders(reply, own) }
    },
  })

  function sign(entry: CdnEntry, range: string | undefined): string {
    const { xetHash, sha256 } = entry.content
    const isXet = kind === 'huggingface'
    const path = isXet ? `/xet-bridge-us/${xetHash}` : `/prod/lfs-objects/${sha256.slice(0, 2)}/${sha256.slice(2)}`
    entries.set(path, entry)
    // Only the hub's own CDN looks at the range.
    return `${cdn.url}${urls.sign(path, isXet ? range : undefined)}`
  }

  const hub: Origin = await startOrigin({
    name: 'hub',
    log,
    plan,
    answer: (asked) => {
      if (kind === 'modelscope') {
        if (asked.method === 'OPTIONS') return preflight(asked, { ...modelscopeCors, ...hubPreflight(asked) })
        const { subject, reply } = answerModelscope(asked, repositories, ({ content, path }, repository) =>
          sign({ content, path, repository }, undefined),
        )
        return { subject, reply: withHeaders(reply, modelscopeCors) }
      }
      const cors = hubCors(asked, hub.url)
      if (asked.method === 'OPTIONS') return preflight(asked, { ...cors, ...hubPreflight(asked) })
      const answered = answerHub(asked, hub.url)
      const limit = answered.subject.kind === 'api' ? apiLimit : resolveLimit
      const { exceeded, headers } = limit.count()
      const html = textReply(429, 'text/html; charset=utf-8', tooManyRequests)
      return {
        subject: answered.subject,
        reply: withHeaders(exceeded ? html : answered.reply, {
          ...cors,
          ...headers,
          'X-Request-Id': `Root=${log.requests.length}`,
        }),
      }
    },
  })

  function answerHub(asked: Asked, url: string): Answered {
    return (
      answerApi(asked, repositories, access, url) ??
      answerFiles(asked, repositories, access, ({ content, path }, range, repository) =>
        sign({ content, path, repository }, range),
      ) ?? {
        subject: { kind: 'other', path: asked.url.pathname },
        reply: textReply(404, 'text/html; charset=utf-8', '<!doctype html><title>404</title>'),
      }
    )
  }

  const bytesSent = (path?: string): number =>
    log.requests
      .filter(
        ({ kind: sent, path: own }) => (sent === 'cdn' || sent === 'small') && (path === undefined || own === path),
      )
      .reduce((sum, request) => sum + request.bytesSent, 0)

  return {
    url: hub.url,
    cdnUrl: cdn.url,
    get log() {
      return log.requests
    },
    get faults() {
      return state.faults
    },
    set faults(value) {
      state.faults = value
    },
    add: (id, definition) => repositories.add(id, definition).head.id,
    commit: (id, changes) => repositories.get(id).commit(changes),
    rename: (from, to) => repositories.rename(from, to),
    allow: (token, ...ids) => {
      access.add(token)
      for (const id of ids) access.accept(token, id)
    },
    advance: (seconds) => {
      passed += seconds
    },
    count: (wanted, path) =>
      log.requests.filter((request) => request.kind === wanted && (path === undefined || request.path === path)).length,
    bytesSent,
    whenSent: (bytes, path) => {
      const end = bytesSent(path) + bytes
      return log.when(() => bytesSent(path) >= end)
    },
    cut: () => {
      hub.cut()
      cdn.cut()
    },
    forget: () => log.clear(),
    close: async () => void (await Promise.all([hub.close(), cdn.close()])),
  }
}

function preflight({ url }: Asked, headers: Readonly<Record<string, string>>): Answered {
  return { subject: { kind: 'preflight', path: url.pathname }, reply: emptyReply(200, headers) }
}
