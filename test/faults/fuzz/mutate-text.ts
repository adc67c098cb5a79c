import { oneOf, type Pick } from './target.ts'

const characters = [
  '\0',
  '\u{feff}',
  '\ud800',
  '\udfff',
  '\u{10ffff}',
  'é',
  '\u202e',
  '"',
  '\\',
  '\n',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '%',
  '-',
]
const numbers = [
  '0',
  '-1',
  '1e308',
  '1e999',
  '-0',
  '9007199254740993',
  '18446744073709551616',
  '0.1',
  '1e-320',
  '2147483648',
]

/** One to four wounds, in the way of `mutateBytes`. @param words put in here and there. @param others give pieces of theirs */
export function mutateText(
  sound: string,
  pick: Pick,
  words: readonly string[] = [],
  others: readonly string[] = [],
): string {
  let text = sound
  for (let wounds = 1 + pick(4); wounds > 0; wounds--) text = wound(text, pick, words, others)
  return text
}

function wound(text: string, pick: Pick, words: readonly string[], others: readonly string[]): string {
  const at = pick(text.length + 1)
  const length = 1 + pick(oneOf(pick, [4, 16, 256]))
  const [before, after] = [text.slice(0, at), text.slice(at)]
  switch (pick(10)) {
    case 0:
      return before + String.fromCharCode(after.charCodeAt(0) ^ (1 << pick(16))) + after.slice(1)
    case 1:
      return before + after.slice(length)
    case 2:
      return before + after.slice(0, length) + after
    case 3:
      return before
    case 4:
      return before + oneOf(pick, characters).repeat(1 + pick(3)) + after
    case 5:
      return text.slice(0, at) + after.replace(/-?\d+(\.\d+)?/, oneOf(pick, numbers))
    case 6:
    case 7:
      return words.length === 0 ? before + after.slice(1) : before + oneOf(pick, words) + after
    case 8: {
      const other = others.length === 0 ? text : oneOf(pick, others)
      const from = pick(other.length + 1)
      return before + other.slice(from, from + 4 * length) + after
    }
    default: {
      const piece = after.slice(0, length)
      return before + piece.repeat(1 + pick(40)) + after
    }
  }
}
