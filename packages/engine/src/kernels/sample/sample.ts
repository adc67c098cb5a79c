import { bufferUsage } from '../../device/buffer-usage.ts'
import type { Gpu } from '../../device/gpu.ts'
import type { GenerateOptions } from '../../engine-types.ts'
import { EngineError } from '../../errors.ts'
import { specialise } from '../template.ts'
import advance from './advance.wgsl?raw'
import best from './best.wgsl?raw'
import count from './count.wgsl?raw'
import kept from './kept.wgsl?raw'
import limit from './limit.wgsl?raw'
import nucleus from './nucleus.wgsl?raw'
import { parameterWords, type SamplerMode, type SamplerParameters, samplerMode, writeParameters } from './parameters.ts'
import pick from './pick.wgsl?raw'
import pickBest from './pick-best.wgsl?raw'
import common from './sample.wgsl?raw'
import search from './sample-search.wgsl?raw'
import weigh from './weigh.wgsl?raw'

/** As in sample.wgsl. */
export const chunkSize = 2048
/** So many chunks have room in the scratch buffer, and 2^19 masses of 2^13 in a u32: vocabularies up to 524,288. */
const maxChunks = 256
export const scratchWords = 13_072

/**
 * Words of the state buffer, which the GPU advances by itself. The forward pass takes `token` at `position` (words 0 and 1
 * are also a batch of one token for kernels that read position and count); sampling replaces both by the next.
 */
export const samplerState = { position: 0, count: 1, token: 2, step: 3, done: 4, failed: 5, words: 8 } as const

export interface SamplerStep {
  readonly pipeline: GPUComputePipeline
  readonly bindGroup: GPUBindGroup
  readonly workgroups: readonly [number, number, number]
}

export interface SamplerStart
  extends Pick<GenerateOptions, 'maxTokens' | 'stopTokens' | 'temperature' | 'topK' | 'topP' | 'minP' | 'answered'> {
  readonly seed: number
  /** Read by `TokenRanker`. */
  readonly logprobs?: { readonly top: number }
  /** Last token of the prompt and its position: the next logits are those after it. */
  readonly token: number
  readonly position: number
}

/**
 * Chooses the next token on the GPU, without a readback. The order is that of transformers' logits warpers: temperature, then
 * top-k (ties at the k-th place all stay), top-p over what top-k left (the fewest best tokens whose mass reaches p; those
 * within 2^-22·temperature of each other stay or go together), min-p (relative to the best). Tokens below 2^-34 (6e-11)
 * of the best are never drawn. NaN and −∞ are never chosen, +∞ counts as the largest number; when nothing is left `failed` is set.
 *
 * Thresholds are found by a radix search over the whole vocabulary, one dispatch a level, instead of a sort: greedy takes 2
 * dispatches, temperature and min-p 3, top-k 5, top-p 6, top-k with top-p 8. All sums are of integers, so that a seed
 * replays exactly on a device.
 *
 * Once `done` (a stop token, the last step, or a failure) every dispatch leaves the state as it is.
 */
export class Sampler {
  /** u32 words as {@link samplerState}; readable by kernels (`var<storage, read>`) and by copies. */
  readonly state: GPUBuffer
  /** The uniform of sample.wgsl, as the last `begin` wrote it. */
  readonly parameters: GPUBuffer
  readonly #gpu: Gpu
  readonly #scratch: GPUBuffer
  readonly #logits: GPUBuffer
  readonly #vocabulary: number
  readonly #chunks: number
  readonly #steps = new Map<GPUBuffer, Map<SamplerMode, Promise<readonly SamplerStep[]>>>()

  private constructor(
    gpu: Gpu,
    vocabulary: number,
    logits: GPUBuffer,
    buffers: { state: GPUBuffer; parameters: GPUBuffer; scratch: GPUBuffer },
  ) {
    this.#gpu = gpu
    this.#vocabulary = vocabulary
    this.#chunks = Math.ceil(vocabulary / chunkSize)
    this.#logits = logits
    this.state = buffers.state
    this.parameters = buffers.parameters
    this.#scratch = buffers.scratch
  }

  /**
   * Allocates all buffers for logits `[vocabulary]` f32 (row 0 of the buffer) and compiles greedy.
   * @throws EngineError `device-limit-exceeded` for more than 524,288 tokens
   */
  static async create(gpu: Gpu, vocabulary: number, logits: GPUBuffer): Promise<Sampler> {
    checkVocabulary(vocabulary)
    const buffers = {
      state: gpu.storage('state', 'sampler state', samplerState.words),
      parameters: gpu.createBuffer('state', {
        label: 'sampler parameters',
        size: 4 * parameterWords,
        usage: bufferUsage.uniform | bufferUsage.copyDestination,
      }),
      scratch: gpu.storage('state', 'sampler scratch', scratchWords),
    }
    const sampler = new Sampler(gpu, vocabulary, logits, buffers)
    await sampler.#prepare('greedy', logits)
    return sampler
  }

