/** How long submits may keep a device. */
export interface SubmitLimits {
  /** Milliseconds that a submit is made for. */
  readonly aim: number
  /** Milliseconds that no submit should take. */
  readonly longest: number
  /** Layers and decode steps are divided for it, and batches made smaller. */
  readonly divides: boolean
}

/** A browser's compositor shares the GPU and wants it for every frame of 16 ms; between two submits it has its turn. */
export const hardwareLimits: SubmitLimits = { aim: 10, longest: 16, divides: true }

/** A CPU runs the page besides. Submits are short enough for an abort to be felt, but no layer is divided. */
export const softwareLimits: SubmitLimits = { aim: 24, longest: Number.POSITIVE_INFINITY, divides: false }
