import type { LoadOptions } from '../load/load-types.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { AdapterFiles } from './adapter-types.ts'
import { checkAdapters } from './check-adapters.ts'

/** The adapters of a model, in the page: what every Worker that is started for it begins with. */
export class PageAdapters {
  readonly #plain: WorkerLoadOptions
  readonly #options: LoadOptions
  #used: readonly AdapterFiles[] | undefined

  /** @throws SampanError `option-invalid` */
  constructor(plain: WorkerLoadOptions, options: LoadOptions) {
    checkAdapters(options.adapters)
    this.#plain = plain
    this.#options = options
  }

  /** Those in use: at first those of `LoadOptions`. */
  async used(signal: AbortSignal): Promise<readonly AdapterFiles[]> {
    this.#used ??= await this.read(this.#options.adapters, signal)
    return this.#used
  }

  use(adapters: readonly AdapterFiles[]): void {
    this.#used = adapters
  }

  /** What most pages never need comes when it is first asked for. */
  async read(given: unknown, signal: AbortSignal): Promise<readonly AdapterFiles[]> {
    const choices = checkAdapters(given)
    if (choices.length === 0) return []
    const { readAdapters } = await import('./read-adapters.ts')
    const { hub, token } = this.#plain
    return readAdapters(choices, { ...this.#options, hub, token, signal })
  }
}
