import type { SampanError } from '../errors.ts'
import { workerFailed } from './worker-failure.ts'

/** How long a Worker's script may take from its address to its first answer, in milliseconds: the largest has 2 MB. */
const START_LIMIT_MS = 30_000
/** For the answer of a Worker whose page was frozen meanwhile: the timer that is overdue comes before the message. */
const START_GRACE_MS = 1000

interface Violation {
  readonly directive: string
  readonly blocked: string
}

/**
 * Notices whatever ends a Worker, from its start to its end, and tells it once. A Worker that hangs cannot be told from one that
 * works.
 */
export class WorkerWatch {
  readonly #worker: Worker
  readonly #tell: (error: SampanError) => void
  readonly #stopped = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #violation: Violation | undefined
  #answered = false

  constructor(worker: Worker, tell: (error: SampanError) => void) {
    this.#worker = worker
    this.#tell = tell
    this.#watchPolicy()
    worker.onerror = (event) => this.#fail(this.#explain(event))
    worker.onmessageerror = () => this.#fail(workerFailed('message', 'it sent a message that cannot be read'))
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => {
        const seconds = START_LIMIT_MS / 1000
        this.#fail(workerFailed('timeout', `its script did not answer within ${seconds} seconds`, { seconds }))
      }, START_GRACE_MS)
    }, START_LIMIT_MS)
  }

  /** The Worker answers. With `life`, it holds that Web Lock until it ends. */
  answered(life: string | undefined): void {
    this.#answered = true
    clearTimeout(this.#timer)
    if (life === undefined) return
    navigator.locks
      .request(life, { signal: this.#stopped.signal }, () => {
        this.#fail(workerFailed('ended', 'it ended without an error'))
      })
      .catch(() => {}) // Given up by `stop`.
  }

  stop(): void {
    this.#stopped.abort()
    clearTimeout(this.#timer)
    this.#worker.onerror = null
    this.#worker.onmessageerror = null
  }

  #fail(error: SampanError): void {
    if (this.#stopped.signal.aborted) return
    this.stop()
    this.#tell(error)
  }

  /** A script that cannot be had or read gives a bare event, without a message. */
  #explain({ message, filename, lineno }: ErrorEvent): SampanError {
    if (message) return workerFailed('error', message, { filename, line: lineno })
    if (this.#violation)
      return workerFailed(
        'blocked',
        `the page's Content-Security-Policy (${this.#violation.directive}) blocks ${this.#violation.blocked}`,
        { ...this.#violation },
      )
    if (this.#answered) return workerFailed('error', 'it gave an error without a message')
    return workerFailed('script', 'its script could not be loaded')
  }

  /** The browser says that it blocks something before the Worker's error, and nowhere else. */
  #watchPolicy(): void {
    const options = { signal: this.#stopped.signal }
    const listen = (event: Event): void => {
      if (this.#answered || !isViolation(event) || event.disposition === 'report') return
      if (!/^(worker|child|script|default)-src/.test(event.effectiveDirective)) return
      this.#violation = { directive: event.effectiveDirective, blocked: event.blockedURI }
    }
    globalThis.addEventListener?.('securitypolicyviolation', listen, options)
  }
}

function isViolation(event: Event): event is SecurityPolicyViolationEvent {
  return 'effectiveDirective' in event
}
