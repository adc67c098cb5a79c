/// <reference lib="esnext.disposable" preserve="true" />
import type { Counters, Ledger, ModelInfo } from '../backend.ts'
import { Completions } from '../chat/completions.ts'
import { SampanError } from '../errors.ts'
import type { WorkerClient } from '../worker/worker-client.ts'

/** A model that is loaded and answers. It holds GPU memory until it is disposed of. */
export class Model implements AsyncDisposable {
  readonly info: ModelInfo
  readonly chat: { readonly completions: Completions }
  readonly #client: WorkerClient
  #disposal: Promise<void> | undefined
  #lastLedger: Ledger | undefined

  /** @internal Made by `load`. */
  constructor(client: WorkerClient, info: ModelInfo) {
    this.#client = client
    this.info = info
    this.chat = { completions: new Completions(client, info.source) }
  }

  /** What the GPU was asked to do since the model was loaded; undefined where the backend does not count. */
  counters(): Promise<Counters | undefined> {
    return this.#client.counters()
  }

  /** GPU bytes held now, by class; after `dispose` what it left, which is zero. Undefined where the backend does not tell. */
  async ledger(): Promise<Ledger | undefined> {
    if (!this.#disposal) return this.#client.ledger()
    await this.#disposal
    return this.#lastLedger
  }

  /** Fails answers in flight with `model-disposed`, gives every GPU byte back and ends the Worker. Safe to call again. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose()
    return this.#disposal
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  async #dispose(): Promise<void> {
    this.#lastLedger = await this.#client.dispose(
      new SampanError('model-disposed', 'The model was disposed of: load it again to ask it more.'),
    )
  }
}
