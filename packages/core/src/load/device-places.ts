import type { Acquired, AcquireProgress, DownloadRequest } from '../acquire/acquire-types.ts'
import { requireDownloadConsent } from '../acquire/consent.ts'
import { isFetched } from '../acquire/is-fetched.ts'
import { checkAdapters } from '../adapters/check-adapters.ts'
import { PageAdapters } from '../adapters/page-adapters.ts'
import { withoutAdapters } from '../adapters/without-adapters.ts'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { networkPort } from '../network/network-port.ts'
import { describeSource } from '../sources/describe-source.ts'
import { FairQueue } from '../worker/fair-queue.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import { bringModel } from './bring-model.ts'
import { chooseBackend, explainNoGpu } from './choose-backend.ts'
import { type GpuKind, gpuKind } from './gpu-kind.ts'
import { guardFromCrashes } from './guard-from-crashes.ts'
import type { LoadOptions, LoadProgress, LoadSource } from './load-types.ts'
import type { Place } from './place.ts'
import { ProgressMeter } from './progress-meter.ts'
import { ReloadableClient, type Start } from './reloadable-client.ts'
import { type StartEvents, startWorker, type WorkerPlan } from './start-worker.ts'

export interface DevicePlaces {
  open(backend: NonNullable<LoadOptions['backend']>, signal: AbortSignal): Promise<Place>
  /** From here on progress is nobody's business. */
  loaded(): void
}

/** Loads a source on this machine's backends. */
export function devicePlaces(source: LoadSource, plain: WorkerLoadOptions, options: LoadOptions): DevicePlaces {
  const { onLost, onRecovered } = options
  let onProgress = options.onProgress && rising(options.onProgress)
  let described: Promise<ModelSource> | undefined
  /** What was tried while the model loads: rules may name by name what `auto` has chosen. */
  const failures = new Map<DeviceBackend, unknown>()
  let loading = true
  const network = networkPort(options)
  const adapters = new PageAdapters(plain, options)

  /**
   * Brings the model, and its adapters as soon as somebody has agreed to the model: by the bytes of the adapters alone nobody can decide.
   * They are small, so that it is known before the weights come what is wrong with them.
   */
  const askFirst = (
    known: ModelSource,
    backend: DeviceBackend,
    { signal, onProgress }: StartEvents,
  ): Promise<Acquired> => {
    const meter = new ProgressMeter()
    const download = async (request: DownloadRequest): Promise<boolean> => {
      await requireDownloadConsent(options.download, request)
      await adapters.used(signal)
      return true
    }
    const bring = bringModel(backend, plain, { ...options, download }, network)
    return bring(known, { signal, onProgress: (progress) => onProgress?.(meter.update(progress)) })
  }

  return {
    async open(wish, signal) {
      described ??= describeSource(source, plain.hub)
      const known = await described
      const start: Start = async (events) => {
        // Anew for each start: a GPU that is gone for good leaves the CPU.
        let gpu: GpuKind = 'hardware'
        const backend = await chooseBackend(known, wish, async () => {
          gpu = await gpuKind()
          return gpu
        })
        if (failures.has(backend)) throw failures.get(backend)
        try {
          if (adapters.some && backend !== 'sampan') throw withoutAdapters(backend)
          const mark = await guardFromCrashes(known, plain.hub, options)
          const bring = bringModel(backend, plain, options, network)
          const asked =
            isFetched(known) && !(await adapters.areHere()) ? await askFirst(known, backend, events) : undefined
          const acquire: WorkerPlan['acquire'] = async (source, during) =>
            asked?.kind === 'direct' ? asked : bring(source, during)
          const used = await adapters.used(events.signal)
          const withAdapters = { ...plain, ...(used.length > 0 && { adapters: used }) }
          const plan: WorkerPlan = { backend, source: known, options: withAdapters, network, acquire, mark }
          return await startWorker(plan, events).catch(async (error: unknown) => {
            if (!isDamaged(error) || !isFetched(known)) throw error
            const meter = new ProgressMeter()
            const onProgress = (progress: AcquireProgress): void => events.onProgress?.(meter.update(progress))
            await bring(known, { signal: events.signal, onProgress, damaged: true })
            return startWorker(plan, events)
          })
        } catch (error) {
          await adapters.forget(error)
          const explained = explainNoGpu(error, gpu)
          if (loading) failures.set(backend, explained)
          throw explained
        }
      }
      // The last call is the one that counts, whichever adapters come first.
      const changes = new FairQueue()
      const client = await ReloadableClient.open(start, { onProgress, signal }, { onLost, onRecovered })
      return {
        ...{ client, info: client.info },
        async setAdapters(given, signal) {
          const choices = checkAdapters(given)
          await changes.run({}, signal, async () => {
            const files = await adapters.read(choices, signal)
            await client.useAdapters(files, signal).catch(async (error: unknown) => {
              await adapters.forget(error, files)
              throw error
            })
            adapters.use(files)
          })
        },
      }
    },
    loaded: () => {
      loading = false
      failures.clear()
      onProgress = undefined
    },
  }
}

function isDamaged(error: unknown): boolean {
  return SampanError.isInstance(error) && error.code === 'file-damaged'
}

/** Figures that do not fall when another place is tried, or the same once more. */
function rising(onProgress: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let reached = 0
  const loaded = new Map<LoadProgress['phase'], number>()
  return (progress) => {
    const { phase, total } = progress
    reached = Math.max(reached, progress.fraction)
    const most = Math.max(progress.loaded, loaded.get(phase) ?? 0)
    loaded.set(phase, most)
    onProgress({ ...progress, loaded: Math.min(most, Math.max(total, progress.loaded)), fraction: reached })
  }
}
