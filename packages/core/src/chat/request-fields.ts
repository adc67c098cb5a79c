import { SampanError } from '../errors.ts'

export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** In OpenAI's API `null` means absent. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

export function fieldInvalid(field: string, problem: string): SampanError {
  return new SampanError('request-invalid', `${field} ${problem}.`, { field })
}

/** `value`: the one that is refused, of a field that takes others. */
export function fieldUnsupported(field: string, value?: string): SampanError {
  const what = value === undefined ? field : `${field} ${JSON.stringify(value)}`
  const remedy = value === undefined ? 'leave it out of the request' : 'leave it out, or use another value'
  return new SampanError('request-unsupported', `${what} is not supported: ${remedy}.`, { field })
}

/** The object at `path`, without fields that are not in `known`: those are refused, unless they are absent. */
export function readFields(value: unknown, path: string, known: readonly string[], shape: string): Fields {
  if (!isFields(value)) throw fieldInvalid(path, `must be ${shape}`)
  for (const [field, entry] of Object.entries(value))
    if (!isAbsent(entry) && !known.includes(field)) throw fieldUnsupported(`${path}.${field}`)
  return value
}

/** An array of at most `most` entries. */
export function readList(value: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw fieldInvalid(path, 'must be an array')
  if (value.length > most) throw fieldInvalid(path, `has ${value.length} entries; at most ${most} are taken`)
  // Holes would pass through `map` unseen.
  return Array.from<unknown>(value)
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw fieldInvalid(path, 'must be a string')
  return value
}

export function readOptional<T>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): T | undefined {
  return isAbsent(value) ? undefined : read(value, path)
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw fieldInvalid(path, 'must be true or false')
  return value
}

/** A whole number of at least 0. */
export function readCount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw fieldInvalid(path, 'must be a whole number of at least 0')
  return value
}

/** OpenAI's rule for names of functions and schemas. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/

export function readName(value: unknown, path: string): string {
  const name = readString(value, path)
  if (!NAME.test(name)) throw fieldInvalid(path, 'must be 1 to 64 letters, digits, underscores and dashes')
  return name
}
