import type { Fields } from './request-fields.ts'
import { fieldInvalid, isAbsent } from './request-fields.ts'
import { requestField, type ScalarField } from './request-table.ts'

/** A number within the bounds that the table gives it. */
export function readNumber(request: Fields, name: ScalarField<'number' | 'integer'>): number | undefined {
  const value = request[name]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw fieldInvalid(name, 'must be a finite number')
  const field = requestField(name)
  const check = field?.class === 'honoured' ? field.check : undefined
  if (!field || !check || check.type === 'boolean') return value
  if (check.type === 'integer' && !Number.isSafeInteger(value))
    throw fieldInvalid(name, `is ${value}; it must be a whole number`)
  if (value < check.least || value > check.most) throw fieldInvalid(name, `is ${value}; it must be ${field.values}`)
  return value
}

export function readFlag(request: Fields, name: ScalarField<'boolean'>): boolean | undefined {
  const value = request[name]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'boolean') throw fieldInvalid(name, 'must be true or false')
  return value
}
