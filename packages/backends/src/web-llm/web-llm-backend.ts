import { MLCEngine, type ModelRecord } from '@mlc-ai/web-llm'
import type { Backend, BackendLoadOptions, BackendModel, ModelSource } from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import { cachedJson } from './cached-json.ts'
import { captureDevice } from './capture-device.ts'
import { findRecord } from './catalogue.ts'
import { explainLoadFailure } from './explain-load-failure.ts'
import { LoadReporter } from './load-reporter.ts'
import { requireAdapter } from './require-adapter.ts'
import { requireCached } from './require-cached.ts'
import { WebLlmModel } from './web-llm-model.ts'

/** What web-llm's catalogue gives every model, in tokens. */
const DEFAULT_CONTEXT_LENGTH = 4096

/** Models compiled for MLC's web-llm, by `mlc:<id>` of its catalogue or by the addresses of a library and weights. */
export const webLlmBackend: Backend = { name: 'web-llm', load }

async function load(source: ModelSource, options: BackendLoadOptions): Promise<BackendModel> {
  const { signal } = options
  signal.throwIfAborted()
  const record = recordOf(source)
  refuseOptions(options)
  const adapter = await requireAdapter(record)
  signal.throwIfAborted()
  if (!options.direct) await requireCached(record, signal)

  const reporter = new LoadReporter(record, options.onProgress)
  const engine = new MLCEngine({
    appConfig: { model_list: [record] },
    initProgressCallback: (report) => reporter.report(report),
    logLevel: 'SILENT',
  })
  // `unload` is what stops web-llm's downloads; `reload` then resolves as if nothing were amiss.
  const abort = (): void => void engine.unload().catch(() => {})
  signal.addEventListener('abort', abort, { once: true })
  try {
    const chatOptions = options.contextLength === undefined ? {} : { context_window_size: options.contextLength }
    const device = await captureDevice(() => engine.reload(record.model_id, chatOptions))
    signal.throwIfAborted()
    const contextLength = options.contextLength ?? (await contextLengthOf(record))
    return new WebLlmModel(engine, record, adapter, device, await reporter.bytes, contextLength)
  } catch (error) {
    signal.throwIfAborted()
    throw await explainLoadFailure(error, record, signal)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The catalogue's own setting, else the model's. */
async function contextLengthOf(record: ModelRecord): Promise<number> {
  const own = record.overrides?.context_window_size
  if (own !== undefined) return own
  const config = await cachedJson(record, 'webllm/config', 'mlc-chat-config.json')
  const lengths = [config?.['context_window_size'], config?.['sliding_window_size']]
  return lengths.find((length): length is number => typeof length === 'number' && length > 0) ?? DEFAULT_CONTEXT_LENGTH
}

function recordOf(source: ModelSource): ModelRecord {
  if (source.kind !== 'mlc')
    throw new BackendError('option-invalid', "web-llm loads models in MLC's format only: name one by mlc:<id>.")
  const { model } = source
  return model ? { model: model.model, model_id: model.id, model_lib: model.modelLib } : findRecord(source.id)
}

function refuseOptions(options: BackendLoadOptions): void {
  for (const option of ['bits', 'embeddingBits'] as const)
    if (options[option] !== undefined)
      throw new BackendError(
        'option-invalid',
        `The bits of a model in MLC's format are fixed when it is compiled: leave ${option} out and choose another id.`,
        { option },
      )
}
