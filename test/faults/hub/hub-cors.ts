import type { Asked, Headers } from './reply.ts'

const exposed = [
  'X-Repo-Commit',
  'X-Request-Id',
  'X-Error-Code',
  'X-Error-Message',
  'X-Total-Count',
  'ETag',
  'Link',
  'Accept-Ranges',
  'Content-Range',
  'X-Linked-Size',
  'X-Linked-ETag',
  'X-Xet-Hash',
]

/** On every answer of the hub: the page's own origin, and which headers it may read. */
export function hubCors(asked: Asked, hub: string): Headers {
  return {
    'Access-Control-Allow-Origin': asked.headers.origin ?? hub,
    'Access-Control-Expose-Headers': exposed.join(','),
    Vary: 'Origin',
  }
}

/** On the answer to a preflight: whatever the browser asks for is allowed, for a day. */
export function hubPreflight(asked: Asked): Headers {
  return {
    'Access-Control-Allow-Methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
    'Access-Control-Allow-Headers': String(asked.headers['access-control-request-headers'] ?? ''),
    'Access-Control-Max-Age': '86400',
  }
}

/** On every answer of the CDN. */
export const cdnCors: Headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*' }

/** On the CDN's answer to a preflight. A star does not stand for `Authorization`. */
export const cdnPreflight: Headers = {
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
}
