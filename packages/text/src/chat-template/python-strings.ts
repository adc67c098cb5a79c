const whiteSpace = /\p{White_Space}/u
/** What Python's `str.strip()` takes for white space besides Unicode's. */
const informationSeparators = '\x1c\x1d\x1e\x1f'

export type StripSide = 'left' | 'right' | 'both'

/** Python's `strip`, `lstrip` and `rstrip`; without `characters`, of white space. */
export function strip(text: string, side: StripSide, characters: string | undefined): string {
  const wanted = characters === undefined ? undefined : new Set(characters)
  const goes = (character: string): boolean =>
    wanted?.has(character) ?? (whiteSpace.test(character) || informationSeparators.includes(character))
  let start = 0
  let end = text.length
  if (side !== 'right') while (start < end && goes(characterAt(text, start))) start += characterAt(text, start).length
  if (side !== 'left') while (end > start && goes(characterBefore(text, end))) end -= characterBefore(text, end).length
  return text.slice(start, end)
}

/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  const first = characterAt(text, 0)
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** Python's `str.title`: a letter after anything but a letter is upper case, any other lower. */
export function titleCase(text: string): string {
  return text.replace(/\p{Cased}+/gu, capitalize)
}

/** Python's `len`: code points, not UTF-16 units. */
export function codePointLength(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}

function characterBefore(text: string, end: number): string {
  const pair = characterAt(text, end - 2)
  return end >= 2 && pair.length === 2 ? pair : text.charAt(end - 1)
}
