import type { Gpu } from '../device/gpu.ts'
import type { AdapterUse } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import type { LoraAdapter } from '../formats/lora/lora-adapter.ts'
import type { DecoderModel } from '../models/decoder.ts'
import { type LoraWeights, uploadLora } from './lora-weights.ts'

/** More are a mistake: each adds two dispatches to every group of every layer. */
const mostAdapters = 16
/** What is multiplied by more has no meaning left, and may overflow. */
const mostScale = 65536

/** An adapter that the plan of dispatches is made with. */
export interface ActiveLora {
  readonly weights: LoraWeights
  /** What its products are multiplied by, beside its own scale. */
  readonly strength: number
}

/** The adapters of an engine that are on the GPU, whether they are in use or not. */
export class AdapterSet {
  readonly #gpu: Gpu
  readonly #model: DecoderModel
  readonly #batchTokens: number
  readonly #loaded = new Map<LoraAdapter, LoraWeights>()
  /** Never given twice, and kept by adapters that come back: what was computed with one is known by it. */
  readonly #numbers = new WeakMap<LoraAdapter, number>()
  #count = 0

  constructor(gpu: Gpu, model: DecoderModel, batchTokens: number) {
    this.#gpu = gpu
    this.#model = model
    this.#batchTokens = batchTokens
  }

  async load(adapter: LoraAdapter, signal: AbortSignal): Promise<LoraWeights> {
    const known = this.#loaded.get(adapter)
    if (known) return known
    const weights = await uploadLora(this.#gpu, adapter, this.#model, this.#batchTokens, signal)
    this.#loaded.set(adapter, weights)
    return weights
  }

  /** Loads what is not loaded yet, and has it taken into use. What was loaded for nothing is unloaded. Adapters of strength 0 are left out. */
  async activate(
    list: readonly AdapterUse[],
    signal: AbortSignal,
    use: (active: readonly ActiveLora[]) => Promise<void>,
  ): Promise<void> {
    const before = new Set(this.#loaded.keys())
    const active: ActiveLora[] = []
    try {
      for (const { adapter, scale = 1 } of list) {
        const weights = await this.load(adapter, signal)
        if (scale !== 0) active.push({ weights, strength: scale })
      }
      await use(active)
    } catch (error) {
      for (const adapter of [...this.#loaded.keys()]) if (!before.has(adapter)) this.unload(adapter)
      throw error
    }
    for (const { weights, strength } of active) weights.constants.trim(strength)
  }

  /** Names what a sequence of adapters computes: empty for none. */
  key(list: readonly AdapterUse[]): string {
    return list
      .filter(({ scale }) => scale !== 0)
      .map(({ adapter, scale = 1 }) => `${this.#number(adapter)}×${scale}`)
      .join('+')
  }

  unload(adapter: LoraAdapter): void {
    const weights = this.#loaded.get(adapter)
    weights?.constants.free()
    for (const buffer of weights?.buffers ?? []) this.#gpu.ledger.release(buffer)
    this.#loaded.delete(adapter)
  }

  #number(adapter: LoraAdapter): number {
    const known = this.#numbers.get(adapter)
    if (known !== undefined) return known
    this.#count += 1
    this.#numbers.set(adapter, this.#count)
    return this.#count
  }
}

/** Plain JavaScript callers have no compiler. @throws EngineError `option-invalid` */
export function checkAdapterUses(list: readonly AdapterUse[]): void {
  if (!Array.isArray(list) || !list.every(isUse))
    throw new EngineError(
      'option-invalid',
      'Adapters are given as a list of { adapter, scale }, with what openLora gives.',
    )
  if (list.length > mostAdapters)
    throw new EngineError('option-invalid', `At most ${mostAdapters} adapters are used at once, not ${list.length}.`)
  const seen = new Set<LoraAdapter>()
  for (const { adapter, scale = 1 } of list) {
    if (typeof scale !== 'number' || !(Math.abs(scale) <= mostScale))
      throw new EngineError(
        'option-invalid',
        `The scale of ${adapter.name} must be a number between ±${mostScale}, not ${JSON.stringify(scale)}.`,
        { adapter: adapter.name },
      )
    if (seen.has(adapter))
      throw new EngineError('option-invalid', `The adapter ${adapter.name} is named twice: give it one scale.`, {
        adapter: adapter.name,
      })
    seen.add(adapter)
  }
}

function isUse(use: unknown): boolean {
  if (typeof use !== 'object' || use === null || !('adapter' in use)) return false
  const { adapter } = use
  return typeof adapter === 'object' && adapter !== null && 'targets' in adapter && adapter.targets instanceof Map
}
