/** Exit code of a process that a terminal's Ctrl-C ended. */
const interruptedExitCode = 130
/** Exit code of a process whose reader went away (`… | head`). */
const brokenPipeExitCode = 141

/** Why a command ends before its work is done; nothing is said about it. */
export class Interruption extends Error {
  /** @param {number} exitCode */
  constructor(exitCode) {
    super('interrupted')
    this.name = 'Interruption'
    this.exitCode = exitCode
  }
}

/**
 * A signal that Ctrl-C, a hang-up, a request to terminate or the end of whoever reads our output aborts; a second Ctrl-C
 * leaves at once.
 * @returns {AbortSignal} its reason is an `Interruption`
 */
export function interruptSignal() {
  const controller = new AbortController()
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(interruptedExitCode)
      controller.abort(new Interruption(interruptedExitCode))
    })
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code !== 'EPIPE') throw error
      controller.abort(new Interruption(brokenPipeExitCode))
    })
  }
  return controller.signal
}

/**
 * What an aborted signal means for the exit code.
 * @param {AbortSignal} signal
 */
export function exitCodeOf(signal) {
  return signal.reason instanceof Interruption ? signal.reason.exitCode : interruptedExitCode
}

/**
 * A promise that rejects with the signal's reason, at once where it is aborted already, and never resolves.
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<never>}
 */
export function whenAborted(signal) {
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // Without a listener of its own an abort that nobody waits for any more would end the process.
  aborted.catch(() => undefined)
  return aborted
}
