export type JsonObject = Readonly<Record<string, unknown>>

/** `value` where it is an object, else an empty one: what a server leaves out or spoils has no fields. */
export function objectIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function stringIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Whole and ≥ 0. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
