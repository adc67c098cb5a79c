const redrawEveryMs = 200
/** Without a terminal a line is written whenever this much more is done. */
const linePercent = 10
const usualColumns = 80

/**
 * Shows how far a run is: one line that is drawn anew where a person watches, lines otherwise.
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 */
export function runLine(stream) {
  let lastDrawn = 0
  let lastStep = -1
  let open = false
  return {
    /** @param {{ fraction: number, secondsLeft?: number, doing: string }} progress */
    update({ fraction, secondsLeft, doing }) {
      const percent = Math.floor(100 * fraction)
      const left = secondsLeft === undefined ? '' : `, ${timeLeft(secondsLeft)} left`
      const text = `${String(percent).padStart(3)} %${left}  ${doing}`
      if (!stream.isTTY) {
        const step = Math.floor(percent / linePercent)
        if (step === lastStep) return
        lastStep = step
        stream.write(`${text.trim()}\n`)
        return
      }
      const now = performance.now()
      if (now - lastDrawn < redrawEveryMs) return
      lastDrawn = now
      stream.write(`\r${text.slice(0, (stream.columns || usualColumns) - 1)}\u001b[K`)
      open = true
    },
    end() {
      if (open) stream.write('\r\u001b[K')
      open = false
    },
  }
}

/** @param {number} seconds */
export function timeLeft(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}
