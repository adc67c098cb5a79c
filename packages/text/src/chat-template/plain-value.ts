import { TextError } from '../errors.ts'
import { maxInputValues, maxOutputLength, maxValueDepth } from './limits.ts'

/**
 * Copies what a template may see: strings, numbers, booleans, null, lists and plain mappings; keys that are undefined
 * are left out, as JSON does.
 *
 * @throws TextError `template-limit-exceeded`, `template-failed` for a value that is none of these
 */
export function copyPlainValues(variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let values = 0
  let characters = 0
  const count = (length: number): void => {
    values++
    characters += length
    if (values > maxInputValues || characters > maxOutputLength) {
      throw new TextError(
        'template-limit-exceeded',
        'The messages and tools are too large: pass fewer or shorter ones.',
      )
    }
  }
  const copy = (value: unknown, depth: number): unknown => {
    if (depth > maxValueDepth) {
      throw new TextError(
        'template-limit-exceeded',
        `The messages or tools nest over ${maxValueDepth} deep: flatten them.`,
      )
    }
    count(typeof value === 'string' ? value.length : 1)
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new TextError(
        'template-failed',
        `A ${typeof value} was passed to a chat template; pass what JSON can hold.`,
      )
    }
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1))
    return copyMapping(value, depth)
  }
  const copyMapping = (mapping: object, depth: number): Record<string, unknown> => {
    const entries = Object.entries(mapping).filter(([, item]) => item !== undefined)
    for (const [key] of entries) count(key.length)
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, depth + 1)]))
  }
  return copyMapping(variables, 0)
}
