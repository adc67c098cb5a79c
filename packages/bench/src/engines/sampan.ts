import { type LoadOptions, type LoadProgress, load, type Model, type ModelInfo } from '@sampan/core'
import type {
  BenchEngine,
  BenchModel,
  EngineIdentity,
  ModelToRun,
  OpenOptions,
  RunRequest,
  RunSample,
} from './bench-engine.ts'
import { type CompletionsEndpoint, runCompletion } from './completions.ts'
import { LoadPhases } from './load-phases.ts'
import { bitsPerWeight, parametersOf } from './model-parameters.ts'
import { nextTokensByRuns } from './next-tokens.ts'
import { requireContext } from './require-context.ts'

/** What a model answers for any base URL. */
const BASE_URL = 'https://sampan.invalid/v1'

export interface SampanOptions {
  /** What `load` is given beside what the cell needs. */
  readonly load?: Pick<LoadOptions, 'download' | 'cache' | 'token' | 'hub' | 'fetch' | 'headers' | 'embeddingBits'>
  readonly version: string
  readonly commit?: string
}

/**
 * `@sampan/core` as a page has it: loaded by `load`, asked through `model.fetch`, in its own Worker. `wllama` is the same with the CPU
 * behind it.
 */
export function sampanEngine(options: SampanOptions): BenchEngine {
  return {
    name: 'sampan',
    open: (model, { onProgress, signal }) => openSampan(options, model, { onProgress, signal }),
  }
}

async function openSampan(
  options: SampanOptions,
  { source, bits, contextLength }: ModelToRun,
  { onProgress, signal }: OpenOptions,
): Promise<BenchModel> {
  const phases = new LoadPhases()
  const model = await load(source, {
    ...options.load,
    ...{ backend: 'sampan', contextLength, signal, fallback: [] },
    ...(bits && { bits }),
    onProgress: (progress: LoadProgress) => {
      phases.see(progress.phase)
      onProgress(progress.fraction)
    },
  })
  try {
    requireContext(model.info.contextLength, contextLength)
  } catch (error) {
    await model.dispose()
    throw error
  }
  return new SampanBenchModel(model, identityOf(model.info, options, phases))
}

function identityOf(info: ModelInfo, { version, commit }: SampanOptions, phases: LoadPhases): EngineIdentity {
  const { adapter, architecture, hash, shape, tokenBytes } = info
  return {
    version,
    ...(commit !== undefined && { commit }),
    device: adapter ? 'gpu' : 'cpu',
    ...(adapter && { adapter }),
    model: {
      ...(architecture !== undefined && { architecture }),
      ...(hash !== undefined && { hash }),
      ...(shape && { vocabularySize: shape.vocabulary, ...parametersOf(shape) }),
      ...(tokenBytes && { weightBytes: tokenBytes.weights, keyValueBytesPerToken: tokenBytes.keyValue }),
      ...(tokenBytes && shape && { bitsPerWeight: bitsPerWeight(tokenBytes.weights, shape, parametersOf(shape)) }),
    },
    load: phases.end(),
  }
}

class SampanBenchModel implements BenchModel {
  readonly cannot = {}
  readonly identity: EngineIdentity
  readonly #model: Model
  readonly #endpoint: CompletionsEndpoint

  constructor(model: Model, identity: EngineIdentity) {
    this.#model = model
    this.identity = identity
    this.#endpoint = {
      fetch: model.fetch,
      baseUrl: BASE_URL,
      model: 'any',
      cacheFields: (reuse) => ({ cache_prompt: reuse }),
    }
  }

  run(request: RunRequest): Promise<RunSample> {
    return runCompletion(this.#endpoint, request)
  }

  nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    return nextTokensByRuns((request) => this.run(request), tokens, from, signal)
  }

  counters(): ReturnType<BenchModel['counters']> {
    return this.#model.counters()
  }

  async memory(): ReturnType<BenchModel['memory']> {
    const ledger = await this.#model.ledger()
    if (!ledger) return undefined
    const { weights, keyValue, activations, state, staging, total } = ledger
    return { weights, keyValue, scratch: activations + state + staging, total }
  }

  close(): Promise<void> {
    return this.#model.dispose()
  }
}
