import { SampanError } from '../errors.ts'

export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldInvalid(field: string, problem: string): SampanError {
  return new SampanError('request-invalid', `${field} ${problem}.`, { field })
}

export function fieldUnsupported(field: string): SampanError {
  return new SampanError('request-unsupported', `${field} is not supported: leave it out of the request.`, { field })
}

export function optionalBoolean(fields: Fields, name: string, path = name): boolean | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw fieldInvalid(path, 'must be true or false')
  return value
}

export function optionalNumber(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw fieldInvalid(name, 'must be a finite number')
  return value
}

/** Within 0 … `highest`. */
export function checkFraction(value: number | undefined, name: string, highest: number): number | undefined {
  if (value !== undefined && (value < 0 || value > highest))
    throw fieldInvalid(name, `is ${value}; it must lie between 0 and ${highest}`)
  return value
}

export function checkInteger(value: number | undefined, name: string, lowest: number): number | undefined {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < lowest))
    throw fieldInvalid(name, `is ${value}; it must be a whole number of at least ${lowest}`)
  return value
}
