import { SampanError } from '../errors.ts'
import { MAX_STRING_CHARACTERS } from './store-limits.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** @param where path of the value, for people */
export function readObject(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw malformed(`${where} is no object`)
  return value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readList<T>(
  value: unknown,
  where: string,
  limit: number,
  read: (item: unknown, where: string) => T,
): T[] {
  if (!Array.isArray(value)) throw malformed(`${where} is no list`)
  if (value.length > limit) throw exceeded(`${where} has ${value.length} items, more than ${limit}`)
  return value.map((item: unknown, index) => read(item, `${where}[${index}]`))
}

export function readString(value: unknown, where: string): string {
  if (typeof value !== 'string') throw malformed(`${where} is no text`)
  if (value.length > MAX_STRING_CHARACTERS)
    throw exceeded(`${where} is longer than ${MAX_STRING_CHARACTERS} characters`)
  return value
}

/** A whole number of `[from, to]`. */
export function readNumber(value: unknown, where: string, from: number, to: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < from || value > to)
    throw malformed(`${where} is no whole number of ${from} to ${to}`)
  return value
}

export function readOneOf<const T extends string | number>(value: unknown, where: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw malformed(`${where} is none of ${known.join(', ')}`)
  return found
}

/** The texts of these names that are there. */
export function readStrings<const K extends string>(
  object: JsonObject,
  where: string,
  names: readonly K[],
): { [name in K]?: string } {
  const strings: { [name in K]?: string } = {}
  for (const name of names) {
    const value = object[name]
    if (value !== undefined) strings[name] = readString(value, `${where}.${name}`)
  }
  return strings
}

export function malformed(what: string, details: JsonObject = {}): SampanError {
  return new SampanError(
    'file-malformed',
    `This is no model that Sampan can read: ${what}. Export it again, or download it anew.`,
    details,
  )
}

export function exceeded(what: string): SampanError {
  return new SampanError(
    'file-limit-exceeded',
    `This file claims what no real model has: ${what}. Export it again, or download it anew.`,
  )
}
