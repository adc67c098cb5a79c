export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A share of cases or fields, kept as counts: a percentage alone does not say of how many. */
export interface Share {
  readonly right: number
  readonly of: number
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What `JSON.parse` gave, as the type that it is; undefined where it was no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
