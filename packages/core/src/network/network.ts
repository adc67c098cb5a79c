/** A GET, unless it says otherwise. */
export interface NetworkRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Only where the answer's address and headers are wanted: who does not know it may answer with the body, which is not read. */
  readonly method?: 'HEAD'
  /** The address that led to `url` by a redirect: what an app sends to that one's origin is not for this one's. */
  readonly redirectedFrom?: string
  /** What was answered before was not it: neither the browser's cache nor any other memory is to answer. */
  readonly fresh?: boolean
}

/**
 * The one way to other machines: every request for a model's files goes through this, so that an app can put its own `fetch` and
 * headers there.
 */
export interface Network {
  /** As `fetch`: any status resolves; rejects where there is no answer, and with the signal's reason. */
  fetch(request: NetworkRequest): Promise<Response>
}

/**
 * The browser's own. Whoever serves a model does not learn which page asks. Ranges pass the HTTP cache by: it would keep a second copy of a
 * model, and Chromium's lets the ranges of one file wait for each other and asks for some twice.
 */
export const browserNetwork: Network = {
  fetch: ({ url, headers, signal, method, fresh }) =>
    fetch(url, {
      ...{ headers, signal, referrerPolicy: 'no-referrer' },
      ...(method && { method }),
      ...(fresh && { cache: 'reload' }),
      ...('Range' in headers && { cache: 'no-store' }),
    }),
}
