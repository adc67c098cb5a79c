import type { TokenConstraint } from '../engine-types.ts'
import { checkSampled, samplerState } from '../kernels/sample/sample.ts'
import type { DecodePace } from './decode-pace.ts'
import type { Decoder } from './decoder.ts'
import { RunAhead } from './run-ahead.ts'
import type { Sampling } from './sampling.ts'
import { encodeSteps, type Step } from './step.ts'
import type { StepDivision } from './step-division.ts'
import type { Priority, SubmitPacer } from './submit-pacer.ts'

/** A reader that takes longer for a token than this keeps the GPU waiting: its pace is not the GPU's. */
const slowReaderMilliseconds = 2

export interface DecodeRun {
  readonly decoder: Decoder
  readonly head: readonly Step[]
  readonly sampling: Sampling
  readonly constraint: TokenConstraint | undefined
  readonly pace: DecodePace
  readonly pacer: SubmitPacer
  readonly division: StepDivision
  /** Tokens in the cache and last-row residual in `decoder.one.x` when the loop begins. */
  readonly promptTokens: number
  /** Most tokens to give out. */
  readonly limit: number
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Samples from the prompt's last row, then decodes: every step one submit, or a few where one would be too long, its token read
 * through the ring behind it. The GPU feeds each sampled token to the next step itself and stops by itself at a stop token; the
 * host only keeps the queue filled, as far as a constraint lets it run ahead, or has one submit under way in the background.
 * Leaving the loop waits for the steps under way; they write nothing but positions that are not counted as cached.
 */
export async function* decodeLoop(run: DecodeRun): AsyncGenerator<number, void, undefined> {
  const { decoder, sampling, constraint, pace, limit, signal } = run
  const ahead = constraint && new RunAhead(constraint)
  const background = run.priority === 'background'
  const depth = (): number => (background ? 1 : Math.min(pace.depth, sampling.ring.size))
  const readings: Promise<Uint32Array>[] = []
  let submitted = 0
  pace.restart()
  try {
    for (let count = 0; count < limit; count += 1) {
      signal?.throwIfAborted()
      while (submitted < limit && readings.length < depth() && (!ahead || ahead.reaches(submitted))) {
        if (submitted > 0) await decoder.reserve(run.promptTokens + submitted)
        const choice = sampling.steps(ahead?.mask(submitted))
        const reading = (background ? restedStep : submitStep)(run, submitted, choice)
        reading.catch(() => {}) // Awaited in its turn; a loss may come while nobody asks.
        readings.push(reading)
        submitted += 1
      }
      const heldBack = submitted < limit && readings.length < depth()
      const words = await readings.shift()
      if (!words) return
      // Steps that wait for a constraint say nothing of how fast the GPU could go.
      if (heldBack || background) pace.restart()
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

function submitStep(run: DecodeRun, index: number, choice: readonly Step[]): Promise<Uint32Array> {
  const { rest, last } = submitsOf(run, index, choice)
  for (const submit of rest) submit()
  return last()
}

/** The same in the background: the GPU rests before each submit. */
async function restedStep(run: DecodeRun, index: number, choice: readonly Step[]): Promise<Uint32Array> {
  await run.pacer.rest(run.signal)
  const { rest, last } = submitsOf(run, index, choice)
  for (const submit of rest) {
    submit()
    await run.pacer.rest(run.signal)
  }
  return last()
}

interface StepSubmits {
  readonly rest: readonly (() => void)[]
  readonly last: () => Promise<Uint32Array>
}

function submitsOf(run: DecodeRun, index: number, choice: readonly Step[]): StepSubmits {
  const { decoder, head, sampling, pacer, division, priority } = run
  const { gpu } = decoder
  const positions = run.promptTokens + index
  const layers = index === 0 ? [] : decoder.decodeSteps
  const slices = division.cut([...layers, ...head, ...choice], positions, index > 0, priority)
  const encoded = ({ steps }: { readonly steps: readonly Step[] }): [GPUCommandEncoder, number] => {
    const encoder = gpu.device.createCommandEncoder()
    return [encoder, encodeSteps(encoder, [steps], 1, positions)]
  }
  const rest = slices.slice(0, -1).map((slice) => () => {
    gpu.submit(...encoded(slice))
    pacer.follow(slice.tracked, gpu.idle())
  })
  const last = (): Promise<Uint32Array> => {
    const slice = slices.at(-1)
    if (!slice) throw new Error('a step without steps')
    const [encoder, dispatches] = encoded(slice)
    const reading = sampling.ring.read(encoder, () => gpu.submit(encoder, dispatches))
    pacer.follow(slice.tracked, reading)
    return reading
  }
  return { rest, last }
}
