/** Headers for a URL; undefined: none. */
export type HeadersOf = (url: string) => HeadersInit | undefined | Promise<HeadersInit | undefined>

/**
 * What an app puts between Sampan and the servers of its models. Both run in the page, whatever Worker asks, and see requests for models'
 * files only.
 */
export interface NetworkHooks {
  /**
   * In place of the browser's `fetch`: for a proxy, signed addresses or counting. `init` has `headers`, with the token for the hub's own
   * origin if one was given, and `signal`. Bodies are read as fast as they are stored. What it throws counts as a broken connection,
   * and the request is made again a few times.
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /**
   * Sent along with every request, or with those for whose URL a function gives some. A hub redirects large files to another origin, its CDN:
   * browsers send these headers there, too, but for `Authorization`, and servers that do not allow them (CORS) then answer nothing. What
   * Sampan asks of the other origin itself goes without them, unless a function gives some for its URL. `Range` stays Sampan's own.
   */
  readonly headers?: HeadersInit | HeadersOf
}
