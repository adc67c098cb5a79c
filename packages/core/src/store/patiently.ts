const WAITS = [10, 20, 50, 100, 200, 400, 800, 1_600]

/** What browsers say of a file that somebody else has open, or has changed since it was looked at. */
const BUSY = /^(NoModificationAllowedError|InvalidStateError|NotReadableError)$/

/** Does it again for some three seconds while a file is busy: handles of a tab that has died are given back a little later. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
  return work()
}

export function isBusy(error: unknown): boolean {
  return error instanceof DOMException && BUSY.test(error.name)
}
