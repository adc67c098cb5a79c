import { expose } from 'comlink'
import { workerHasher } from '../download/hasher.ts'
import { pairedHasher } from '../download/paired-hasher.ts'
import { AnswerMemory } from '../hub/answer-memory.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { hookedNetwork } from '../network/hooked-network.ts'
import { browserNetwork } from '../network/network.ts'
import { type ImportProgress, importModel } from '../store/import-model.ts'
import { openStore } from '../store/open-store.ts'
import { attempt } from '../worker/error-envelope.ts'
import { holdLife } from '../worker/hold-life.ts'
import { throttleProgress } from '../worker/progress-throttle.ts'
import { acquire } from './acquire.ts'
import type { AcquireCommand, AcquireEvent, AcquireProgress, ImportEvent, StoreWorkerApi } from './acquire-types.ts'

/** Makes this Worker write to the store. The page ends it when it no longer wants what it asked for. */
export function serveStore(): void {
  const { signal } = new AbortController()
  const api: StoreWorkerApi = {
    start: (life) => attempt(() => holdLife(life)),
    acquire: (request, events, [wholes, pieces], network) =>
      attempt(() => {
        const post = (event: AcquireEvent): void => events.postMessage(event)
        const onProgress = throttleProgress((progress: AcquireProgress) => post({ type: 'progress', progress }))
        const memory = new AnswerMemory(request.answers)
        const asking = memory.over(network ? hookedNetwork(network) : browserNetwork)
        return acquire(request, {
          network: authorizedNetwork(asking, request.hub, request.token),
          hasher: pairedHasher(workerHasher(wholes), workerHasher(pieces)),
          signal,
          onProgress,
          ask: (download) =>
            new Promise((resolve) => {
              events.onmessage = ({ data }: MessageEvent<AcquireCommand>) => {
                if (data.type !== 'allowed') return
                memory.close()
                resolve()
              }
              post({ type: 'consent', request: download, answers: memory.answers })
            }),
        })
      }),
    importModel: (file, events) =>
      attempt(async () => {
        const post = throttleProgress((progress: ImportEvent) => events.postMessage(progress))
        const onProgress = (progress: ImportProgress): void => post({ phase: 'import', ...progress })
        return importModel(await openStore(), file, signal, onProgress)
      }),
  }
  expose(api)
}
