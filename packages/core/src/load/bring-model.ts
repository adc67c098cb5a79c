import { acquireModel } from '../acquire/acquire-model.ts'
import type { DownloadRequest } from '../acquire/acquire-types.ts'
import { requireDownloadConsent } from '../acquire/consent.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import type { SampanError } from '../errors.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import type { LoadOptions } from './load-types.ts'
import type { WorkerPlan } from './start-worker.ts'

/** Brings a model that is not on this device there, in the form that `backend` loads, once somebody has agreed. */
export function bringModel(
  backend: DeviceBackend,
  { hub, token, ...plain }: WorkerLoadOptions,
  { download, cache = true }: LoadOptions,
  network: () => MessagePort | undefined,
): WorkerPlan['acquire'] {
  return async (source, { damaged, miss, ...during }) => {
    if (source.kind === 'mlc') {
      await requireDownloadConsent(download, webLlmDownload(source.id, miss))
      return { kind: 'direct', source }
    }
    const form = backend === 'wllama' ? ({ kind: 'source' } as const) : planesFor(plain)
    const { contextLength } = plain
    const request = {
      ...{ source, hub, form, keep: cache },
      ...(token !== undefined && { token }),
      ...(contextLength !== undefined && { contextLength }),
      ...(damaged && { damaged }),
    }
    return acquireModel(request, { consent: download, network, ...during })
  }
}

/** web-llm keeps models by itself, and tells no more of them. */
function webLlmDownload(id: string, miss: SampanError | undefined): DownloadRequest {
  const bytes = miss?.details['bytes']
  return {
    ...{ source: `mlc:${id}`, reason: 'not-cached', store: 'web-llm', about: {} },
    ...(typeof bytes === 'number' ? { bytes, storedBytes: bytes } : { storedBytes: 0 }),
    cachedBytes: 0,
  }
}
