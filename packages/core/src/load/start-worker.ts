import type { Acquired, AcquireProgress } from '../acquire/acquire-types.ts'
import type { DownloadRequest } from '../acquire/download-request.ts'
import type { BackendProgress, ModelInfo, ModelSource } from '../backend.ts'
import type { LoadingMark } from '../can-run/crash-mark.ts'
import { SampanError } from '../errors.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import { type DeviceBackend, spawnWorker } from '../worker/spawn-worker.ts'
import { WorkerClient, type WorkerEvents } from '../worker/worker-client.ts'
import type { LoadProgress } from './load-types.ts'
import { ProgressMeter } from './progress-meter.ts'
import { RiskyLoad } from './risky-load.ts'

/** What a Worker is started with. */
export interface WorkerPlan {
  readonly backend: DeviceBackend
  readonly source: ModelSource
  readonly options: WorkerLoadOptions
  /** A port behind which the page's own `fetch` and `headers` answer, where it has some; anew for each call. */
  readonly network: () => MessagePort | undefined
  /** Marks that something goes to the processor now, which might end the page. */
  readonly mark: () => Promise<LoadingMark>
  /** Bytes on the processor that are known to end no page. */
  readonly safeBytes: () => Promise<number>
  /** Asks whoever may allow that what is not kept is fetched once more. @throws as `load` where nobody does */
  readonly allow: (request: DownloadRequest) => Promise<void>
  /** Brings a model that is not on this device there, or says where to read it. */
  readonly acquire: (
    source: ModelSource,
    during: {
      readonly onProgress?: (progress: AcquireProgress) => void
      readonly signal?: AbortSignal | undefined
      /** What is there can no longer be read. */
      readonly damaged?: boolean
      /** What the Worker has found out. */
      readonly miss?: SampanError
    },
  ) => Promise<Acquired>
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
  { backend, source, options, network, acquire, allow, mark, safeBytes }: WorkerPlan,
  { onProgress, signal, onLost, onRecovering, onRecovered }: StartEvents,
): Promise<StartedWorker> {
  signal?.throwIfAborted()
  const client = new WorkerClient(spawnWorker(backend))
  const ended = new AbortController()
  const risk = new RiskyLoad(mark)
  // Ending the Worker is what stops every fetch and frees the GPU, whatever a backend is doing.
  const end = (error: unknown): void => {
    client.terminate(error)
    ended.abort(error)
  }
  const abort = (): void => end(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const meter = new ProgressMeter()
  let loaded = false
  const report = (progress: BackendProgress | AcquireProgress): void => {
    try {
      if (progress.phase === 'weights') risk.loaded(progress.loaded, progress.total)
      if (!loaded) onProgress?.(meter.update(progress))
    } catch (error) {
      // Nobody else would hear of it: it came by a message.
      end(error)
    }
  }
  let direct: DownloadRequest | undefined
  const events: WorkerEvents = {
    onFetchAgain: async () => direct && allow(direct),
    onProgress: report,
    onLost: (error) => {
      if (loaded) onLost(error)
      else end(error)
    },
    onRecovering,
    onRecovered,
    onAnswered: () => risk.ran(),
    onEnd: () => risk.ended(),
  }
  try {
    await client.start(events.onLost)
    await risk.begin()
    const info = await client.load(source, options, events, network()).catch(async (error: unknown) => {
      if (!SampanError.isInstance(error) || error.code !== 'model-not-cached') throw error
      risk.takeBack()
      const acquired = await acquire(source, { onProgress: report, signal: ended.signal, miss: error })
      if (acquired.kind === 'direct') {
        direct = acquired.request
        // As slowly as the network is: a page that ends meanwhile does so for many reasons.
        risk.beginAt(await safeBytes())
        return client.load(acquired.source, { ...options, direct: true }, events, network())
      }
      await risk.begin()
      return client.load({ kind: 'stored', id: acquired.id }, options, events)
    })
    onProgress?.(meter.finish())
    loaded = true
    return { client, info }
  } catch (error) {
    client.terminate(error)
    risk.ended()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
