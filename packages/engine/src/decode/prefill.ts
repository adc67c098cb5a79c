import { tokenBlock } from '../kernels/matmul/matmul.ts'
import type { Decoder } from './decoder.ts'
import { encodeSteps } from './step.ts'
import { SubmitPacer } from './submit-pacer.ts'

/** Positions up to which batches are full. */
const fullBatchPositions = 8192

export interface PrefillHooks {
  /** After each batch, which covered `[start, start + count)`; its residual rows are in `decoder.many.x`. */
  readonly onBatch?: (start: number, count: number) => Promise<void> | void
  readonly signal?: AbortSignal | undefined
}

/** Runs tokens through the decoder many at a time, filling the cache. */
export class Prefill {
  readonly #decoder: Decoder
  readonly #pacer: SubmitPacer

  constructor(decoder: Decoder) {
    this.#decoder = decoder
    this.#pacer = new SubmitPacer(decoder.gpu, decoder.config.layerCount + 1)
  }

  /** Feeds `tokens[start …]` at their positions. Everything before `start` is in the cache already. */
  async run(tokens: readonly number[], start: number, { onBatch, signal }: PrefillHooks): Promise<void> {
    const { gpu, many } = this.#decoder
    for (let first = start, count = 0; first < tokens.length; first += count) {
      count = Math.min(this.#batchTokens(first), tokens.length - first)
      await this.#decoder.reserve(first + count)
      gpu.write(many.ids, 0, new Uint32Array(tokens.slice(first, first + count)))
      gpu.write(many.batch, 0, new Uint32Array([first, count]))
      await this.#batch(first, count, signal)
      await onBatch?.(first, count)
    }
  }

  /** Fewer tokens a batch far into the context, where attention is most of the work and a layer cannot be divided. */
  #batchTokens(first: number): number {
    const { many, route } = this.#decoder
    const block = tokenBlock(route.matmul)
    const fitting = Math.floor((many.tokens * fullBatchPositions) / (first + many.tokens) / block) * block
    return Math.max(block, Math.min(many.tokens, fitting))
  }

  async #batch(first: number, count: number, signal: AbortSignal | undefined): Promise<void> {
    const { gpu, prefillLayers } = this.#decoder
    for (let layer = 0; layer < prefillLayers.length; ) {
      const units = this.#pacer.units
      const steps = prefillLayers.slice(layer, layer + units)
      const encoder = gpu.device.createCommandEncoder()
      gpu.submit(encoder, encodeSteps(encoder, steps, count, first + count))
      layer += steps.length
      await this.#pacer.submitted(steps.length, signal)
    }
  }
}
