import { SampanError } from '../errors.ts'
import type { LoadOptions } from '../load/load-types.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { AdapterFiles } from './adapter-types.ts'
import { type AdapterChoice, checkAdapters } from './check-adapters.ts'

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

  /** Whether `used` has nothing to download. */
  async areHere(): Promise<boolean> {
    if (this.#used || this.#given.length === 0) return true
    return (await reader()).areHere(this.#given, this.#plain.hub)
  }

  /** Those in use: at first those of `LoadOptions`. */
  async used(signal: AbortSignal | undefined): Promise<readonly AdapterFiles[]> {
    this.#used ??= await this.read(this.#given, signal)
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
    for (const { name } of files) if (error.details['adapter'] === name) await deleteStoredAdapters(name)
  }

  async read(choices: readonly AdapterChoice[], signal: AbortSignal | undefined): Promise<readonly AdapterFiles[]> {
    if (choices.length === 0) return []
    const { readAdapters } = await reader()
    const { hub, token } = this.#plain
    return readAdapters(choices, { ...this.#options, hub, token, signal: signal ?? new AbortController().signal })
  }
}

/** What most pages never need comes when it is first asked for. */
function reader(): Promise<typeof import('./read-adapters.ts')> {
  return import('./read-adapters.ts')
}
