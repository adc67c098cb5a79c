/** Exit code of a process that a terminal's Ctrl-C ended. */
export const interruptedExitCode = 130

/**
 * A signal that Ctrl-C, a hang-up or a request to terminate aborts; a second Ctrl-C leaves at once.
 * @returns {AbortSignal}
 */
export function interruptSignal() {
  const controller = new AbortController()
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(interruptedExitCode)
      controller.abort(new Error('interrupted'))
    })
  }
  return controller.signal
}
