import type { BackendProgress, ModelInfo, ModelSource } from '../backend.ts'
import type { SampanError } from '../errors.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import { type DeviceBackend, spawnWorker } from '../worker/spawn-worker.ts'
import { WorkerClient } from '../worker/worker-client.ts'
import { workerFailed } from '../worker/worker-failure.ts'
import type { LoadProgress } from './load-types.ts'
import { ProgressMeter } from './progress-meter.ts'

/** What a Worker is started with. */
export interface WorkerPlan {
  readonly backend: DeviceBackend
  readonly source: ModelSource
  readonly options: WorkerLoadOptions
}

export interface StartEvents {
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Called from when the model is loaded. */
  readonly onLost: (error: SampanError) => void
  readonly onRecovering: (error: SampanError) => void
  readonly onRecovered: (info: ModelInfo) => void
}

export interface StartedWorker {
  readonly client: WorkerClient
  readonly info: ModelInfo
}

/**
 * Starts a Worker and loads the model in it. Nothing is left of it after a failure.
 * @throws what `load` throws
 */
export async function startWorker(
  { backend, source, options }: WorkerPlan,
  { onProgress, signal, onLost, onRecovering, onRecovered }: StartEvents,
): Promise<StartedWorker> {
  signal?.throwIfAborted()
  const client = new WorkerClient(spawn(backend))
  // Ending the Worker is what stops every fetch and frees the GPU, whatever a backend is doing.
  const abort = (): boolean => client.terminate(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const meter = new ProgressMeter()
  let loaded = false
  const report = (progress: BackendProgress): void => {
    try {
      if (!loaded) onProgress?.(meter.update(progress))
    } catch (error) {
      // Nobody else would hear of it: it came by a message.
      client.terminate(error)
    }
  }
  try {
    const info = await client.load(source, options, {
      onProgress: report,
      onLost: (error) => {
        if (loaded) onLost(error)
      },
      onRecovering,
      onRecovered,
    })
    onProgress?.(meter.finish())
    loaded = true
    return { client, info }
  } catch (error) {
    client.terminate(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** A script of another origin is refused at once, by what the browser throws. */
function spawn(backend: DeviceBackend): Worker {
  try {
    return spawnWorker(backend)
  } catch (error) {
    throw workerFailed('blocked', error instanceof Error ? error.message : String(error))
  }
}
