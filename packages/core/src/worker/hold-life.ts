/**
 * Holds the Web Lock `name` until this Worker ends, however it ends: who waits for the lock learns of it at once, though a
 * Worker that closes itself or is killed gives no event. False where there are no locks.
 */
export async function holdLife(name: string | undefined): Promise<boolean> {
  const { locks } = globalThis.navigator
  if (name === undefined || !locks) return false
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(true)
        return new Promise(() => {})
      })
      .catch(() => resolve(false))
  })
}
