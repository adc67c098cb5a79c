import { transfer } from 'comlink'
import type { ImportOptions } from '../cache/cache-types.ts'
import { checkCallOptions, checkSignal } from '../load/check-load-options.ts'
import type { StoredModel } from '../store/stored-model.ts'
import type { ImportEvent } from './acquire-types.ts'
import { withStoreWorker } from './store-worker-client.ts'

/** Puts a file of `cache.export` into the store, in a Worker of its own. */
export async function importFile(file: Blob, options: ImportOptions): Promise<StoredModel> {
  const { signal, onProgress } = checkCallOptions(options, 'cache.import')
  return withStoreWorker(checkSignal(signal), async (remote, fail) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data: { loaded, total } }: MessageEvent<ImportEvent>) => {
      try {
        onProgress?.({ loaded, total })
      } catch (error) {
        fail(error)
      }
    }
    return remote.importModel(file, transfer(port2, [port2]))
  })
}
