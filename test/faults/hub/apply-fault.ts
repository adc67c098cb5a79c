import { gzipSync } from 'node:zlib'
import type { Fault } from '../plan/fault.ts'
import { contentRange } from './byte-range.ts'
import type { Headers, Reply } from './reply.ts'
import { tooManyRequests } from './too-many-requests.ts'

/** Bytes to send, made while they are sent. */
export interface Body {
  readonly size: number
  read(start: number, end: number): Buffer
}

/** An answer as it goes out. */
export interface Delivery {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
  readonly pause?: { readonly bytes: number; readonly milliseconds: number }
  readonly end: 'end' | 'cut' | 'refused' | { readonly stallMilliseconds: number }
}

const nothing: Body = { size: 0, read: () => Buffer.alloc(0) }
const loginPage =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form method="post" action="/login">Sign in to go on</form></body></html>\n'

/**
 * The answer that `reply` becomes by `fault`. Faults of a body leave an answer without one as it is.
 * @param revoke what makes a signed address good no more
 */
export function applyFault(reply: Reply, fault: Fault | undefined, revoke: (() => void) | undefined): Delivery {
  const plain = plainDelivery(reply)
  if (fault === undefined) return plain
  const { headers, body } = plain
  const [start, size] = [reply.range?.start ?? 0, reply.content?.size ?? 0]
  const until = (after: number): Body => ({ ...body, size: Math.min(after, body.size) })
  switch (fault.kind) {
    case 'status':
      return failure(reply, fault)
    case 'refused':
      return { ...plain, body: nothing, end: 'refused' }
    case 'cut':
      return { ...plain, body: until(fault.after), end: 'cut' }
    case 'stall':
      return { ...plain, body: until(fault.after), end: { stallMilliseconds: fault.milliseconds } }
    case 'drip':
      return { ...plain, pause: { bytes: fault.bytes, milliseconds: fault.milliseconds } }
    case 'wrong-length':
      return {
        ...plain,
        headers: { ...headers, 'Content-Length': String(Math.max(0, body.size + fault.by)) },
        end: 'cut',
      }
    case 'too-many': {
      const longer = join(body, Buffer.alloc(fault.bytes, 0x2e))
      return { ...plain, headers: { ...headers, 'Content-Length': String(longer.size) }, body: longer, end: 'cut' }
    }
    case 'range-ignored': {
      const { range: _, ...whole } = reply
      return plainDelivery({
        ...whole,
        status: reply.status === 206 ? 200 : reply.status,
        headers: without(reply.headers, 'Content-Range'),
      })
    }
    case 'wrong-range': {
      if (!reply.range || !reply.content) return plain
      const moved = { start: start + fault.by, end: Math.min(reply.range.end + fault.by, size) }
      if (moved.start >= moved.end) return plain
      return plainDelivery({
        ...reply,
        headers: { ...reply.headers, 'Content-Range': contentRange(moved, size) },
        range: moved,
      })
    }
    case 'changed':
      return { ...plain, headers: { ...headers, ETag: '"changed"' }, body: inverted(body) }
    case 'gzip': {
      const zipped = gzipSync(body.read(0, body.size))
      return {
        ...plain,
        headers: { ...headers, 'Content-Encoding': 'gzip', 'Content-Length': String(zipped.length) },
        body: whole(zipped),
      }
    }
    case 'html':
      return page(reply, 'text/html; charset=utf-8', loginPage)
    case 'json':
      return page(reply, 'application/json', JSON.stringify({ error: 'This file is being moved' }))
    case 'expired':
      revoke?.()
      return page(reply, 'text/plain', 'Auth failed: expired', 403)
    case 'flip':
      return { ...plain, body: flipped(body, fault.at % Math.max(1, body.size)) }
    default:
      return fault satisfies never
  }
}

function plainDelivery({ status, headers, content, range, gzip, claimed }: Reply): Delivery {
  if (!content) return { status, headers, body: nothing, end: 'end' }
  const { start, end } = range ?? { start: 0, end: content.size }
  if (gzip) {
    const zipped = gzipSync(content.read(start, end))
    return { status, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: whole(zipped), end: 'end' }
  }
  return {
    status,
    headers: { ...headers, 'Content-Length': String(claimed ?? end - start) },
    body: { size: end - start, read: (from, to) => content.read(start + from, start + to) },
    end: claimed === undefined ? 'end' : 'cut',
  }
}

function failure(reply: Reply, fault: Extract<Fault, { kind: 'status' }>): Delivery {
  const { status, retryAfter, hidden } = fault
  const retry = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
  const sent =
    status === 429
      ? page(reply, 'text/html; charset=utf-8', tooManyRequests, 429, retry)
      : page(reply, 'text/plain', `The server answers ${status}`, status, retry)
  if (!hidden) return sent
  return { ...sent, headers: without(sent.headers, 'Access-Control-Allow-Origin') }
}

/** In place of what was asked for, with the same permissions for pages. */
function page(reply: Reply, type: string, text: string, status = 200, more: Headers = {}): Delivery {
  const kept = Object.entries(reply.headers).filter(([name]) => /^(access-control-|vary$)/i.test(name))
  const bytes = Buffer.from(text)
  return {
    status,
    headers: { ...Object.fromEntries(kept), 'Content-Type': type, 'Content-Length': String(bytes.length), ...more },
    body: whole(bytes),
    end: 'end',
  }
}

function without(headers: Headers, name: string): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()))
}

function whole(bytes: Buffer): Body {
  return { size: bytes.length, read: (start, end) => bytes.subarray(start, end) }
}

function join(body: Body, tail: Buffer): Body {
  return {
    size: body.size + tail.length,
    read: (start, end) =>
      Buffer.concat([
        start < body.size ? body.read(start, Math.min(end, body.size)) : Buffer.alloc(0),
        tail.subarray(Math.max(0, start - body.size), Math.max(0, end - body.size)),
      ]),
  }
}

function inverted(body: Body): Body {
  return { ...body, read: (start, end) => Buffer.from(body.read(start, end).map((byte) => byte ^ 0xff)) }
}

function flipped(body: Body, at: number): Body {
  return {
    ...body,
    read: (start, end) => {
      if (at < start || at >= end) return body.read(start, end)
      const copy = Buffer.from(body.read(start, end))
      copy.writeUInt8(copy.readUInt8(at - start) ^ 0x40, at - start)
      return copy
    },
  }
}
