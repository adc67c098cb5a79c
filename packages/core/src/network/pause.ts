/** @throws the signal's reason */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      if (signal?.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    if (signal?.aborted) finish()
    else signal?.addEventListener('abort', finish, { once: true })
  })
}

/**
 * Until the browser says that it has a network again; at once where it has one or does not tell. False when that took too long.
 * @throws the signal's reason
 */
export async function untilOnline(limitMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (isOnline()) return true
  const online = new AbortController()
  const found = (): void => online.abort()
  globalThis.addEventListener?.('online', found, { once: true })
  try {
    await pause(limitMs, signal ? AbortSignal.any([signal, online.signal]) : online.signal)
  } catch {
    signal?.throwIfAborted()
  } finally {
    globalThis.removeEventListener?.('online', found)
  }
  return isOnline()
}

function isOnline(): boolean {
  const { navigator }: { navigator?: { readonly onLine?: boolean } } = globalThis
  return navigator?.onLine !== false
}
