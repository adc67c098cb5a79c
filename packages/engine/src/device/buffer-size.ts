import { EngineError } from '../errors.ts'

/** Of a device or an adapter: what bounds one buffer. */
export type BufferLimits = Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>

/** Bytes of the largest buffer that a shader can be given whole. */
export function largestBinding({ maxBufferSize, maxStorageBufferBindingSize }: BufferLimits): number {
  return Math.min(maxBufferSize, maxStorageBufferBindingSize)
}

/** Bytes of a storage buffer that holds so many 32-bit words. */
export const storageBytes = (words: number): number => Math.max(16, Math.ceil(words / 4) * 16)

/** @throws EngineError `device-limit-exceeded` */
export function checkBufferSize(label: string, size: number, limit: number): void {
  if (size <= limit) return
  throw new EngineError(
    'device-limit-exceeded',
    `A buffer of ${size} bytes (${label}) passes this device's limit of ${limit}. Choose a smaller model, fewer bits or a shorter context.`,
    { needed: size, limit },
  )
}
