import type { LoraOutline } from '@sampan/engine'
import { isFetched } from '../acquire/is-fetched.ts'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { LoadOptions } from '../load/load-types.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { AdapterFiles } from './adapter-types.ts'
import { type AdapterChoice, checkAdapters } from './check-adapters.ts'
import type { FindAdaptersContext, FoundAdapter } from './find-adapter.ts'

/** The adapters of a model, in the page: what every Worker that is started for it begins with. */
export class PageAdapters {
  readonly #plain: WorkerLoadOptions
  readonly #options: LoadOptions
  /** Of `LoadOptions`. */
  readonly #given: readonly AdapterChoice[]
  #used: readonly AdapterFiles[] | undefined

  /** @throws SampanError `option-invalid` */
  constructor(plain: WorkerLoadOptions, options: LoadOptions) {
    this.#given = checkAdapters(options.adapters)
    this.#plain = plain
    this.#options = options
  }

  /** Whether there are any. */
  get some(): boolean {
    return (this.#used ?? this.#given).length > 0
  }

  /** Those that `used` has still to bring. */
  async find(signal: AbortSignal | undefined): Promise<readonly FoundAdapter[]> {
    if (this.#used || this.#given.length === 0) return []
    return (await reader()).findAdapters(this.#given, this.#context(signal))
  }

  /**
   * Reads their headers, and whether those that are to be downloaded fit a model that is here; of another that is found before it is downloaded.
   * @throws EngineError `adapter-mismatch`; what opening adapters and models throws
   */
  async outlines(
    found: readonly FoundAdapter[],
    source: ModelSource,
    signal: AbortSignal | undefined,
  ): Promise<readonly LoraOutline[]> {
    const missing = found.some((adapter) => adapter.downloadBytes !== 0)
    // The engine checks what is here, all of it.
    if (!missing && !isFetched(source)) return []
    const outlines = await Promise.all(found.map((adapter) => adapter.outline()))
    if (isFetched(source)) return outlines
    const { checkLocal } = await import('./check-local.ts')
    await checkLocal(source, outlines, this.#plain, signal ?? new AbortController().signal)
    return outlines
  }

  /** Those in use: at first those of `LoadOptions`, as they were found. @param onBytes what has come of a download */
  async used(found: readonly FoundAdapter[], onBytes?: (loaded: number) => void): Promise<readonly AdapterFiles[]> {
    this.#used ??= found.length === 0 ? [] : await (await reader()).bringAdapters(found, onBytes)
    return this.#used
  }

  use(adapters: readonly AdapterFiles[]): void {
    this.#used = adapters
  }

  /** An adapter of which `error` tells that its file is none is not found on this device again. */
  async forget(error: unknown, files = this.#used ?? []): Promise<void> {
    // What is no adapter at all is never kept; that its numbers are none is known on the GPU only.
    if (!SampanError.isInstance(error) || error.code !== 'tensor-values-invalid') return
    const { deleteStoredAdapters } = await import('./adapter-store.ts')
    for (const { name } of files)
      if (error.details['adapter'] === name) await deleteStoredAdapters((kept) => kept.name === name)
  }

  /**
   * For a model that is loaded. Whether those that are to be downloaded fit it is known before anybody is asked.
   * @throws EngineError `adapter-mismatch`; as `findAdapters` and `bringAdapters`
   */
  async read(
    choices: readonly AdapterChoice[],
    source: ModelSource,
    signal: AbortSignal,
  ): Promise<readonly AdapterFiles[]> {
    if (choices.length === 0) return []
    const { bringAdapters, findAdapters } = await reader()
    const found = await findAdapters(choices, this.#context(signal))
    const missing = found.filter((adapter) => adapter.downloadBytes !== 0)
    if (missing.length > 0) {
      const outlines = await Promise.all(missing.map((adapter) => adapter.outline()))
      const { checkLoaded } = await import('./check-local.ts')
      await checkLoaded(source, outlines, this.#plain, signal)
    }
    return bringAdapters(found)
  }

  #context(signal: AbortSignal | undefined): FindAdaptersContext {
    const { hub, token } = this.#plain
    return { ...this.#options, hub, token, signal: signal ?? new AbortController().signal }
  }
}

/** What most pages never need comes when it is first asked for. */
function reader(): Promise<typeof import('./read-adapters.ts')> {
  return import('./read-adapters.ts')
}
