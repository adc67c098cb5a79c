import { EngineError } from './errors.ts'

/** Positions for which buffers are made at load; the cache grows from there. */
export const firstPositions = 256

/** @throws EngineError `option-invalid` */
export function checkContext(wanted: number | undefined, longest: number): number {
  if (wanted === undefined) return longest
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new EngineError('option-invalid', `contextLength must be a whole number of at least 1, not ${wanted}.`)
  }
  return Math.min(wanted, longest)
}

/** @throws EngineError `option-invalid` */
export function checkBytes(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)) return
  throw new EngineError('option-invalid', `prefixCacheBytes must be a whole number of bytes or 0, not ${bytes}.`)
}
