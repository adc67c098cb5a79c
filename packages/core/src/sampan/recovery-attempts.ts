import type { TokenEngine } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { untilAborted } from '../until-aborted.ts'

/** An engine that tells what it does on a GPU. */
export type GpuEngine = TokenEngine & Required<Pick<TokenEngine, 'adapter' | 'counters' | 'ledger' | 'tokenBytes'>>

/** A GPU that is lost more often than this within the window is lost for good: the model may be what kills it. */
export const MOST_RECOVERIES = 5
export const RECOVERY_WINDOW_MS = 5 * 60_000
/** Before each try. A browser whose GPU process has died gives no adapter for a while. */
export const RETRY_WAITS_MS = [0, 250, 500, 1000, 2000, 4000, 8000] as const

/** What another try may mend: no adapter yet, or lost again while it loaded. */
const TRANSIENT: ReadonlySet<string> = new Set(['webgpu-unavailable', 'device-lost'])

/** Counts losses, and tries again for as long as that may help. */
export class RecoveryAttempts {
  readonly #make: (signal: AbortSignal) => Promise<GpuEngine>
  #losses: number[] = []

  constructor(make: (signal: AbortSignal) => Promise<GpuEngine>) {
    this.#make = make
  }

  /** @throws SampanError `device-lost` when it is one loss too many */
  count(error: Error): void {
    const now = performance.now()
    this.#losses = [...this.#losses.filter((then) => now - then < RECOVERY_WINDOW_MS), now]
    if (this.#losses.length <= MOST_RECOVERIES) return
    const minutes = RECOVERY_WINDOW_MS / 60_000
    throw new SampanError(
      'device-lost',
      `The GPU was lost more than ${MOST_RECOVERIES} times within ${minutes} minutes, and the model was not made again. Close other tabs that use the GPU, take a smaller model or update the graphics driver; reload() on the model tries again.`,
      { reason: 'too-often', recoveries: MOST_RECOVERIES, minutes },
      { cause: error },
    )
  }

  /** @throws SampanError `device-lost` when the engine cannot be made; the signal's reason */
  async engine(signal: AbortSignal): Promise<GpuEngine> {
    let failure: unknown
    for (const wait of RETRY_WAITS_MS) {
      await pause(wait, signal)
      try {
        return await this.#make(signal)
      } catch (error) {
        signal.throwIfAborted()
        failure = error
        if (!SampanError.isInstance(error) || !TRANSIENT.has(error.code)) break
      }
    }
    throw notRecovered(failure)
  }
}

/** @throws the signal's reason, at once */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (milliseconds === 0) return
  let timer: ReturnType<typeof setTimeout> | undefined
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await untilAborted(passed, signal).finally(() => clearTimeout(timer))
}

function notRecovered(cause: unknown): SampanError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SampanError(
    'device-lost',
    `The GPU was lost, and the model could not be made again: ${why} reload() on the model tries again.`,
    {
      reason: 'not-recovered',
      ...(SampanError.isInstance(cause) && { because: { ...cause.details, code: cause.code } }),
    },
    { cause },
  )
}
