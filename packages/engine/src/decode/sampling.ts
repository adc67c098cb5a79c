import type { Gpu } from '../device/gpu.ts'
import type { GenerateOptions } from '../engine-types.ts'
import { LogitAdjuster } from '../kernels/sample/logit-adjuster.ts'
import { changesLogits } from '../kernels/sample/logit-edits.ts'
import { type Sampler, type SamplerStep, samplerState } from '../kernels/sample/sample.ts'
import { chosenToken, TokenRanker } from '../kernels/sample/token-ranker.ts'
import { ReadRing } from './read-ring.ts'
import type { Step } from './step.ts'

/** How one generation gets from logits to tokens. */
export interface Sampling {
  /** Reads each step's token, and what else is told of it. */
  readonly ring: ReadRing
  /** What to dispatch after the next step's logits; a mask holds for what is submitted from now on. */
  steps(mask: Uint32Array | undefined): readonly Step[]
  /** Hands on what is told of the token in a reading. */
  tell(words: Uint32Array): void
}

export interface SamplingParts {
  readonly gpu: Gpu
  readonly sampler: Sampler
  /** f32 `[vocabulary]` */
  readonly logits: GPUBuffer
  readonly vocabulary: number
  /** Of the rings. */
  readonly slots: number
}

/** Puts together what a generation's options ask for. What plain sampling does not need is made when it is first asked for. */
export class SamplingPlanner {
  readonly #parts: SamplingParts
  readonly #ring: ReadRing
  #adjuster: LogitAdjuster | undefined
  #ranker: { readonly ranker: TokenRanker; readonly ring: ReadRing } | undefined

  constructor(parts: SamplingParts) {
    this.#parts = parts
    this.#ring = new ReadRing(parts.gpu, [parts.sampler.state], parts.slots)
  }

  /**
   * Writes what a generation from `prompt` starts with.
   * @throws EngineError `option-invalid` naming the option
   */
  async begin(options: GenerateOptions & { readonly seed: number }, prompt: readonly number[]): Promise<Sampling> {
    const { sampler } = this.#parts
    const { constraint, logprobs } = options
    const position = prompt.length - 1
    const start = { ...options, token: prompt[position] ?? 0, position }
    const plain = await sampler.begin(start)
    const edits = changesLogits(options)
    const adjuster = edits || constraint ? this.#makeAdjuster() : undefined
    const adjusted = async (mask: boolean): Promise<readonly SamplerStep[]> =>
      adjuster ? [await adjuster.step({ edits, mask }), ...(await sampler.steps(start, adjuster.logits))] : plain
    const [free, masked] = await Promise.all([edits ? adjusted(false) : plain, constraint ? adjusted(true) : plain])
    if (edits) adjuster?.writeEdits(options, prompt, options.answered)
    const ranking = logprobs && this.#makeRanker()
    const around = await ranking?.ranker.steps()
    const finished = (steps: readonly SamplerStep[]): readonly Step[] =>
      (around ? [around.before, ...steps, around.after] : steps).map(toStep)
    const freeSteps = finished(free)
    const maskedSteps = finished(masked)
    return {
      ring: ranking?.ring ?? this.#ring,
      steps: (mask) => {
        if (!mask) return freeSteps
        adjuster?.writeMask(mask)
        return maskedSteps
      },
      tell: (words) =>
        logprobs?.take(chosenToken(words[samplerState.token] ?? 0, words.subarray(samplerState.words), logprobs.top)),
    }
  }

  #makeAdjuster(): LogitAdjuster {
    const { gpu, sampler, logits, vocabulary } = this.#parts
    this.#adjuster ??= new LogitAdjuster(gpu, sampler, logits, vocabulary)
    return this.#adjuster
  }

  #makeRanker(): { readonly ranker: TokenRanker; readonly ring: ReadRing } {
    if (this.#ranker) return this.#ranker
    const { gpu, sampler, logits, vocabulary, slots } = this.#parts
    const ranker = new TokenRanker(gpu, sampler, logits, vocabulary)
    this.#ranker = { ranker, ring: new ReadRing(gpu, [sampler.state, ranker.result], slots) }
    return this.#ranker
  }
}

const toStep = ({ workgroups, ...step }: SamplerStep): Step => ({ ...step, grid: () => workgroups })
