/** Which part of a hub answers. `small` is a file that the hub gives by itself, `preflight` the browser's own question. */
export type RequestKind = 'api' | 'resolve' | 'small' | 'cdn' | 'preflight' | 'other'

/** A request as a plan of faults sees it. */
export interface FaultSubject {
  readonly kind: RequestKind
  /** Of the file within its repository, or of the API's question. */
  readonly path: string
  /** From 1, of this kind for this path. */
  readonly number: number
  /** The `Range` header. */
  readonly range: string | undefined
}

/** What goes wrong with one answer. Places in a body are counted from its first byte. */
export type Fault =
  /** The answer is a failure. 429 is as the hub's is: a long HTML page, and no `Retry-After` but by `retryAfter`, in seconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly hidden?: boolean }
  /** No answer: the connection ends, as when there is no such server. */
  | { readonly kind: 'refused' }
  /** The connection ends after this many bytes. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Nothing more comes after this many bytes, until the client leaves or so much time has gone by. */
  | { readonly kind: 'stall'; readonly after: number; readonly milliseconds: number }
  /** The body comes in pieces with pauses. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly milliseconds: number }
  /** `Content-Length` is this much more than comes, or less. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  /** So many bytes more than the answer should have, of which `Content-Length` knows. */
  | { readonly kind: 'too-many'; readonly bytes: number }
  /** The whole file, with 200, whatever range was asked for. */
  | { readonly kind: 'range-ignored' }
  /** `Content-Range` and the bytes are this much further on. */
  | { readonly kind: 'wrong-range'; readonly by: number }
  /** Another content of the same size with another ETag, this once. */
  | { readonly kind: 'changed' }
  /** `Content-Encoding: gzip`. */
  | { readonly kind: 'gzip' }
  /** 200 and a page for people. */
  | { readonly kind: 'html' }
  /** 200 and an error as JSON. */
  | { readonly kind: 'json' }
  /** The signed address is not good any more, also later. */
  | { readonly kind: 'expired' }
  /** One byte is wrong. */
  | { readonly kind: 'flip'; readonly at: number }

export type FaultKind = Fault['kind']

/** Asked once for each request, in their order. */
export type FaultPlan = (subject: FaultSubject) => Fault | undefined
