import type { LoraOutline } from '@sampan/engine'
import { acquireModel } from '../acquire/acquire-model.ts'
import { requireDownloadConsent } from '../acquire/consent.ts'
import type { DownloadRequest } from '../acquire/download-request.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import type { SampanError } from '../errors.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import type { LoadOptions } from './load-types.ts'
import type { WorkerPlan } from './start-worker.ts'

/**
 * Brings a model that is not on this device there, in the form that `backend` loads, once somebody has agreed.
 * @param adapters that it is to be loaded with: what does not fit it is told before anybody is asked
 */
export function bringModel(
  backend: DeviceBackend,
  { hub, token, ...plain }: WorkerLoadOptions,
  { download, cache = true }: LoadOptions,
  network: () => MessagePort | undefined,
  adapters: readonly LoraOutline[] = [],
): WorkerPlan['acquire'] {
  return async (source, { damaged, miss, ...during }) => {
    if (source.kind === 'mlc') {
      const request = webLlmDownload(source.id, miss)
      await requireDownloadConsent(download, request)
      return { kind: 'direct', source, request }
    }
    const form = backend === 'wllama' ? ({ kind: 'source' } as const) : planesFor(plain)
    const { contextLength } = plain
    const request = {
      ...{ source, hub, form, keep: cache },
      ...(token !== undefined && { token }),
      ...(contextLength !== undefined && { contextLength }),
      ...(damaged && { damaged }),
      ...(adapters.length > 0 && { adapters }),
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
