import type { BackendProgress } from '../backend.ts'

/** A bar that moves more often than this looks no smoother, in milliseconds. */
const INTERVAL_MS = 50

/** Lets the first and last report of a phase through, and of the others one per interval. */
export function throttleProgress(send: (progress: BackendProgress) => void): (progress: BackendProgress) => void {
  const lastSent = new Map<BackendProgress['phase'], number>()
  return (progress) => {
    const now = performance.now()
    const last = lastSent.get(progress.phase) ?? Number.NEGATIVE_INFINITY
    if (progress.loaded < progress.total && now - last < INTERVAL_MS) return
    lastSent.set(progress.phase, now)
    send(progress)
  }
}
