/** Whether the reader of an answer wants more; false also when `signal` is aborted while it makes the answer wait. */
export function wantsMore(reader: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(false)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    reader.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
