import { EngineError } from '../errors.ts'

/** Guards `ByteSource.read`: a range of whole bytes inside the file. */
export function checkRange(name: string, size: number, start: number, end: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new RangeError(`Invalid byte range ${start}–${end} of ${name}`)
  if (end > size)
    throw new EngineError(
      'file-truncated',
      `${name} ends at byte ${size}, but bytes ${start}–${end} are needed: the file is incomplete, download it again.`,
      { name, size, start, end },
    )
}
