const widestBar = 28
const narrowestBar = 4
const redrawEveryMs = 80
/** Without a terminal a line is written whenever this many percent more are done. */
const linePercent = 10
/** Of a terminal that does not say how wide it is, or says 0. */
const usualColumns = 80

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** @type {Readonly<Record<string, string>>} */
const phaseNames = { open: 'opening', compile: 'compiling' }

/**
 * Shows how far a load is: a bar where a person watches, a line every tenth otherwise.
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 */
export function progressDisplay(stream) {
  /** @type {{ loaded: number, total: number } | undefined} */
  let weights
  let lastDrawn = 0
  let lastStep = -1
  let open = false

  /**
   * GPU programs compile while weights stream: what is shown is the weights until they are there.
   * @param {string} phase
   * @param {number} fraction
   * @returns {string[]} what is being done, and how many bytes of it are
   */
  const describe = (phase, fraction) => {
    if (!weights) return [phaseNames[phase] ?? phase]
    const total = formatBytes(weights.total)
    if (fraction >= 1) return ['weights', total]
    if (weights.loaded < weights.total) return ['weights', `${formatBytes(weights.loaded)} of ${total}`]
    return ['compiling']
  }

  return {
    /**
     * @param {{ phase: string, loaded: number, total: number, fraction: number, verb?: string }} progress
     *   `verb` is what is being done; only loading is worth lines where nobody watches
     */
    update({ phase, loaded, total, fraction, verb = 'loading' }) {
      if (phase === 'weights') weights = { loaded, total }
      const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100)
      const [what = '', bytes = ''] = verb === 'loading' ? describe(phase, fraction) : [phase]
      if (!stream.isTTY) {
        if (verb !== 'loading') return
        const step = Math.floor(percent / linePercent)
        if (step === lastStep) return
        lastStep = step
        stream.write(`loading ${percent} % (${what}${bytes === '' ? '' : `, ${bytes}`})\n`)
        return
      }
      const now = performance.now()
      if (percent < 100 && now - lastDrawn < redrawEveryMs) return
      lastDrawn = now
      stream.write(`\r${line(verb, percent, `${bytes}  ${what}`, stream.columns || usualColumns)}\u001b[K`)
      open = true
    },
    /** Leaves the cursor on a fresh line. */
    end() {
      if (open) stream.write('\n')
      open = false
    },
  }
}

/**
 * One line narrower than the terminal. The bar gives way first, then what follows the percentage.
 * @param {string} verb
 * @param {number} percent
 * @param {string} rest
 * @param {number} columns
 */
function line(verb, percent, rest, columns) {
  const figure = `${String(percent).padStart(3)} %`
  const room = columns - 1 - `${verb}  ${figure}  ${rest}`.length
  const width = Math.min(widestBar, room)
  const filled = Math.round((percent / 100) * width)
  const bar = width < narrowestBar ? '' : `${'█'.repeat(filled)}${'░'.repeat(width - filled)} `
  return `${verb} ${bar}${figure}  ${rest}`.slice(0, columns - 1)
}
