import type { ModelSource } from '../backend.ts'
import { describeSource } from '../sources/describe-source.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import { chooseBackend, explainNoGpu } from './choose-backend.ts'
import { type GpuKind, gpuKind } from './gpu-kind.ts'
import type { LoadOptions, LoadProgress, LoadSource } from './load-types.ts'
import type { Place } from './place.ts'
import { ReloadableClient, type Start } from './reloadable-client.ts'
import { startWorker } from './start-worker.ts'

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
          return await startWorker({ backend, source: known, options: plain }, events)
        } catch (error) {
          const explained = explainNoGpu(error, gpu)
          if (loading) failures.set(backend, explained)
          throw explained
        }
      }
      const client = await ReloadableClient.open(start, { onProgress, signal }, { onLost, onRecovered })
      return { client, info: client.info }
    },
    loaded: () => {
      loading = false
      failures.clear()
      onProgress = undefined
    },
  }
}

/** One figure that does not fall when another place is tried. */
function rising(onProgress: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let reached = 0
  return (progress) => {
    reached = Math.max(reached, progress.fraction)
    onProgress({ ...progress, fraction: reached })
  }
}
