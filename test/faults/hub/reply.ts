import type { IncomingMessage } from 'node:http'
import type { RequestKind } from '../plan/fault.ts'
import type { ByteRange } from './byte-range.ts'
import { StoredContent } from './content.ts'

export type Headers = Readonly<Record<string, string>>

/** An answer before anything goes wrong with it. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** All of `content` where there is no `range`. */
  readonly content?: StoredContent
  readonly range?: ByteRange
  /** The body's encoding: its length is not told. */
  readonly gzip?: boolean
  /** `Content-Length`, where it is not the body's: the connection ends with the body. */
  readonly claimed?: number
}

/** What a request is about: the name under which it is counted, logged and made to fail. */
export interface Subject {
  readonly kind: RequestKind
  /** `org/name`, where there is one. */
  readonly repository?: string
  readonly path: string
  /** Of a signed address: what makes it good no more. */
  readonly revoke?: () => void
}

export interface Answered {
  readonly subject: Subject
  readonly reply: Reply
}

/** A request, with the parts of its address decoded. */
export interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
}

export function textReply(status: number, type: string, text: string, headers: Headers = {}): Reply {
  return { status, headers: { 'Content-Type': type, ...headers }, content: new StoredContent(text) }
}

export function jsonReply(status: number, value: unknown, headers: Headers = {}): Reply {
  return textReply(status, 'application/json; charset=utf-8', JSON.stringify(value), headers)
}

export function emptyReply(status: number, headers: Headers = {}): Reply {
  return { status, headers }
}

/** With headers that the reply's own overrule. */
export function withHeaders(reply: Reply, headers: Headers): Reply {
  return { ...reply, headers: { ...headers, ...reply.headers } }
}
