import { tokenBlock } from '../kernels/matmul/matmul.ts'
import type { Decoder } from './decoder.ts'
import { encodeSteps, type Step } from './step.ts'
import type { Priority, SubmitPacer } from './submit-pacer.ts'

/** Positions up to which batches are full. */
const fullBatchPositions = 8192

type Layers = readonly (readonly Step[])[]

export interface PrefillHooks {
  /** After each batch, which covered `[start, start + count)`; its residual rows are in `decoder.many.x`. */
  readonly onBatch?: (start: number, count: number) => Promise<void> | void
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
}

/** Runs tokens through the decoder many at a time, filling the cache. */
export class Prefill {
  readonly #decoder: Decoder
  readonly #pacer: SubmitPacer
  #single: { readonly of: Layers; readonly pieces: Layers } = { of: [], pieces: [] }

  constructor(decoder: Decoder, pacer: SubmitPacer) {
    this.#decoder = decoder
    this.#pacer = pacer
  }

  /** Feeds `tokens[start …]` at their positions. Everything before `start` is in the cache already. */
  async run(tokens: readonly number[], start: number, hooks: PrefillHooks): Promise<void> {
    const { gpu, many } = this.#decoder
    for (let first = start, count = 0; first < tokens.length; first += count) {
      count = Math.min(this.#batchTokens(first, hooks.priority), tokens.length - first)
      await this.#decoder.reserve(first + count)
      gpu.write(many.ids, 0, new Uint32Array(tokens.slice(first, first + count)))
      gpu.write(many.batch, 0, new Uint32Array([first, count]))
      await this.#batch(first, count, hooks)
      await hooks.onBatch?.(first, count)
    }
  }

  /** Fewer tokens where attention is most of the work, and where a single dispatch would be too long for a submit. */
  #batchTokens(first: number, priority: Priority | undefined): number {
    const { many, route } = this.#decoder
    const block = tokenBlock(route.matmul)
    const fitting = Math.floor((many.tokens * fullBatchPositions) / (first + many.tokens) / block) * block
    const most = Math.max(block, Math.min(many.tokens, fitting))
    return this.#pacer.fittingTokens(this.#pieces(), { most, block, first, priority })
  }

  /** What a submit is made of: single dispatches, or whole layers. */
  #pieces(): Layers {
    const { prefillLayers } = this.#decoder
    if (!this.#pacer.limits.divides) return prefillLayers
    // Growing the cache makes others.
    if (this.#single.of !== prefillLayers)
      this.#single = { of: prefillLayers, pieces: prefillLayers.flat().map((step) => [step]) }
    return this.#single.pieces
  }

  #batch(first: number, count: number, { priority, signal }: PrefillHooks): Promise<void> {
    const { gpu } = this.#decoder
    const submit = (steps: readonly Step[]): void => {
      const encoder = gpu.device.createCommandEncoder()
      gpu.submit(encoder, encodeSteps(encoder, [steps], count, first + count))
    }
    return this.#pacer.run({
      pieces: this.#pieces(),
      tokens: count,
      positions: first + count,
      submit,
      priority,
      signal,
    })
  }
}
