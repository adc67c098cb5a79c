import { SampanError } from '../errors.ts'

/** The code and the field of the error that `call` throws; `{}` when it throws none. */
export function refusal(call: () => unknown): { readonly code?: string; readonly field?: unknown } {
  try {
    call()
    return {}
  } catch (error) {
    if (SampanError.isInstance(error)) return { code: error.code, field: error.details['field'] }
    throw error
  }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
