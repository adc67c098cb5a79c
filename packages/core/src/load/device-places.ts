import type { LoraOutline } from '@sampan/engine'
import type { Acquired, AcquireProgress } from '../acquire/acquire-types.ts'
import { requireDownloadConsent } from '../acquire/consent.ts'
import type { DownloadRequest } from '../acquire/download-request.ts'
import { isFetched } from '../acquire/is-fetched.ts'
import { checkAdapters } from '../adapters/check-adapters.ts'
import type { FoundAdapter } from '../adapters/find-adapter.ts'
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
import { guardFromCrashes, safeBytes } from './guard-from-crashes.ts'
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
   * Whether they fit it is known before anybody is asked.
   */
  const askFirst = async (
    known: ModelSource,
    backend: DeviceBackend,
    found: readonly FoundAdapter[],
    outlines: readonly LoraOutline[],
    { signal, onProgress }: StartEvents,
  ): Promise<Acquired> => {
    const meter = new ProgressMeter()
    const ofAdapters = downloadBytes(found)
    const tell = (progress: AcquireProgress): void => onProgress?.(meter.update(progress))
    const download = async (request: DownloadRequest): Promise<boolean> => {
      await requireDownloadConsent(options.download, request)
      const { bytes = 0, cachedBytes } = request
      const total = ofAdapters + cachedBytes + bytes
      await adapters.used(found, (loaded) => tell({ phase: 'download', loaded: cachedBytes + loaded, total }))
      return true
    }
    const bring = bringModel(backend, plain, { ...options, download }, network, outlines)
    return bring(known, {
      signal,
      onProgress: ({ loaded, total, ...progress }) => {
        const more = progress.phase === 'download' ? ofAdapters : 0
        tell({ ...progress, loaded: loaded + more, total: total + more })
      },
    })
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
          const mark = await guardFromCrashes(known, plain.hub, options, backend)
          const found = await adapters.find(events.signal)
          const outlines = await adapters.outlines(found, known, events.signal)
          const bring = bringModel(backend, plain, options, network, outlines)
          const missing = found.some((adapter) => adapter.downloadBytes !== 0)
          const asked =
            isFetched(known) && missing ? await askFirst(known, backend, found, outlines, events) : undefined
          const acquire: WorkerPlan['acquire'] = async (source, during) =>
            asked?.kind === 'direct' ? asked : bring(source, during)
          const meter = new ProgressMeter()
          const total = downloadBytes(found)
          const used = await adapters.used(found, (loaded) =>
            events.onProgress?.(meter.update({ phase: 'download', loaded, total })),
          )
          const withAdapters = { ...plain, ...(used.length > 0 && { adapters: used }) }
          const allow = (request: DownloadRequest): Promise<void> => requireDownloadConsent(options.download, request)
          const asks = { mark, safeBytes, allow }
          const plan: WorkerPlan = { backend, source: known, options: withAdapters, network, acquire, ...asks }
          return await startWorker(plan, events).catch(async (error: unknown) => {
            if (!isDamaged(error) || !isFetched(known)) throw error
            const again = new ProgressMeter()
            const onProgress = (progress: AcquireProgress): void => events.onProgress?.(again.update(progress))
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
            const files = await adapters.read(choices, known, signal)
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

/** Of adapters whose servers tell it. */
function downloadBytes(found: readonly FoundAdapter[]): number {
  return found.reduce((sum, adapter) => sum + (adapter.downloadBytes ?? 0), 0)
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
