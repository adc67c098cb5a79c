import { BackendError } from '../backend-error.ts'

const PAGE_BYTES = 1 << 16
/** What 32-bit WebAssembly can address. */
const ADDRESSABLE_BYTES = 2 ** 32
/** llama.cpp reads files with 32-bit signed offsets. */
const MOST_FILE_BYTES = 2 ** 31 - 1
/** Of llama.cpp itself: its program's data, tokenizer and activations. */
const OVERHEAD_BYTES = 192 << 20

/**
 * Finds out before a weight is copied whether WebAssembly gets the memory: llama.cpp's own allocation of the file fails silently.
 * @param keyValueBytes of the whole context
 * @throws BackendError `device-limit-exceeded`, `device-out-of-memory`
 */
export function requireMemory(fileBytes: number, keyValueBytes: number): void {
  const needed = fileBytes + keyValueBytes + OVERHEAD_BYTES
  if (fileBytes > MOST_FILE_BYTES || needed > ADDRESSABLE_BYTES)
    throw new BackendError(
      'device-limit-exceeded',
      `On the CPU a model may have ${MOST_FILE_BYTES} bytes, and ${ADDRESSABLE_BYTES} with its context; this one needs ${fileBytes} and ${needed}: choose a smaller model or contextLength, or a browser with WebGPU.`,
      { fileBytes, needed, limit: ADDRESSABLE_BYTES },
    )
  try {
    // Pages that nobody touches cost nothing, and this memory is garbage at once.
    new WebAssembly.Memory({ initial: Math.ceil(needed / PAGE_BYTES) })
  } catch (cause) {
    throw new BackendError(
      'device-out-of-memory',
      `The browser does not give the ${needed} bytes of memory that this model needs on the CPU: close other tabs, or choose a smaller model or contextLength.`,
      { needed },
      cause,
    )
  }
}
