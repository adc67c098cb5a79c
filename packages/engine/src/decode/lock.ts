/** Lets one holder in at a time, in the order of asking. */
export class Lock {
  #last: Promise<void> = Promise.resolve()

  /**
   * Resolves when it is the caller's turn, with the function that ends it.
   * @throws the signal's reason when it is aborted before that; the caller's turn is then passed over.
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const before = this.#last
    let release = (): void => {}
    const turn = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#last = before.then(() => turn)
    let abort = (): void => {}
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
    })
    try {
      await Promise.race([before, aborted])
    } catch (error) {
      release()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
    return release
  }
}
