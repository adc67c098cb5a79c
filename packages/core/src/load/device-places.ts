import type { AcquireProgress } from '../acquire/acquire-types.ts'
import { isFetched } from '../acquire/is-fetched.ts'
import { PageAdapters } from '../adapters/page-adapters.ts'
import { withoutAdapters } from '../adapters/without-adapters.ts'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { networkPort } from '../network/network-port.ts'
import { describeSource } from '../sources/describe-source.ts'
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
import { startWorker, type WorkerPlan } from './start-worker.ts'

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

  return {
    async open(wish, signal) {
      described ??= describeSource(source, plain.hub)
      const known = await described
      await adapters.used(signal)
      const start: Start = async (events) => {
        // Anew for each start: a GPU that is gone for good leaves the CPU.
        let gpu: GpuKind = 'hardware'
        const backend = await chooseBackend(known, wish, async () => {
          gpu = await gpuKind()
          return gpu
        })
        if (failures.has(backend)) throw failures.get(backend)
        try {
          const acquire = bringModel(backend, plain, options, network)
          const mark = await guardFromCrashes(known, plain.hub, options)
          const used = await adapters.used(signal)
          if (used.length > 0 && backend !== 'sampan') throw withoutAdapters(backend)
          const withAdapters = { ...plain, ...(used.length > 0 && { adapters: used }) }
          const plan: WorkerPlan = { backend, source: known, options: withAdapters, network, acquire, mark }
          return await startWorker(plan, events).catch(async (error: unknown) => {
            if (!isDamaged(error) || !isFetched(known)) throw error
            const meter = new ProgressMeter()
            const onProgress = (progress: AcquireProgress): void => events.onProgress?.(meter.update(progress))
            await acquire(known, { signal: events.signal, onProgress, damaged: true })
            return startWorker(plan, events)
          })
        } catch (error) {
          const explained = explainNoGpu(error, gpu)
          if (loading) failures.set(backend, explained)
          throw explained
        }
      }
      const client = await ReloadableClient.open(start, { onProgress, signal }, { onLost, onRecovered })
      return {
        ...{ client, info: client.info },
        async setAdapters(given, signal) {
          const files = await adapters.read(given, signal)
          await client.useAdapters(files)
          adapters.use(files)
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
