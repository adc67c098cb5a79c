import { bufferUsage } from '../device/buffer-usage.ts'
import type { ScoreOptions } from '../engine-types.ts'
import { tokenBlock } from '../kernels/matmul/matmul.ts'
import type { Decoder } from './decoder.ts'
import { headSteps } from './head-steps.ts'
import type { Prefill } from './prefill.ts'
import { encodeSteps, type Step } from './step.ts'
import type { SubmitPacer } from './submit-pacer.ts'

/** Logits rows computed and read back at a time, in bytes of logits. */
const rowsBytes = 16 * 1024 * 1024

/** Logits of many positions: the output head over batches of residual rows. Its buffers live for one `score`. */
export class Scorer {
  readonly #decoder: Decoder
  readonly #pacer: SubmitPacer
  readonly #rows: number
  readonly #block: number
  readonly #x: GPUBuffer
  readonly #logits: GPUBuffer
  readonly #readback: GPUBuffer
  readonly #buffers: readonly GPUBuffer[]
  readonly #steps: Promise<Step[]>

  constructor(decoder: Decoder, pacer: SubmitPacer) {
    const { gpu, config, one, route } = decoder
    const block = tokenBlock(route.matmul)
    const fitting = Math.floor(
      Math.min(rowsBytes, gpu.device.limits.maxStorageBufferBindingSize) / (4 * config.vocabularySize),
    )
    this.#decoder = decoder
    this.#pacer = pacer
    this.#block = block
    this.#rows = Math.max(block, Math.floor(Math.min(fitting, decoder.many.tokens) / block) * block)
    const rowWords = this.#rows * config.vocabularySize
    this.#x = gpu.storage('activations', 'score x', this.#rows * one.strides.hidden)
    const normed = gpu.storage('activations', 'score normed', this.#rows * one.strides.hidden)
    this.#logits = gpu.storage('activations', 'score logits', rowWords)
    const usage = bufferUsage.mapRead | bufferUsage.copyDestination
    this.#readback = gpu.createBuffer('staging', { label: 'score readback', size: 4 * rowWords, usage })
    this.#buffers = [this.#x, normed, this.#logits, this.#readback]
    this.#steps = headSteps(decoder, 'score', this.#x, normed, this.#logits)
  }

  /**
   * Scores every position of `tokens` from `from` on, running the layers over what is after `start`, which must not pass `from`.
   */
  async run(
    prefill: Prefill,
    tokens: readonly number[],
    start: number,
    { from, onLogits, onPrefill, signal }: ScoreOptions,
  ): Promise<void> {
    const steps = await this.#steps
    await prefill.run(tokens, start, {
      signal,
      onBatch: async (first, count) => {
        for (let row = Math.max(0, from - first), rows = 0; row < count; row += rows) {
          const fitting = this.#pacer.fittingTokens([steps], {
            most: this.#rows,
            block: this.#block,
            first: first + row,
          })
          rows = Math.min(fitting, count - row)
          await this.#score(steps, first, row, rows, onLogits)
          signal?.throwIfAborted()
        }
        onPrefill?.(first + count, tokens.length)
      },
    })
  }

  async #score(
    steps: readonly Step[],
    first: number,
    row: number,
    rows: number,
    onLogits: (position: number, logits: Float32Array) => void,
  ): Promise<void> {
    const { gpu, many, config } = this.#decoder
    const rowBytes = 4 * many.strides.hidden
    const encoder = gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(many.x, row * rowBytes, this.#x, 0, rows * rowBytes)
    const dispatches = encodeSteps(encoder, [steps], rows, first + row + rows)
    const bytes = 4 * rows * config.vocabularySize
    encoder.copyBufferToBuffer(this.#logits, 0, this.#readback, 0, bytes)
    gpu.submit(encoder, dispatches)
    this.#pacer.follow({ charges: this.#pacer.charges(steps, rows, first + row + rows) }, gpu.idle())
    await gpu.read(this.#readback, bytes, (mapped) => {
      const values = new Float32Array(mapped)
      for (let i = 0; i < rows; i += 1) {
        const at = i * config.vocabularySize
        onLogits(first + row + i, values.subarray(at, at + config.vocabularySize))
      }
    })
  }

  dispose(): void {
    for (const buffer of this.#buffers) this.#decoder.gpu.ledger.release(buffer)
  }
}
