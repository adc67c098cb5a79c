const barWidth = 28
const redrawEveryMs = 80
/** Without a terminal a line is written whenever this many percent more are done. */
const linePercent = 10

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/**
 * Shows how far a load is: a bar where a person watches, a line every tenth otherwise.
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 */
export function progressDisplay(stream) {
  let bytes = ''
  let lastDrawn = 0
  let lastStep = -1
  let open = false
  return {
    /**
     * @param {{ phase: string, loaded: number, total: number, fraction: number, verb?: string }} progress
     *   `verb` is what is being done; only loading is worth lines where nobody watches
     */
    update({ phase, loaded, total, fraction, verb = 'loading' }) {
      if (verb !== 'loading') bytes = ''
      else if (phase === 'weights') bytes = `${formatBytes(loaded)} of ${formatBytes(total)}`
      const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100)
      if (!stream.isTTY) {
        if (verb !== 'loading') return
        const step = Math.floor(percent / linePercent)
        if (step === lastStep) return
        lastStep = step
        stream.write(`loading ${percent} % (${phase}${bytes === '' ? '' : `, ${bytes}`})\n`)
        return
      }
      const now = performance.now()
      if (percent < 100 && now - lastDrawn < redrawEveryMs) return
      lastDrawn = now
      const filled = Math.round((percent / 100) * barWidth)
      const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
      const line = `${verb} ${bar} ${String(percent).padStart(3)} %  ${bytes}  ${phase}`
      stream.write(`\r${line.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}\u001b[K`)
      open = true
    },
    /** Leaves the cursor on a fresh line. */
    end() {
      if (open) stream.write('\n')
      open = false
    },
  }
}
