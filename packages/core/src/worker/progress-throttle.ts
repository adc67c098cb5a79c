/** A bar that moves more often than this looks no smoother, in milliseconds. */
const INTERVAL_MS = 50

interface Progress {
  readonly phase: string
  readonly loaded: number
  readonly total: number
}

/** Lets the first and last report of a phase through, and of the others one per interval. */
export function throttleProgress<P extends Progress>(send: (progress: P) => void): (progress: P) => void {
  const lastSent = new Map<string, number>()
  return (progress) => {
    const now = performance.now()
    const last = lastSent.get(progress.phase) ?? Number.NEGATIVE_INFINITY
    if (progress.loaded < progress.total && now - last < INTERVAL_MS) return
    lastSent.set(progress.phase, now)
    send(progress)
  }
}
