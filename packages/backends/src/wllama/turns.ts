/** Lets one caller in at a time, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /**
   * Resolves at the caller's turn, with the function that ends it.
   * @throws the signal's reason when it is aborted before that; the turn is then passed over
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const before = this.#last
    let end = (): void => {}
    const turn = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#last = before.then(() => turn)
    await new Promise<void>((resolve) => {
      before.then(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    if (signal.aborted) end()
    signal.throwIfAborted()
    return end
  }
}
