import type { Kept } from './facts.ts'
import { optional } from './optional.ts'

/** Of several things together. What is not told of one is not told of all; what is not to be kept takes no room. */
export function joinKept(parts: readonly Kept[]): Kept {
  let cachedBytes = 0
  let downloadBytes: number | undefined = 0
  let roomBytes: number | undefined
  for (const part of parts) {
    cachedBytes += part.cachedBytes
    const bytes: number | undefined = part.downloadBytes
    downloadBytes = downloadBytes === undefined || bytes === undefined ? undefined : downloadBytes + bytes
    if (part.roomBytes !== undefined) roomBytes = (roomBytes ?? 0) + part.roomBytes
  }
  return { cachedBytes, ...optional('downloadBytes', downloadBytes), ...optional('roomBytes', roomBytes) }
}
