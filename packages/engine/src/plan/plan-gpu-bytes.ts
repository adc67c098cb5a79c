import { DecodePace } from '../decode/decode-pace.ts'
import { attentionShape } from '../decode/decoder-steps.ts'
import { capacityFor, keyValueRowBytes, mostPositions } from '../decode/key-value-cache.ts'
import { prefixCacheBytes } from '../decode/prefix-cache.ts'
import { chooseRoute, type Route } from '../decode/route.ts'
import { weightSpecs } from '../decode/weight-specs.ts'
import { stridesOf, workspaceWidths } from '../decode/workspace.ts'
import { checkBufferSize, largestBinding, storageBytes } from '../device/buffer-size.ts'
import type { BufferClass } from '../device/ledger.ts'
import { EngineError } from '../errors.ts'
import type { Checkpoint, ModelConfig } from '../formats/checkpoint.ts'
import { partWords } from '../kernels/attention/attention.ts'
import { parameterWords } from '../kernels/sample/parameters.ts'
import { checkVocabulary, samplerState, scratchWords } from '../kernels/sample/sample.ts'
import { checkBytes, checkContext, firstPositions } from '../load-options.ts'
import { describeModel } from '../models/registry.ts'
import { checkBits, checkOneOf } from '../weights/check-bits.ts'
import { type MatrixPlan, type MatrixSpec, planMatrix } from '../weights/matrix-plan.ts'
import { vectorShape } from '../weights/tensor-shape.ts'
import { adapterBytes } from './adapter-bytes.ts'
import type { GpuPlan, GpuPlanOptions, GpuProblem, GpuTraits } from './plan-types.ts'
import { uniformBytes } from './uniform-bytes.ts'

/**
 * What a model takes on a device, and whether it fits that device's limits, with neither device nor weights at hand: the sums of
 * `loadEngine`'s own arithmetic. Of the weights' values nothing is known, but they change no size.
 * @throws EngineError as `describeModel`; `option-invalid`; `adapter-mismatch`; `tensor-shape-mismatch`, `format-unsupported`
 */
export function planGpuBytes(checkpoint: Checkpoint, options: GpuPlanOptions, traits: GpuTraits): GpuPlan {
  checkBits(options)
  checkOneOf('keyValueType', options.keyValueType, ['f16', 'f32'])
  checkBytes(options.prefixCacheBytes)
  const model = describeModel(checkpoint)
  const { config } = model
  const features = new Set(traits.features)
  const route = chooseRoute({
    adapter: traits,
    subgroups: features.has('subgroups'),
    halfFloats: features.has('shader-f16'),
  })
  const plan = new GpuSums(largestBinding(traits.limits))
  plan.attempt(() => checkVocabulary(config.vocabularySize))
  const { matrices, vectors } = weightSpecs(checkpoint, model, options)
  const plans = new Map([...matrices].map(([label, spec]) => [label, plan.matrix(label, spec)] as const))
  for (const [label, tensors] of vectors)
    plan.storage(
      'weights',
      label,
      tensors.reduce((sum, tensor) => sum + vectorShape(tensor).rows, 0),
    )
  addPlan(plan, config, route)
  for (const adapter of options.outlines ?? []) {
    const { weights, activations, state, largestBuffer } = adapterBytes(adapter, model, route)
    plan.attempt(() => checkBufferSize(adapter.name, largestBuffer, largestBinding(traits.limits)))
    plan.add('weights', weights)
    plan.add('activations', activations)
    plan.add('state', state)
  }
  plan.add('state', uniformBytes(plans, route))

  const type = options.keyValueType ?? route.keyValueType
  const parts = (positions: number): number =>
    partWords(attentionShape({ config, route, keyValueType: type, mode: 'decode' }), positions)
  const asked = checkContext(options.contextLength, config.contextLength)
  const contextLength = Math.min(asked, mostPositions(traits, config, type, parts))
  const tokenBytes = 2 * config.layerCount * keyValueRowBytes(config, type)
  const cacheOf = (sums: GpuSums, positions: number): GpuSums => {
    const capacity = capacityFor(positions, 0, contextLength)
    sums.storage('keyValue', 'rope table', capacity * config.headSize)
    sums.storage('keyValue', 'attention parts', parts(capacity))
    const words = Math.ceil((capacity * keyValueRowBytes(config, type)) / 4)
    sums.storage('keyValue', 'keys', words, 2 * config.layerCount)
    return sums
  }
  const full = cacheOf(plan.copy(), contextLength)
  const first = cacheOf(plan, Math.min(firstPositions, contextLength))
  return {
    afterLoad: first.snapshot(),
    atFullContext: full.snapshot().total + prefixCacheBytes(options.prefixCacheBytes, contextLength * tokenBytes),
    largestBuffer: full.largest,
    contextLength,
    problems: full.problems,
  }
}

/** What `Decoder`, `Sampler` and the engine have besides weights, cache and uniforms. */
function addPlan(plan: GpuSums, config: ModelConfig, { batchTokens }: Route): void {
  plan.storage('activations', 'logits', config.vocabularySize)
  for (const tokens of [1, batchTokens])
    for (const [name, width] of Object.entries(workspaceWidths(stridesOf(config))))
      plan.storage('activations', name, tokens * width)
  plan.storage('state', 'sampler state', samplerState.words)
  plan.add('state', 4 * parameterWords)
  plan.storage('state', 'sampler scratch', scratchWords)
  plan.storage('state', 'batch', 4)
  plan.storage('state', 'ids', batchTokens)
  plan.add('staging', (DecodePace.mostDepth + 1) * storageBytes(samplerState.words))
}

class GpuSums {
  readonly problems: GpuProblem[] = []
  largest = 0
  readonly #limit: number
  readonly #bytes: Record<BufferClass, number>

  constructor(
    limit: number,
    bytes: Record<BufferClass, number> = { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0 },
  ) {
    this.#limit = limit
    this.#bytes = bytes
  }

  copy(): GpuSums {
    const copy = new GpuSums(this.#limit, { ...this.#bytes })
    copy.largest = this.largest
    copy.problems.push(...this.problems)
    return copy
  }

  add(kind: BufferClass, bytes: number): void {
    this.#bytes[kind] += bytes
  }

  storage(kind: BufferClass, label: string, words: number, count = 1): void {
    const bytes = storageBytes(words)
    this.attempt(() => checkBufferSize(label, bytes, this.#limit))
    this.largest = Math.max(this.largest, bytes)
    this.add(kind, count * bytes)
  }

  /** One that does not fit is counted whole. */
  matrix(label: string, spec: MatrixSpec): MatrixPlan {
    const fitting = this.attempt(() => planMatrix(label, spec, this.#limit))
    const plan = fitting ?? planMatrix(label, spec, Number.POSITIVE_INFINITY)
    for (const { words } of plan.parts) {
      this.largest = Math.max(this.largest, storageBytes(words))
      this.add('weights', storageBytes(words))
    }
    return plan
  }

  /** Limits of the device are noted, not thrown. */
  attempt<T>(action: () => T): T | undefined {
    try {
      return action()
    } catch (error) {
      if (!EngineError.isInstance(error) || error.code !== 'device-limit-exceeded') throw error
      const { code, message, details } = error
      this.problems.push({ code, message, details })
      return undefined
    }
  }

  snapshot(): GpuPlan['afterLoad'] {
    return { ...this.#bytes, total: Object.values(this.#bytes).reduce((sum, bytes) => sum + bytes, 0) }
  }
}
