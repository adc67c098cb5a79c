import type { Fault, RequestKind } from '../plan/fault.ts'

/** A request that was answered, or is being answered. */
export interface LoggedRequest {
  readonly origin: 'hub' | 'cdn' | 'static'
  readonly kind: RequestKind
  readonly repository: string | undefined
  /** Of the file within its repository, or of the API's question. */
  readonly path: string
  readonly method: string
  /** With its query. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly range: string | undefined
  readonly status: number
  readonly fault: Fault | undefined
  /** Of the body, so far: what has left this process. The client may have read less. */
  readonly bytesSent: number
}

export class RequestLog {
  readonly #requests: (LoggedRequest & { bytesSent: number })[] = []
  #watchers: (() => void)[] = []

  get requests(): readonly LoggedRequest[] {
    return this.#requests
  }

  /** @returns what counts the bytes of its body */
  add(request: Omit<LoggedRequest, 'bytesSent'>): (bytes: number) => void {
    const logged = { ...request, bytesSent: 0 }
    this.#requests.push(logged)
    return (bytes) => {
      logged.bytesSent += bytes
      for (const watch of this.#watchers) watch()
    }
  }

  /** Resolves once `reached` says so, which is asked whenever bytes were sent. */
  when(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!reached()) return
        this.#watchers = this.#watchers.filter((other) => other !== watch)
        resolve()
      }
      this.#watchers.push(watch)
      watch()
    })
  }

  /** Requests before this one, of the same kind for the same path. */
  countOf(kind: RequestKind, path: string): number {
    return this.#requests.filter((request) => request.kind === kind && request.path === path).length
  }

  clear(): void {
    this.#requests.length = 0
  }
}
