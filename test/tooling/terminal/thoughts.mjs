const dim = '\u001b[2m'
const plain = '\u001b[22m'

/**
 * Shows what a model thinks before it answers: apart from the answer, so that this alone can be piped, and dimmed where a person
 * watches.
 * @param {{ write(text: string): unknown, isTTY?: boolean }} stream
 * @param {Readonly<Record<string, string | undefined>>} environment `NO_COLOR` keeps it plain
 */
export function thoughtDisplay(stream, environment) {
  const dims = stream.isTTY === true && !environment['NO_COLOR']
  let text = ''
  let open = false
  return {
    /** All so far. */
    get text() {
      return text
    },
    /** @param {string} part */
    push(part) {
      text += part
      open = true
      // Each piece for itself: whatever ends the command leaves no terminal dimmed.
      stream.write(dims ? `${dim}${part}${plain}` : part)
    },
    /** Leaves an empty line behind thoughts. */
    end() {
      if (open) stream.write(text.endsWith('\n') ? '\n' : '\n\n')
      open = false
    },
  }
}
