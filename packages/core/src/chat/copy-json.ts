import { fieldInvalid, isFields } from './request-fields.ts'

/** Far deeper than schemas go, far less than a stack. */
const MAX_DEPTH = 128
/** Values in one schema or set of variables. */
const MAX_VALUES = 100_000

/**
 * A copy of a caller's object, as JSON would carry it: so that nothing the caller does later changes a request, and that it
 * crosses to a Worker.
 * @throws SampanError `request-invalid` for what JSON cannot hold, and for what is too deep or too large (cycles, too).
 */
export function copyJsonObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (!isFields(value)) throw fieldInvalid(path, 'must be an object')
  let count = 0
  const copy = (part: unknown, at: string, depth: number): unknown => {
    if (depth > MAX_DEPTH) throw fieldInvalid(path, `is nested deeper than ${MAX_DEPTH} levels`)
    if (++count > MAX_VALUES) throw fieldInvalid(path, `has more than ${MAX_VALUES} values`)
    switch (typeof part) {
      case 'string':
      case 'boolean':
        return part
      case 'number':
        if (!Number.isFinite(part)) throw fieldInvalid(at, 'must be a finite number')
        return part
      case 'object':
        if (part === null) return null
        if (Array.isArray(part))
          return Array.from<unknown, unknown>(part, (entry, index) => copy(entry, `${at}[${index}]`, depth + 1))
        return copyFields(part, at, depth)
      default:
        throw fieldInvalid(at, `must be JSON, not a ${typeof part}`)
    }
  }
  // `fromEntries` makes own properties even of `__proto__`.
  const copyFields = (fields: object, at: string, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([, entry]) => entry !== undefined)
        .map(([key, entry]) => [key, copy(entry, `${at}.${key}`, depth + 1)]),
    )
  return copyFields(value, path, 0)
}