  /**
   * Writes parameters and state for a generation and says what to dispatch after the logits of each step. The first use of a
   * mode (greedy, plain, top-k, top-p, both) compiles and binds it; later ones allocate nothing.
   * @throws EngineError `option-invalid` naming the option
   */
  async begin(start: SamplerStart): Promise<readonly SamplerStep[]> {
    const words = writeParameters(this.#parametersOf(start))
    const steps = await this.steps(start, this.#logits)
    const state = new Uint32Array(samplerState.words)
    state[samplerState.position] = start.position
    state[samplerState.count] = 1
    state[samplerState.token] = start.token
    state[samplerState.step] = start.answered ?? 0
    this.#gpu.write(this.parameters, 0, words)
    this.#gpu.write(this.state, 0, state)
    return steps
  }

  /** The same dispatches over other logits of as many tokens. They too read what `begin` wrote. */
  steps(start: SamplerStart, logits: GPUBuffer): Promise<readonly SamplerStep[]> {
    return this.#prepare(samplerMode(this.#parametersOf(start)), logits)
  }

  #parametersOf(start: SamplerStart): SamplerParameters {
    return { ...start, vocabulary: this.#vocabulary, chunks: this.#chunks }
  }

  #prepare(mode: SamplerMode, logits: GPUBuffer): Promise<readonly SamplerStep[]> {
    const modes = this.#steps.get(logits) ?? new Map<SamplerMode, Promise<readonly SamplerStep[]>>()
    this.#steps.set(logits, modes)
    const known = modes.get(mode)
    if (known) return known
    const bound = [logits, this.parameters, this.state, this.#scratch]
    const steps = Promise.all(
      programs(mode).map(async ({ label, code, single }): Promise<SamplerStep> => {
        const pipeline = await this.#gpu.pipeline(label, code)
        return {
          pipeline,
          bindGroup: this.#gpu.bindGroup(pipeline, bound),
          workgroups: [single ? 1 : this.#chunks, 1, 1],
        }
      }),
    )
    modes.set(mode, steps)
    return steps
  }

  /** Of the sampled modes' last step: last order kept, last distance key kept, best order. For tests. */
  get scratch(): GPUBuffer {
    return this.#scratch
  }

  dispose(): void {
    for (const buffer of [this.state, this.parameters, this.#scratch]) this.#gpu.ledger.release(buffer)
  }
}

/** @throws EngineError `device-limit-exceeded` for more than 524,288 tokens */
export function checkVocabulary(vocabulary: number): void {
  if (Math.ceil(vocabulary / chunkSize) < maxChunks) return
  throw new EngineError(
    'device-limit-exceeded',
    `A vocabulary of ${vocabulary} tokens passes the sampler's limit of ${maxChunks * chunkSize}: this model is not supported.`,
    { needed: vocabulary, limit: maxChunks * chunkSize },
  )
}

/**
 * @param state the words of the state buffer
 * @throws EngineError `logits-invalid` when there was no logit to choose from
 */
export function checkSampled(state: Uint32Array): void {
  if (!state[samplerState.failed]) return
  throw new EngineError(
    'logits-invalid',
    'The model gave no usable logits (NaN or −∞ for every token that may be chosen): its weights are damaged, or this GPU computes wrongly. Load it again or with other bits.',
  )
}

/** Word of the scratch buffer where `weigh` leaves its three limits. */
export const scratchLimits = 1024 + 12

interface Program {
  readonly label: string
  readonly code: string
  /** One workgroup instead of one a chunk. */
  readonly single: boolean
}

function programs(mode: SamplerMode): Program[] {
  const topK = mode === 'top-k' || mode === 'top-k-top-p'
  const topP = mode === 'top-p' || mode === 'top-k-top-p'
  const chunked = (name: string, parts: string[], values: Record<string, number> = {}): Program => ({
    label: `sample-${name}`,
    code: specialise([common, ...parts].join('\n'), { STATE_ACCESS: 'read', TOP_K: topK, TOP_P: topP, ...values }),
    single: false,
  })
  const last = (name: string, parts: string[]): Program => ({
    label: `sample-${name}`,
    code: specialise([common, ...parts, advance].join('\n'), { STATE_ACCESS: 'read_write' }),
    single: true,
  })
  const bests = chunked('best', [best])
  if (mode === 'greedy') return [bests, last('pick-best', [pickBest])]
  return [
    bests,
    ...(topK ? countLevels.map((values) => chunked(`count-${values.LEVEL}`, [search, count], values)) : []),
    ...(topP ? nucleusLevels : []).map((values) =>
      chunked(`nucleus-${values.LEVEL}`, [search, ...(values.LEVEL === 0 ? [limit] : []), nucleus], values),
    ),
    chunked('weigh', [search, ...(topP ? [] : [limit]), kept, weigh]),
    last('pick', [kept, pick]),
  ]
}

/** Constants of a level of the radix searches. FOUND: where in the scratch buffer it leaves what it found. */
const countLevels = [
  { LEVEL: 1, PREFIX: 23, SHIFT: 11, MASK: 4095, FOUND: 0 },
  { LEVEL: 2, PREFIX: 11, SHIFT: 0, MASK: 2047, FOUND: 2 },
] as const
const nucleusLevels = [
  { LEVEL: 0, SHIFT: 19, MASK: 255, FOUND: 0 },
  { LEVEL: 1, SHIFT: 9, MASK: 1023, FOUND: 6 },
  { LEVEL: 2, SHIFT: 0, MASK: 511, FOUND: 9 },
] as const
