/** A failure that is told to the user in one line, without a stack. */
export class CommandFailure extends Error {
  /**
   * @param {string} message one line: what is wrong and what to do
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
  }
}

/**
 * The first line of what was thrown, fit for a terminal: further lines are logs and stacks of programs that we ran.
 * @param {unknown} error
 */
export function oneLine(error) {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ').trim() || 'unknown failure'
}
