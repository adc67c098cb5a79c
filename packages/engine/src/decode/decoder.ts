import type { Gpu } from '../device/gpu.ts'
import type { ModelConfig } from '../formats/checkpoint.ts'
import { partWords } from '../kernels/attention/attention.ts'
import type { ActiveLora } from '../lora/adapter-set.ts'
import { attentionShape, type LayerContext, layerSteps } from './decoder-steps.ts'
import { KeyValueCache, mostPositions } from './key-value-cache.ts'
import type { ModelWeights } from './model-weights.ts'
import type { Route } from './route.ts'
import type { Step } from './step.ts'
import { StepBuilder } from './step-builder.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** Where the sampler keeps the token to be fed next and its position. */
export interface TokenState {
  readonly buffer: GPUBuffer
  /** Word of the token id; word 0 is the position. */
  readonly tokenAt: number
}

/** The static plan of a model: all buffers, and the dispatches of a decode step and of a prefill batch, bound once. */
export class Decoder {
  readonly gpu: Gpu
  readonly config: ModelConfig
  #weights: ModelWeights
  readonly route: Route
  readonly builder: StepBuilder
  readonly cache: KeyValueCache
  /** What was asked for, or the most that this device can hold. */
  readonly contextLength: number
  readonly one: Workspace
  readonly many: Workspace
  readonly #keyValueType: 'f16' | 'f32'
  #decode: readonly Step[] = []
  #prefill: readonly (readonly Step[])[] = []
  #adapters: readonly ActiveLora[] = []

  constructor(
    gpu: Gpu,
    config: ModelConfig,
    weights: ModelWeights,
    route: Route,
    state: TokenState,
    options: { readonly keyValueType: 'f16' | 'f32'; readonly contextLength: number },
  ) {
    this.gpu = gpu
    this.config = config
    this.#weights = weights
    this.route = route
    this.builder = new StepBuilder(gpu)
    this.#keyValueType = options.keyValueType
    const { keyValueType } = options
    const parts = (positions: number): number =>
      partWords(attentionShape({ config, route, keyValueType, mode: 'decode' }), positions)
    this.contextLength = Math.min(options.contextLength, mostPositions(gpu.device, config, keyValueType, parts))
    this.cache = new KeyValueCache(gpu, config, keyValueType, this.contextLength, parts)
    this.one = createWorkspace(gpu, config, 1, { batch: state.buffer, ids: state.buffer, idsAt: state.tokenAt })
    this.many = createWorkspace(gpu, config, route.batchTokens, {
      batch: gpu.storage('state', 'batch', 4),
      ids: gpu.storage('state', 'ids', route.batchTokens),
      idsAt: 0,
    })
  }

  /** Embedding of the token in the state, then every layer. */
  get decodeSteps(): readonly Step[] {
    return this.#decode
  }

  /** The same for a batch of tokens in `many.ids`, one list of steps a layer. */
  get prefillLayers(): readonly (readonly Step[])[] {
    return this.#prefill
  }

  get weights(): ModelWeights {
    return this.#weights
  }

  /** Takes the final weights, rebinding the plan where their formats are not those it was made for. */
  async use(weights: ModelWeights): Promise<void> {
    const changed = formats(weights) !== formats(this.#weights)
    this.#weights = weights
    if (changed && this.cache.capacity > 0) await this.#bind()
  }

  /** From now on the products of these adapters are added: rebinds the plan. */
  async adapt(adapters: readonly ActiveLora[]): Promise<void> {
    const before = this.#adapters
    this.#adapters = adapters
    try {
      if (this.cache.capacity > 0) await this.#bind()
    } catch (error) {
      this.#adapters = before
      throw error
    }
  }

  /** Makes room for `positions`; rebinds the plan when buffers had to move. */
  async reserve(positions: number): Promise<void> {
    if (await this.cache.reserve(positions)) await this.#bind()
  }

  async #bind(): Promise<void> {
    const [decode, prefill] = await Promise.all([this.#layers('decode', this.one), this.#layers('prefill', this.many)])
    this.#decode = decode.flat()
    this.#prefill = prefill
  }

  async #layers(mode: 'decode' | 'prefill', workspace: Workspace): Promise<Step[][]> {
    const { builder, config, route, cache, weights } = this
    const context: LayerContext = {
      ...{ builder, config, route, workspace, cache, mode },
      keyValueType: this.#keyValueType,
      adapters: this.#adapters,
    }
    const { ids, idsAt, x, strides } = workspace
    const layers = weights.layers.map((layer, index) => {
      const layerCache = cache.layers[index]
      if (!layerCache) throw new Error(`layer ${index} has no cache`)
      return layerSteps(context, index, layer, layerCache)
    })
    return Promise.all([builder.embed(weights.embedding, ids, idsAt, x, strides.hidden), ...layers])
  }
}

/** What a plan depends on besides the buffers themselves. */
function formats({ embedding, head, layers }: ModelWeights): string {
  const ofLayers = layers.flatMap(({ queryKeyValue, output, gateUp, down }) => [queryKeyValue, output, gateUp, down])
  const matrices = [embedding, head, ...ofLayers]
  const sections = matrices.flatMap(({ parts }) => parts.flatMap((part) => part.sections))
  return sections.map(({ kind, scaleShift }) => `${kind.bits} ${kind.scale} ${scaleShift}`).join()
}
