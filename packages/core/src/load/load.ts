import type { BackendProgress, ModelInfo, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { describeSource } from '../sources/describe-source.ts'
import { spawnWorker } from '../worker/spawn-worker.ts'
import { WorkerClient } from '../worker/worker-client.ts'
import { checkLoadOptions } from './check-load-options.ts'
import type { LoadOptions, LoadSource } from './load-types.ts'
import { Model } from './model.ts'
import { ProgressMeter } from './progress-meter.ts'

/**
 * Loads a model into a Worker of its own. Weights are read in ranges and go straight to the GPU.
 * @throws SampanError with the codes of `SampanErrorCode`; the signal's reason when aborted; what `onProgress` throws, which
 * ends the load.
 */
export async function load(source: LoadSource, options: LoadOptions = {}): Promise<Model> {
  const plain = checkLoadOptions(options)
  const { signal, onProgress, onLost } = options
  signal?.throwIfAborted()
  const described = await describeSource(source, plain.hub)
  const backend = chooseBackend(described, options.backend ?? 'auto')
  signal?.throwIfAborted()

  const client = new WorkerClient(spawnWorker(backend))
  // Ending the Worker is what stops every fetch and frees the GPU, whatever a backend is doing.
  const abort = (): boolean => client.terminate(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const meter = new ProgressMeter()
  let loaded = false
  const report = (progress: BackendProgress): void => {
    try {
      onProgress?.(meter.update(progress))
    } catch (error) {
      // Nobody else would hear of it: it came by a message.
      client.terminate(error)
    }
  }
  try {
    const info = await client.load(described, plain, {
      onProgress: report,
      onLost: (error) => {
        if (loaded) onLost?.(error)
      },
    })
    onProgress?.(meter.finish())
    loaded = true
    return new Model(client, info)
  } catch (error) {
    client.terminate(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function chooseBackend(source: ModelSource, wish: NonNullable<LoadOptions['backend']>): ModelInfo['backend'] {
  const fitting = source.kind === 'mlc' ? 'web-llm' : 'sampan'
  if (wish === 'auto' || wish === fitting) return fitting
  throw new SampanError(
    'option-invalid',
    wish === 'web-llm'
      ? 'The backend web-llm loads `mlc:<id>` or `{ mlc: { id, model, modelLib } }` only: name such a source, or leave `backend` out.'
      : "Sampan's own engine does not load models in MLC's format: name a GGUF or safetensors source, or leave `backend` out.",
    { option: 'backend' },
  )
}
