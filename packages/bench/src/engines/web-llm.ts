import {
  type AppConfig,
  CreateWebWorkerMLCEngine,
  type ModelRecord,
  prebuiltAppConfig,
  type WebWorkerMLCEngine,
} from '@mlc-ai/web-llm'
import { BenchError } from '../errors.ts'
import type {
  BenchEngine,
  BenchModel,
  EngineIdentity,
  ModelToRun,
  OpenOptions,
  RunRequest,
  RunSample,
} from './bench-engine.ts'
import { LoadPhases } from './load-phases.ts'
import { nextTokensByRuns } from './next-tokens.ts'
import { pageAdapter } from './page-adapter.ts'

const WEB_LLM_VERSION = '0.2.86'

/** What a source of it begins with. */
const SCHEME = 'mlc:'

/**
 * `@mlc-ai/web-llm` in a Worker, as its users have it. Token ids go in and come out one step at a time, by `forwardTokensAndSample`; a
 * prompt that begins with all that was run before is gone on with, any other starts anew.
 */
export function webLlmEngine(): BenchEngine {
  return { name: 'web-llm', open: openWebLlm }
}

async function openWebLlm(
  { source, contextLength }: ModelToRun,
  { onProgress, signal }: OpenOptions,
): Promise<BenchModel> {
  if (!source.startsWith(SCHEME))
    throw new BenchError(
      'not-available',
      `web-llm runs models in MLC's format, as ${SCHEME}<id of its catalogue>; ${source} is none.`,
    )
  const record = recordOf(source.slice(SCHEME.length))
  const id = record.model_id
  const adapter = await pageAdapter()
  if (!adapter) throw new BenchError('not-available', 'There is no WebGPU adapter here.')
  const phases = new LoadPhases()
  phases.see('load')
  const appConfig: AppConfig = { ...prebuiltAppConfig, model_list: [record] }
  const worker = new Worker(new URL('./web-llm-worker.ts', import.meta.url), { type: 'module' })
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'The Worker did not start.')))
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  try {
    const creating = CreateWebWorkerMLCEngine(
      worker,
      id,
      { appConfig, initProgressCallback: ({ progress }) => onProgress(progress), logLevel: 'SILENT' },
      { context_window_size: contextLength, temperature: 0 },
    )
    const engine = await Promise.race([creating, failed])
    const { quantization } = /-(?<quantization>q\d+f\d+(?:_\d+)?)-/.exec(id)?.groups ?? {}
    const identity: EngineIdentity = {
      ...{ version: WEB_LLM_VERSION, device: 'gpu', adapter },
      model: { ...(quantization !== undefined && { quantization }), ...(await vocabularyOf(record.model)) },
      load: phases.end(),
    }
    return new WebLlmBenchModel(engine, worker, identity)
  } catch (error) {
    worker.terminate()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`web-llm could not load ${id} (library ${record.model_lib}): ${reason}`)
  }
}

/**
 * @param named an id of the catalogue, or `id,model,library` with the addresses of a model's folder and of its library
 * @throws BenchError `not-available`
 */
function recordOf(named: string): ModelRecord {
  const [id = '', model, library] = named.split(',')
  if (model !== undefined && library !== undefined) return { model_id: id, model, model_lib: library }
  const record = prebuiltAppConfig.model_list.find(({ model_id }) => model_id === id)
  if (record) return record
  throw new BenchError('not-available', `web-llm ${WEB_LLM_VERSION} has no ${id} in its catalogue.`)
}

/** Of the model's own configuration. */
async function vocabularyOf(model: string): Promise<{ vocabularySize?: number }> {
  const folder = model.endsWith('/') ? model : `${model}/`
  const response = await fetch(new URL('resolve/main/mlc-chat-config.json', folder))
  const config: unknown = response.ok ? await response.json() : undefined
  const size = typeof config === 'object' && config !== null && 'vocab_size' in config ? config.vocab_size : undefined
  return typeof size === 'number' ? { vocabularySize: size } : {}
}

class WebLlmBenchModel implements BenchModel {
  readonly cannot = {}
  readonly identity: EngineIdentity
  readonly #engine: WebWorkerMLCEngine
  readonly #worker: Worker
  /** What its cache holds. */
  #cached: number[] = []

  constructor(engine: WebWorkerMLCEngine, worker: Worker, identity: EngineIdentity) {
    this.#engine = engine
    this.#worker = worker
    this.identity = identity
  }

  async run({ prompt, generate, reuse, signal }: RunRequest): Promise<RunSample> {
    const begun = performance.now()
    const isContinued =
      reuse && this.#cached.length < prompt.length && this.#cached.every((token, index) => token === prompt[index])
    if (!isContinued) {
      await this.#engine.resetChat()
      this.#cached = []
    }
    const reused = this.#cached.length
    const tokenTimes: number[] = []
    const tokens: number[] = []
    let input = prompt.slice(reused)
    for (let count = 0; count < generate; count++) {
      signal.throwIfAborted()
      const token = await this.#engine.forwardTokensAndSample([...input], count === 0)
      tokenTimes.push(performance.now() - begun)
      tokens.push(token)
      this.#cached.push(...input)
      input = [token]
    }
    return { tokenTimes, tokens, reused, promptTokens: prompt.length }
  }

  nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    return nextTokensByRuns((request) => this.run(request), tokens, from, signal)
  }

  async counters(): Promise<undefined> {}

  async memory(): Promise<undefined> {}

  async close(): Promise<void> {
    this.#worker.terminate()
  }
}
