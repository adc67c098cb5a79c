import { contentRange, readRange } from './byte-range.ts'
import type { StoredContent } from './content.ts'
import { type Answered, type Asked, emptyReply, type Headers, type Reply, type Subject, textReply } from './reply.ts'
import type { SignedUrls } from './signed-url.ts'

/** A content that was given an address, with the file that it was asked for as. */
export interface CdnEntry {
  readonly content: StoredContent
  readonly repository: string
  readonly path: string
}

/**
 * Answers a signed address with the headers of the CDN, in which no one finds the file's SHA-256. `If-Range` is not looked at.
 * @param named names the content, as an ETag
 */
export function answerCdn(
  asked: Asked,
  entries: ReadonlyMap<string, CdnEntry>,
  urls: Pick<SignedUrls, 'refusal' | 'revoke'>,
  named: (content: StoredContent) => string,
): Answered {
  const { url, headers } = asked
  const entry = entries.get(url.pathname)
  const subject: Subject = {
    kind: 'cdn',
    path: entry?.path ?? url.pathname,
    ...(entry && { repository: entry.repository }),
    revoke: () => urls.revoke(url),
  }
  const refusal = urls.refusal(url, headers.range)
  if (refusal !== undefined) return { subject, reply: textReply(403, 'text/plain', refusal) }
  if (!entry) return { subject, reply: textReply(404, 'text/plain', 'Not found') }
  return { subject, reply: sendContent(entry.content, headers.range, `"${named(entry.content)}"`) }
}

function sendContent(content: StoredContent, header: string | undefined, etag: string): Reply {
  const range = readRange(header, content.size)
  if (range === 'unsatisfiable') return emptyReply(416)
  const common: Headers = { 'Content-Type': 'application/octet-stream', ETag: etag, 'Accept-Ranges': 'bytes' }
  if (range === 'none') return { status: 200, headers: common, content }
  return { status: 206, headers: { ...common, 'Content-Range': contentRange(range, content.size) }, content, range }
}
