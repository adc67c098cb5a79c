import { readFileSync } from 'node:fs'
/** Schemas as apps write them, by name. */
export const realisticSchemas: Readonly<Record<string, object | boolean>> = JSON.parse(
  readFileSync(new URL('./realistic-schemas.json', import.meta.url), 'utf8'),
)
