import type { BackendProgress } from '../backend.ts'
import { describeSource } from '../sources/describe-source.ts'
import { spawnWorker } from '../worker/spawn-worker.ts'
import { WorkerClient } from '../worker/worker-client.ts'
import { checkLoadOptions } from './check-load-options.ts'
import { chooseBackend } from './choose-backend.ts'
import type { LoadOptions, LoadSource } from './load-types.ts'
import { Model } from './model.ts'
import { ProgressMeter } from './progress-meter.ts'

/**
 * Loads a model into a Worker of its own. Weights are read in ranges; with WebGPU they go straight to the GPU.
 * @throws SampanError with the codes of `SampanErrorCode`; the signal's reason when aborted; what `onProgress` throws, which
 * ends the load.
 */
export async function load(source: LoadSource, options: LoadOptions = {}): Promise<Model> {
  const plain = checkLoadOptions(options)
  const { signal, onProgress, onLost } = options
  signal?.throwIfAborted()
  const described = await describeSource(source, plain.hub)
  const backend = await chooseBackend(described, options.backend ?? 'auto')
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
