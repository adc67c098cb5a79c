import { fieldInvalid, readList, readString } from '../chat/request-fields.ts'

/** More than any context holds. */
const MAX_TOKENS = 1 << 22
const MAX_TOKEN_ID = 2 ** 31 - 1
/** Characters of one text: more than so many tokens say. */
const MAX_TEXT_LENGTH = 1 << 26

export interface Bounds {
  readonly least: number
  readonly most: number
  readonly whole?: boolean
}

export function readWithin(value: unknown, path: string, { least, most, whole = false }: Bounds): number {
  if (typeof value !== 'number' || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
    throw fieldInvalid(path, `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`)
  return value
}

export function readTokens(value: unknown, path: string): readonly number[] {
  return readList(value, path, MAX_TOKENS).map((token, index) => readToken(token, `${path}[${index}]`))
}

export function readToken(value: unknown, path: string): number {
  return readWithin(value, path, { least: 0, most: MAX_TOKEN_ID, whole: true })
}

export function readText(value: unknown, path: string, longest = MAX_TEXT_LENGTH): string {
  const text = readString(value, path)
  if (text.length > longest) throw fieldInvalid(path, `has ${text.length} characters; at most ${longest} are taken`)
  return text
}

export function readOneOf<T extends string>(value: unknown, path: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw fieldInvalid(path, `must be ${known.join(' or ')}`)
  return found
}
