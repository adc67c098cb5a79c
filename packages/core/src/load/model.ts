/// <reference lib="esnext.disposable" preserve="true" />
import type { Counters, Ledger, ModelInfo } from '../backend.ts'
import { Completions } from '../chat/completions.ts'
import type { ChatCompletionRequest } from '../chat/request-types.ts'
import { validateRequest } from '../chat/validate-request.ts'
import { SampanError } from '../errors.ts'
import { createFetch } from '../fetch/create-fetch.ts'
import type { FetchFunction } from '../fetch/fetch-function.ts'
import type { WorkerClient } from '../worker/worker-client.ts'

/** A model that is loaded and answers. It holds GPU memory until it is disposed of. */
export class Model implements AsyncDisposable {
  readonly info: ModelInfo
  readonly chat: { readonly completions: Completions }
  /**
   * A `fetch` that this model answers in place of a server: `POST …/v1/chat/completions` and `…/v1/completions`, as JSON or
   * server-sent events, and `GET …/v1/models`. Give it to any client of OpenAI's API, with any base URL that ends in `/v1`. Nothing goes over a network.
   */
  readonly fetch: FetchFunction
  readonly #client: WorkerClient
  #disposal: Promise<void> | undefined
  #lastLedger: Ledger | undefined

  /** @internal Made by `load`. */
  constructor(client: WorkerClient, info: ModelInfo) {
    this.#client = client
    this.info = info
    this.chat = { completions: new Completions(client, info) }
    this.fetch = createFetch(client, info)
  }

  /**
   * Tokens that `request` has as a prompt, with all that the chat template adds. What else it holds is checked and changes nothing.
   * @throws SampanError `request-invalid`, `request-unsupported` (also where the backend does not count), `model-disposed`, …
   */
  async countTokens(request: ChatCompletionRequest): Promise<number> {
    return this.#client.countTokens(validateRequest(request).generation)
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
