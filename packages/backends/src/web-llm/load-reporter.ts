import type { InitProgressReport, ModelRecord } from '@mlc-ai/web-llm'
import type { BackendProgress } from '@sampan/core'
import { cachedJson } from './cached-json.ts'

/**
 * web-llm counts from nought to one three times over (download, upload, compile) and tells which only in its text. Here the
 * first two become one run over the weights' bytes, each byte half done when it is fetched.
 */
export class LoadReporter {
  readonly #record: ModelRecord
  readonly #onProgress: (progress: BackendProgress) => void
  #loaded = 0
  #bytes: Promise<number> | undefined

  constructor(record: ModelRecord, onProgress: (progress: BackendProgress) => void) {
    this.#record = record
    this.#onProgress = onProgress
    onProgress({ phase: 'open', loaded: 0, total: 1 })
  }

  /** Bytes of all weights; 0 where that is not known. */
  get bytes(): Promise<number> {
    this.#bytes ??= cachedJson(this.#record, 'webllm/model', 'tensor-cache.json').then(weightBytes)
    return this.#bytes
  }

  report({ text, progress }: InitProgressReport): void {
    if (text.startsWith('Start to fetch')) this.#onProgress({ phase: 'open', loaded: 1, total: 1 })
    else if (text.startsWith('Fetching param')) this.#weights(progress / 2)
    else if (text.startsWith('Loading model from cache')) this.#weights(0.5 + progress / 2)
    else if (text.startsWith('Loading GPU shader')) this.#onProgress({ phase: 'compile', loaded: progress, total: 1 })
  }

  #weights(fraction: number): void {
    this.bytes.then((bytes) => {
      const total = bytes || 1
      this.#loaded = Math.max(this.#loaded, bytes ? Math.round(fraction * bytes) : fraction)
      this.#onProgress({ phase: 'weights', loaded: this.#loaded, total })
    })
  }
}

/** From the list of shards, `tensor-cache.json`; 0 where it is none. */
export function weightBytes(list: unknown): number {
  const records = typeof list === 'object' && list !== null && 'records' in list ? list.records : undefined
  return Array.isArray(records) ? records.reduce((sum: number, shard: unknown) => sum + shardBytes(shard), 0) : 0
}

function shardBytes(shard: unknown): number {
  const known = typeof shard === 'object' && shard !== null && 'nbytes' in shard
  return known && typeof shard.nbytes === 'number' ? shard.nbytes : 0
}
