import type { AdapterFiles } from '../adapters/adapter-types.ts'
import type { Counters, GenerationRequest, Ledger, ModelInfo } from '../backend.ts'

import { SampanError } from '../errors.ts'
import { untilAborted } from '../until-aborted.ts'
import type { AnswerReceiver } from '../worker/answer-receiver.ts'
import type { WorkerClient } from '../worker/worker-client.ts'
import type { LoadOptions, ReloadOptions } from './load-types.ts'
import type { ModelClient } from './model-client.ts'
import type { StartEvents, StartedWorker } from './start-worker.ts'

/** Starts a Worker with the model in it: the same each time, as far as the machine lets it. */
export type Start = (events: StartEvents) => Promise<StartedWorker>

export interface LossEvents {
  readonly onLost?: LoadOptions['onLost'] | undefined
  readonly onRecovered?: LoadOptions['onRecovered'] | undefined
}

/** The page's hold on a model, whichever Worker runs it: a reload puts another in its place. */
export class ReloadableClient implements ModelClient {
  /** One object, which is kept up to date. */
  readonly info: ModelInfo
  readonly #start: Start
  readonly #events: LossEvents
  #client: WorkerClient
  /** While a reload goes on, what comes of it; rejects where the last one failed. */
  #present: Promise<WorkerClient>
  #reloading: Promise<void> | undefined
  /** Aborted by `dispose`, with its error. */
  readonly #disposed = new AbortController()

  private constructor(start: Start, events: LossEvents, { client, info }: StartedWorker) {
    this.#start = start
    this.#events = events
    this.#client = client
    this.#present = Promise.resolve(client)
    this.info = { ...info }
  }

  /** @throws what `start` throws */
  static async open(start: Start, during: ReloadOptions, events: LossEvents): Promise<ReloadableClient> {
    let model: ReloadableClient | undefined
    const onInfo = (info: ModelInfo): void => {
      if (model) replaceFields(model.info, info)
    }
    model = new ReloadableClient(start, events, await start({ ...during, ...lossEvents(events, onInfo) }))
    return model
  }

  /** Ends the Worker and starts another. Calls at the same time share one. */
  async reload(during: ReloadOptions): Promise<void> {
    this.#disposed.signal.throwIfAborted()
    if (this.#reloading) return this.#reloading
    during.signal?.throwIfAborted()
    this.#reloading = this.#reload(during).finally(() => {
      this.#reloading = undefined
    })
    return this.#reloading
  }

  /** While the model is loaded anew, calls wait for that. */
  async generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerReceiver> {
    const client = await untilAborted(this.#present, signal)
    return client.generate(request, stop, signal)
  }

  async countTokens(request: GenerationRequest): Promise<number> {
    return (await this.#present).countTokens(request)
  }

  /** Resolves when the next answer is made with them. A reload does not know of them: whoever starts Workers remembers them. */
  async useAdapters(adapters: readonly AdapterFiles[], signal: AbortSignal): Promise<void> {
    const client = await untilAborted(this.#present, signal)
    replaceFields(this.info, await client.setAdapters(adapters, signal))
  }

  async counters(): Promise<Counters | undefined> {
    return (await this.#present).counters()
  }

  /** All zero where the Worker has ended. */
  ledger(): Promise<Ledger | undefined> {
    return this.#client.ledger()
  }

  /** The ledger is the last one. */
  dispose(error: SampanError): Promise<Ledger | undefined> {
    this.#disposed.abort(error)
    this.#present = Promise.reject(error)
    this.#present.catch(() => {})
    return this.#client.dispose(error)
  }

  async #reload({ onProgress, signal }: ReloadOptions): Promise<void> {
    this.#client.terminate(unloaded('It was unloaded by reload(): ask again when that has resolved.'))
    const disposed = this.#disposed.signal
    const ended = signal ? AbortSignal.any([signal, disposed]) : disposed
    const events = lossEvents(this.#events, (info) => replaceFields(this.info, info))
    const started = this.#start({ onProgress, signal: ended, ...events }).then(({ client, info }) => {
      if (disposed.aborted) client.terminate(disposed.reason)
      disposed.throwIfAborted()
      this.#client = client
      replaceFields(this.info, info)
      return client
    })
    this.#present = started.catch((error: unknown) => {
      throw SampanError.isInstance(error) ? error : unloaded('Its reload() was ended: call reload() again.')
    })
    this.#present.catch(() => {})
    await started
  }
}

function lossEvents(
  { onLost, onRecovered }: LossEvents,
  onInfo: (info: ModelInfo) => void,
): Pick<StartEvents, 'onLost' | 'onRecovering' | 'onRecovered'> {
  return {
    onLost: (error) => onLost?.(error, { recovering: false }),
    onRecovering: (error) => onLost?.(error, { recovering: true }),
    onRecovered: (info) => {
      onInfo(info)
      onRecovered?.()
    },
  }
}

function replaceFields(held: ModelInfo, info: ModelInfo): void {
  for (const field of Object.keys(held)) if (!(field in info)) Reflect.deleteProperty(held, field)
  Object.assign(held, info)
}

function unloaded(message: string): SampanError {
  return new SampanError('model-unloaded', `The model is not loaded. ${message}`)
}
