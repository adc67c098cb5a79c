import { readNumber, readObject, readOneOf } from './read-values.ts'
import type { StoredForm } from './store-types.ts'

const BITS = [4, 8, 16, 'source'] as const

/** @throws SampanError `file-malformed` */
export function readForm(value: unknown, where: string): StoredForm {
  const form = readObject(value, where)
  const kind = readOneOf(form['kind'], `${where}.kind`, ['planes', 'source'])
  if (kind === 'source') return { kind }
  return {
    kind,
    version: readNumber(form['version'], `${where}.version`, 1),
    ...(form['bits'] !== undefined && { bits: readOneOf(form['bits'], `${where}.bits`, BITS) }),
    ...(form['embeddingBits'] !== undefined && {
      embeddingBits: readOneOf(form['embeddingBits'], `${where}.embeddingBits`, BITS),
    }),
  }
}
