import type { Gpu } from '../../device/gpu.ts'
import { specialise } from '../template.ts'
import adjust from './adjust.wgsl?raw'
import { editWords, type LogitEdits, writeEdits } from './logit-edits.ts'
import { copyMask, maskWords } from './logit-mask.ts'
import type { Sampler, SamplerStep } from './sample.ts'

/** As in adjust.wgsl. */
const tokensPerWorkgroup = 256

export interface Adjustment {
  /** Penalties and biases, as `writeEdits` left them. */
  readonly edits: boolean
  /** The mask, as `writeMask` left it. */
  readonly mask: boolean
}

/** Logits with penalties, biases and masks, in one dispatch a token. Its buffers and pipelines are made when first needed. */
export class LogitAdjuster {
  /** What the dispatches leave: f32 `[vocabulary]`. */
  readonly logits: GPUBuffer
  readonly #gpu: Gpu
  readonly #sampler: Sampler
  readonly #raw: GPUBuffer
  readonly #vocabulary: number
  #edits: GPUBuffer | undefined
  #mask: GPUBuffer | undefined
  readonly #steps = new Map<string, Promise<SamplerStep>>()

  /** `raw`: the model's logits, f32 `[vocabulary]`, which are only read. */
  constructor(gpu: Gpu, sampler: Sampler, raw: GPUBuffer, vocabulary: number) {
    this.#gpu = gpu
    this.#sampler = sampler
    this.#raw = raw
    this.#vocabulary = vocabulary
    this.logits = gpu.storage('activations', 'adjusted logits', vocabulary)
  }

  /**
   * For a generation that begins, or goes on after the `answered` last tokens of the prompt.
   * @throws EngineError `option-invalid` naming the option
   */
  writeEdits(edits: LogitEdits, prompt: readonly number[], answered = 0): void {
    this.#gpu.write(this.#editsBuffer(), 0, writeEdits(edits, prompt, this.#vocabulary, answered))
  }

  /**
   * For what is submitted from here on.
   * @throws EngineError `option-invalid` when it allows no token
   */
  writeMask(mask: Uint32Array): void {
    this.#gpu.write(this.#maskBuffer(), 0, copyMask(mask, this.#vocabulary))
  }

  /** The dispatch between the model's logits and sampling. */
  step(adjustment: Adjustment): Promise<SamplerStep> {
    const { edits, mask } = adjustment
    const key = `${edits} ${mask}`
    const known = this.#steps.get(key)
    if (known) return known
    const step = this.#bind(adjustment)
    this.#steps.set(key, step)
    return step
  }

  async #bind({ edits, mask }: Adjustment): Promise<SamplerStep> {
    const buffers = [this.#raw, this.#sampler.parameters, this.#sampler.state, this.logits]
    if (edits) buffers.push(this.#editsBuffer())
    if (mask) buffers.push(this.#maskBuffer())
    const pipeline = await this.#gpu.pipeline('sample-adjust', adjustCode({ edits, mask }))
    const bindGroup = this.#gpu.bindGroup(pipeline, buffers)
    return { pipeline, bindGroup, workgroups: [Math.ceil(this.#vocabulary / tokensPerWorkgroup), 1, 1] }
  }

  #editsBuffer(): GPUBuffer {
    this.#edits ??= this.#gpu.storage('state', 'logit edits', editWords(this.#vocabulary))
    return this.#edits
  }

  #maskBuffer(): GPUBuffer {
    this.#mask ??= this.#gpu.storage('state', 'logit mask', maskWords(this.#vocabulary))
    return this.#mask
  }

  dispose(): void {
    for (const buffer of [this.logits, this.#edits, this.#mask]) if (buffer) this.#gpu.ledger.release(buffer)
  }
}

export function adjustCode({ edits, mask }: Adjustment): string {
  return specialise(adjust, { EDITS: edits, MASK: mask, MASK_AT: edits ? 5 : 4 })
}
