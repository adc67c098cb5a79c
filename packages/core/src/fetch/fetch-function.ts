/** What `fetch` is, as far as clients of HTTP APIs use it. */
export type FetchFunction = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
