import { TextError } from '../errors.ts'

/** @param path JSON pointer of the schema that holds `keyword`, `#` being the whole. */
export function unsupported(keyword: string, path: string, why: string): TextError {
  return new TextError('schema-unsupported', `The schema's ${keyword} at ${path} is not supported: ${why}`, {
    keyword,
    path,
  })
}

export function invalid(path: string, why: string): TextError {
  return new TextError('schema-invalid', `The schema at ${path} is wrong: ${why}`, { path })
}

export function exceeded(limit: string, most: number, path: string): TextError {
  return new TextError(
    'schema-limit-exceeded',
    `The schema at ${path} needs more than ${most} ${limit}: make it smaller or looser.`,
    { limit, most, path },
  )
}
