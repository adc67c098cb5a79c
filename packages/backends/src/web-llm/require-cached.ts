import { hasModelInCache, type ModelRecord } from '@mlc-ai/web-llm'
import { BackendError } from '../backend-error.ts'
import { weightBytes } from './load-reporter.ts'

/** For the list of a model's shards, in milliseconds: who does not answer is told of when the download is allowed. */
const PATIENCE_MS = 10_000

/**
 * web-llm keeps its models by itself, apart from Sampan's.
 * @throws BackendError `model-not-cached`, with the bytes to download where the model's server tells them
 */
export async function requireCached(record: ModelRecord, signal: AbortSignal): Promise<void> {
  const isCached = await hasModelInCache(record.model_id, { model_list: [record] }).catch(() => false)
  signal.throwIfAborted()
  if (isCached) return
  const bytes = await listedBytes(record, signal)
  signal.throwIfAborted()
  throw new BackendError(
    'model-not-cached',
    `${record.model_id} is not on this device: load it with \`download: 'allow'\`.`,
    bytes > 0 ? { bytes } : {},
  )
}

/** 0 where the server does not tell. */
async function listedBytes({ model }: ModelRecord, signal: AbortSignal): Promise<number> {
  try {
    const base = /\/resolve\//.test(model) ? model : `${model.replace(/\/$/, '')}/resolve/main/`
    const url = new URL('tensor-cache.json', base.replace(/\/?$/, '/'))
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    const response = await fetch(url, { signal: patience, referrerPolicy: 'no-referrer' })
    return response.ok ? weightBytes(await response.json()) : 0
  } catch {
    return 0
  }
}
