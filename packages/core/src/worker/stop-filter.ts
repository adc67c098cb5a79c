/**
 * Cuts a stream of text before the first stop string. What might be the beginning of one is held back, so that no part of a
 * stop string ever leaves; the outcome does not depend on where the pieces were cut. Pieces are whole characters, and so is the
 * text given out: a stop string with half a surrogate pair never matches.
 */
export class StopFilter {
  readonly #stops: readonly string[]
  #held = ''
  #stopped = false

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter(isWellFormed)
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** The text that is certain by now. */
  push(text: string): string {
    if (this.#stopped) return ''
    if (this.#stops.length === 0) return text
    const buffer = this.#held + text
    const cut = this.#firstStop(buffer)
    if (cut !== undefined) {
      this.#stopped = true
      this.#held = ''
      return buffer.slice(0, cut)
    }
    const held = this.#heldLength(buffer)
    this.#held = buffer.slice(buffer.length - held)
    return buffer.slice(0, buffer.length - held)
  }

  /** The text that was held back, at the end of the answer. */
  finish(): string {
    const text = this.#held
    this.#held = ''
    return text
  }

  /** Start of the stop string that is complete first; of two that end together, the longer. */
  #firstStop(buffer: string): number | undefined {
    let best: { readonly start: number; readonly end: number } | undefined
    for (const stop of this.#stops) {
      const start = buffer.indexOf(stop)
      if (start < 0) continue
      const end = start + stop.length
      if (!best || end < best.end || (end === best.end && start < best.start)) best = { start, end }
    }
    return best?.start
  }

  /** Length of the longest end of `buffer` that begins a stop string. */
  #heldLength(buffer: string): number {
    let held = 0
    for (const stop of this.#stops)
      for (let length = Math.min(stop.length - 1, buffer.length); length > held; length--)
        if (buffer.endsWith(stop.slice(0, length))) held = length
    return held
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
