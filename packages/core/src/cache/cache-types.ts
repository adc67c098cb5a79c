import type { StoredForm, StoredModel, StoreKind } from '../store/stored-model.ts'

/** What is kept: a model, whole or in part, or a LoRA adapter. */
export interface CachedModel extends Omit<StoredModel, 'form'> {
  /** `base`: what an adapter says it was trained on. */
  readonly form: StoredForm | { readonly kind: 'adapter'; readonly base?: string }
}

/** What models take of the room that the browser gives this site. Bytes. */
export interface CacheUsage {
  /** All models, whole and in part. */
  readonly used: number
  /** Of these: downloads that were begun and not finished. */
  readonly partial: number
  /** What this site may take altogether, and what is left of it, as the browser tells it: Chromium says the same to all. */
  readonly quota?: number
  readonly free?: number
  /** The browser has promised not to clear this site's storage by itself. */
  readonly persisted: boolean
  /** Where models are kept. `memory`: nowhere. */
  readonly kind: StoreKind
  /** Why it is not `opfs`. */
  readonly reason?: string
}

export interface ImportOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly loaded: number; readonly total: number }) => void
}

/** Models that this browser keeps for this site. */
export interface ModelCache {
  /** Models, then adapters. */
  list(): Promise<readonly CachedModel[]>
  usage(): Promise<CacheUsage>
  /**
   * Deletes models, whole or in part, and adapters, by id, or by source: all that was kept of it, in any form. Resolves to whether there was one.
   * @throws SampanError `model-in-use` when a tab of this site is reading or writing it
   */
  delete(idOrSource: string): Promise<boolean>
  /**
   * Deletes all models and adapters.
   * @throws SampanError `model-in-use`, when all that could be deleted is
   */
  clear(): Promise<void>
  /** Asks the browser not to clear this site's storage by itself. Resolves to whether it promises that. */
  persist(): Promise<boolean>
  /**
   * A model as one file, to be saved or carried to another browser: a view of what is kept, not a copy.
   * @throws SampanError `model-not-cached`
   */
  export(id: string): Promise<File>
  /**
   * Puts a file of `export` into the cache, when all of it is found to be what it says.
   * @throws SampanError `file-malformed`, `file-truncated`, `file-limit-exceeded`, `file-damaged`, `format-unsupported`, `quota-exceeded`;
   * the signal's reason
   */
  import(file: Blob, options?: ImportOptions): Promise<StoredModel>
}
