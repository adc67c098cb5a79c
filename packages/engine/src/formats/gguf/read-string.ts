import { EngineError } from '../../errors.ts'
import type { WindowReader } from './window-reader.ts'

/** A length-prefixed UTF-8 string of at most `limit` bytes. */
export async function readString(reader: WindowReader, limit: number, what: string): Promise<string> {
  const length = reader.need(8)
  if (length) await length
  const count = reader.count()
  if (count > limit)
    throw new EngineError(
      'file-limit-exceeded',
      `${reader.source.name}: ${what} at byte ${reader.position} has ${count} bytes, more than the ${limit} allowed: the file is damaged or no model file.`,
      { name: reader.source.name, offset: reader.position, limit },
    )
  const body = reader.need(count)
  if (body) await body
  return reader.text(count, what)
}
