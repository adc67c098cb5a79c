import type { Gpu } from '../../device/gpu.ts'
import type { ChosenToken } from '../../engine-types.ts'
import { specialise } from '../template.ts'
import { maxTopLogprobs } from './parameters.ts'
import rank from './rank.wgsl?raw'
import rankChunk from './rank-chunk.wgsl?raw'
import ranked from './ranked.wgsl?raw'
import { chunkSize, type Sampler, type SamplerStep } from './sample.ts'
import common from './sample.wgsl?raw'

/** As in ranked.wgsl. */
const listWords = 1 + 2 * maxTopLogprobs
/** As in rank.wgsl. */
const rankedWords = 2 + 2 * maxTopLogprobs
const noToken = 0xffffffff

/** What to dispatch around a step's sampling. */
export interface RankingSteps {
  /** After the logits; skipped once the generation is done. */
  readonly before: SamplerStep
  /** After the token was chosen. */
  readonly after: SamplerStep
}

/**
 * Tells on the GPU how likely the chosen token was by the model's own logits, and which were the likeliest: two dispatches a
 * token, and `result` to read back. How many are told is the sampler's parameter.
 */
export class TokenRanker {
  /** Words for `chosenToken`. */
  readonly result: GPUBuffer
  readonly #gpu: Gpu
  readonly #sampler: Sampler
  readonly #raw: GPUBuffer
  readonly #chunks: number
  readonly #lists: GPUBuffer
  #steps: Promise<RankingSteps> | undefined

  /** `raw`: the model's logits, f32 `[vocabulary]`. */
  constructor(gpu: Gpu, sampler: Sampler, raw: GPUBuffer, vocabulary: number) {
    this.#gpu = gpu
    this.#sampler = sampler
    this.#raw = raw
    this.#chunks = Math.ceil(vocabulary / chunkSize)
    this.#lists = gpu.storage('state', 'token lists', this.#chunks * listWords)
    this.result = gpu.storage('state', 'ranked tokens', rankedWords)
  }

  steps(): Promise<RankingSteps> {
    this.#steps ??= this.#bind()
    return this.#steps
  }

  async #bind(): Promise<RankingSteps> {
    const bound = [this.#raw, this.#sampler.parameters, this.#sampler.state, this.#lists]
    const step = async (label: string, code: string, buffers: GPUBuffer[], groups: number): Promise<SamplerStep> => {
      const pipeline = await this.#gpu.pipeline(label, code)
      return { pipeline, bindGroup: this.#gpu.bindGroup(pipeline, buffers), workgroups: [groups, 1, 1] }
    }
    const [before, after] = await Promise.all([
      step('sample-rank-chunk', rankCode('chunk'), bound, this.#chunks),
      step('sample-rank', rankCode('all'), [...bound, this.result], 1),
    ])
    return { before, after }
  }

  dispose(): void {
    for (const buffer of [this.#lists, this.result]) this.#gpu.ledger.release(buffer)
  }
}

export function rankCode(of: 'chunk' | 'all'): string {
  return specialise([common, ranked, of === 'chunk' ? rankChunk : rank].join('\n'), { STATE_ACCESS: 'read' })
}

/**
 * @param words of `TokenRanker.result`
 * @param top how many of the likeliest were asked for
 */
export function chosenToken(token: number, words: Uint32Array, top: number): ChosenToken {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length)
  const likeliest = Array.from({ length: top }, (_, rank) => ({
    token: words[2 + 2 * rank] ?? noToken,
    logprob: logprobAt(floats, 3 + 2 * rank),
  }))
  return { token, logprob: logprobAt(floats, 0), top: likeliest.filter((entry) => entry.token !== noToken) }
}

/** Not above zero, which rounding might bring, and no negative zero. */
const logprobAt = (floats: Float32Array, word: number): number => Math.min(floats[word] ?? Number.NaN, 0) + 0
