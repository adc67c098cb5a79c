/** How long a request is made again. */
export interface Patience {
  /** Attempts without progress, the first included. */
  readonly attempts: number
  readonly longestPauseMs: number
  /** Attempts that the server answers with 429, counted by themselves. */
  readonly busyAttempts: number
  /** The first pause after a 429 is so many times as long as after another failure. */
  readonly busyFactor: number
  readonly longestBusyPauseMs: number
  /** How long to wait for a network where the browser says that there is none. */
  readonly offlineMs: number
}

/** Somebody waits to be told whether there is such a file. */
export const BRIEF: Patience = {
  attempts: 5,
  longestPauseMs: 8_000,
  busyAttempts: 5,
  busyFactor: 1,
  longestBusyPauseMs: 8_000,
  offlineMs: 5_000,
}

/** A download: rather late than never. The hubs count requests in windows of five minutes, which a 429 may have to wait out. */
export const LASTING: Patience = {
  attempts: 10,
  longestPauseMs: 30_000,
  busyAttempts: 12,
  busyFactor: 20,
  longestBusyPauseMs: 60_000,
  offlineMs: 30 * 60_000,
}
