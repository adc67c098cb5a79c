const indent = '  '
/** Deeper than anybody reads; the indent of every line grows with it. */
const deepest = 64

/**
 * JSON over several lines, for reading. Works on the text, so that numbers keep the digits they were written with.
 * @returns undefined where `text` is no JSON object or list, or is nested too deeply to be read
 */
export function indentJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
  } catch {
    return undefined
  }
  let lines = ''
  let depth = 0
  const newline = (): string => `\n${indent.repeat(depth)}`
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === '{' || token === '[') {
      if (++depth > deepest) return undefined
      lines += token + newline()
    } else if (token === '}' || token === ']') {
      depth--
      lines += newline() + token
    } else if (token === ',') lines += token + newline()
    else if (token === ':') lines += ': '
    else lines += token
  }
  return lines
}
