import type { TokenConstraint } from '../engine-types.ts'
import { checkSampled, samplerState } from '../kernels/sample/sample.ts'
import type { DecodePace } from './decode-pace.ts'
import type { Decoder } from './decoder.ts'
import { RunAhead } from './run-ahead.ts'
import type { Sampling } from './sampling.ts'
import { encodeSteps, type Step } from './step.ts'

/** A reader that takes longer for a token than this keeps the GPU waiting: its pace is not the GPU's. */
const slowReaderMilliseconds = 2

export interface DecodeRun {
  readonly decoder: Decoder
  readonly head: readonly Step[]
  readonly sampling: Sampling
  readonly constraint: TokenConstraint | undefined
  readonly pace: DecodePace
  /** Tokens in the cache and last-row residual in `decoder.one.x` when the loop begins. */
  readonly promptTokens: number
  /** Most tokens to give out. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Samples from the prompt's last row, then decodes: every step one submit, its token read through the ring behind it. The GPU
 * feeds each sampled token to the next step itself and stops by itself at a stop token; the host only keeps the queue filled,
 * as far as a constraint lets it run ahead. Leaving the loop waits for the steps under way; they write nothing but positions
 * that are not counted as cached.
 */
export async function* decodeLoop(run: DecodeRun): AsyncGenerator<number, void, undefined> {
  const { decoder, sampling, constraint, pace, limit, signal } = run
  const ahead = constraint && new RunAhead(constraint)
  const depth = (): number => Math.min(pace.depth, sampling.ring.size)
  const readings: Promise<Uint32Array>[] = []
  let submitted = 0
  pace.restart()
  try {
    for (let count = 0; count < limit; count += 1) {
      signal?.throwIfAborted()
      while (submitted < limit && readings.length < depth() && (!ahead || ahead.reaches(submitted))) {
        if (submitted > 0) await decoder.reserve(run.promptTokens + submitted)
        const reading = submitStep(run, submitted, sampling.steps(ahead?.mask(submitted)))
        reading.catch(() => {}) // Awaited in its turn; a loss may come while nobody asks.
        readings.push(reading)
        submitted += 1
      }
      const heldBack = submitted < limit && readings.length < depth()
      const words = await readings.shift()
      if (!words) return
      // Steps that wait for a constraint say nothing of how fast the GPU could go.
      if (heldBack) pace.restart()
      else pace.arrived(performance.now())
      signal?.throwIfAborted()
      checkSampled(words)
      const token = words[samplerState.token] ?? 0
      sampling.tell(words)
      ahead?.accept(token)
      const given = performance.now()
      yield token
      if (performance.now() - given > slowReaderMilliseconds) pace.restart()
      if (words[samplerState.done]) return
    }
  } finally {
    await Promise.allSettled(readings)
  }
}

function submitStep(
  { decoder, head, sampling, promptTokens }: DecodeRun,
  index: number,
  choice: readonly Step[],
): Promise<Uint32Array> {
  const { gpu } = decoder
  const encoder = gpu.device.createCommandEncoder()
  const positions = promptTokens + index
  const layers = index === 0 ? [] : decoder.decodeSteps
  const dispatches = encodeSteps(encoder, [layers, head, choice], 1, positions)
  return sampling.ring.read(encoder, () => gpu.submit(encoder, dispatches))
}
