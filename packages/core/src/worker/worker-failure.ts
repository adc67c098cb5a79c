import { SampanError } from '../errors.ts'

/** `details.reason` of the error `worker-failed`. */
export type WorkerFailureReason =
  /** The browser or the page's Content-Security-Policy does not let the Worker start. */
  | 'blocked'
  /** The script, or one that it imports, is missing, is no script (a server's HTML page for what it does not have), or does not parse. */
  | 'script'
  /** The script has not answered in time. */
  | 'timeout'
  /** An error that nobody caught. */
  | 'error'
  /** A message that cannot be read. */
  | 'message'
  /** The Worker has ended without a word: closed, or killed by the browser, mostly for want of memory. */
  | 'ended'

const ADVICE: Readonly<Record<WorkerFailureReason, string>> = {
  blocked:
    "Allow it in the page's Content-Security-Policy (worker-src 'self'), and serve @sampan/core from the page's own origin",
  script:
    "Check that the files of @sampan/core are served beside each other, as JavaScript, and that the page's Content-Security-Policy allows Workers",
  timeout: 'Check that the server sends the files of @sampan/core',
  error: 'Please report it with the message',
  message: 'Please report it',
  ended: 'Close other tabs or take a smaller model if it happens again',
}

/** @param cause what is known, as the middle of a sentence */
export function workerFailed(
  reason: WorkerFailureReason,
  cause: string,
  more: Readonly<Record<string, unknown>> = {},
): SampanError {
  return new SampanError(
    'worker-failed',
    `The Worker that runs the model failed: ${cause}. ${ADVICE[reason]}, then load the model again, or call reload() on it.`,
    { reason, cause, ...more },
  )
}
