/// <reference lib="esnext.disposable" preserve="true" />
import type { AdapterSource } from '../adapters/adapter-types.ts'
import { withoutAdapters } from '../adapters/without-adapters.ts'
import type { Counters, Ledger, ModelInfo } from '../backend.ts'
import { Completions } from '../chat/completions.ts'
import type { ChatCompletionRequest } from '../chat/request-types.ts'
import { validateRequest } from '../chat/validate-request.ts'
import { SampanError } from '../errors.ts'
import { createFetch } from '../fetch/create-fetch.ts'
import type { FetchFunction } from '../fetch/fetch-function.ts'
import type { AnswerRecord, ReplayVerdict } from '../record/record-types.ts'
import { type ReplayOptions, replayRecord } from '../record/replay-record.ts'
import { openSession } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'
import type { SessionOptions } from '../session/session-types.ts'
import { checkCallOptions, checkSignal } from './check-load-options.ts'
import type { ReloadOptions } from './load-types.ts'
import type { ModelClient } from './model-client.ts'

/** A model that is loaded and answers. It holds GPU memory until it is disposed of. */
export class Model implements AsyncDisposable {
  /** Kept up to date: what a reload or a recovery changes, changes in this object. */
  readonly info: ModelInfo
  readonly chat: { readonly completions: Completions }
  /**
   * A `fetch` that this model answers in place of a server: `POST …/v1/chat/completions` and `…/v1/completions`, as JSON or
   * server-sent events, and `GET …/v1/models`. Give it to any client of OpenAI's API, with any base URL that ends in `/v1`. Nothing goes over a network,
   * unless the model is on a server.
   */
  readonly fetch: FetchFunction
  readonly #client: ModelClient
  #disposal: Promise<void> | undefined
  #lastLedger: Ledger | undefined

  /** @internal Made by `load`. */
  constructor(client: ModelClient, info: ModelInfo) {
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

  /**
   * A conversation that remembers. As many as are wanted share the model, an answer each in turn.
   * @param options the system prompt, and every field of a request that is to hold for the whole conversation
   * @throws SampanError `request-invalid`, `request-unsupported`, `option-invalid`, naming the field; `session-mismatch` where what is to be
   * restored was another model's
   */
  session(options: SessionOptions = {}): Session {
    return openSession({ info: this.info, client: this.#client }, options)
  }

  /**
   * Makes an answer again from its record (`record: true` of a request), from nothing, and tells whether it is the same: tokens, probabilities,
   * text and ending. A record of another model, by its hash, is not run. What may explain a difference is in `notes`.
   * @throws SampanError `record-invalid` for what is no record; `request-unsupported` on backends that keep none; what `create` throws
   */
  async replay(record: AnswerRecord, options?: ReplayOptions): Promise<ReplayVerdict> {
    const { signal, forced } = checkCallOptions(options, 'replay')
    if (forced !== undefined && typeof forced !== 'boolean')
      throw new SampanError('option-invalid', 'The option forced must be true or false.', { option: 'forced' })
    return replayRecord(this.#client, this.info, record, { signal: checkSignal(signal), forced })
  }

  /**
   * Answers with these LoRA adapters from the next request on, and with no others; `[]` gives the model back as it is. The model is not
   * loaded anew, and what was on the GPU before is not uploaded again. Waits for answers under way. What fails changes nothing.
   * @throws SampanError `adapter-mismatch` for one that was made for another model; `option-invalid`, also on other backends than
   * Sampan's own; `download-required` and what finding and reading it throw; the signal's reason
   */
  async setAdapters(adapters: readonly AdapterSource[], options?: { readonly signal?: AbortSignal }): Promise<void> {
    const { signal } = checkCallOptions(options, 'setAdapters')
    if (!this.#client.setAdapters) throw withoutAdapters(this.info.backend)
    return this.#client.setAdapters(adapters, checkSignal(signal))
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

  /**
   * Loads the model anew, from the same source with the same options, in a Worker of its own: after the Worker died or hangs, or the
   * GPU was lost for good. Answers in flight fail with `model-unloaded`, later ones wait. Calls at the same time share one, with
   * the first one's options. What the prompt cache held is gone.
   * @throws SampanError what `load` throws, also `model-disposed`; the signal's reason; what `onProgress` throws. The model is then
   * not loaded, and may be reloaded again.
   */
  async reload(options?: ReloadOptions): Promise<void> {
    const { onProgress, signal } = checkCallOptions(options, 'reload')
    return this.#client.reload({ onProgress, signal: checkSignal(signal) })
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
