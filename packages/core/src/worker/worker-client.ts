import { type Remote, releaseProxy, transfer } from 'comlink'
import type { AdapterFiles } from '../adapters/adapter-types.ts'
import type { BackendProgress, Counters, GenerationRequest, Ledger, ModelInfo, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { AnswerReceiver } from './answer-receiver.ts'
import { type ErrorEnvelope, packError, type Result, unpackError, unwrap } from './error-envelope.ts'
import { OpenAnswers } from './open-answers.ts'
import type { LoadCommand, LoadEvent, WorkerApi, WorkerLoadOptions } from './protocol.ts'
import { WorkerWatch } from './worker-watch.ts'
import { wrapWorker } from './wrap-worker.ts'

const NOTHING_HELD: Ledger = { weights: 0, keyValue: 0, activations: 0, state: 0, staging: 0, total: 0 }

export interface WorkerEvents {
  readonly onProgress: (progress: BackendProgress) => void
  /** For good. */
  readonly onLost: (error: SampanError) => void
  readonly onRecovering: (error: SampanError) => void
  readonly onRecovered: (info: ModelInfo) => void
  /** What is not kept is to be fetched once more: resolves when somebody has agreed. */
  readonly onFetchAgain: () => Promise<void>
  /** Once: the model has given the first part of its first answer. */
  readonly onAnswered: () => void
  /** The Worker has ended, however. */
  readonly onEnd: () => void
}

/** The page's hold on one Worker with one model in it. Every call fails once the Worker is dead or disposed of. */
export class WorkerClient {
  readonly #worker: Worker
  readonly #remote: Remote<WorkerApi>
  readonly #answers = new OpenAnswers()
  readonly #ended: Promise<never>
  #end: (error: unknown) => void = () => {}
  #endedWith: { readonly error: unknown } | undefined
  #watch: WorkerWatch | undefined

  constructor(worker: Worker) {
    this.#worker = worker
    this.#remote = wrapWorker<WorkerApi>(worker)
    this.#ended = new Promise((_, reject) => {
      this.#end = reject
    })
    this.#ended.catch(() => {})
  }

  /** Waits until its script runs. To be called first. */
  async start(onLost: WorkerEvents['onLost']): Promise<void> {
    this.#watch = new WorkerWatch(this.#worker, (error) => {
      if (this.terminate(error)) onLost(error)
    })
    const life = globalThis.navigator?.locks && `sampan-worker-${crypto.randomUUID()}`
    const held = await this.#call(() => this.#remote.start(life))
    this.#watch.answered(held ? life : undefined)
  }

  /** @param network a port behind which the page's own `fetch` and `headers` answer */
  async load(
    source: ModelSource,
    options: WorkerLoadOptions,
    told: WorkerEvents,
    network?: MessagePort,
  ): Promise<ModelInfo> {
    this.#ended.catch(told.onEnd)
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<LoadEvent>) => {
      if (!this.#endedWith) report(data, told, (command: LoadCommand) => port1.postMessage(command))
    }
    const events = transfer(port2, [port2])
    return this.#call(() => this.#remote.load(source, options, events, network && transfer(network, [network])))
  }

  /** Resolves when the Worker has accepted the request. */
  async generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerReceiver> {
    const ask = (port: MessagePort): Promise<Result<undefined>> =>
      this.#remote.generate(request, [...stop], transfer(port, [port]))
    return this.#answers.begin((port) => this.#call(() => ask(port)), signal)
  }

  countTokens(request: GenerationRequest): Promise<number> {
    return this.#call(() => this.#remote.countTokens(request))
  }

  /** Aborted too late, it resolves. @throws also the signal's reason */
  async setAdapters(adapters: readonly AdapterFiles[], signal: AbortSignal): Promise<ModelInfo> {
    const { port1, port2 } = new MessageChannel()
    const abort = (): void => port1.postMessage('abort')
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await this.#call(() => this.#remote.setAdapters(adapters, transfer(port2, [port2])))
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
      port1.close()
    }
  }

  counters(): Promise<Counters | undefined> {
    return this.#call(() => this.#remote.counters())
  }

  /** All zero once the Worker has ended: the browser then takes back what it held. */
  async ledger(): Promise<Ledger | undefined> {
    if (this.#endedWith) return NOTHING_HELD
    return this.#call(() => this.#remote.ledger())
  }

  /** Gives everything back, then ends the Worker. The ledger is the last one. A Worker that is dead has nothing to give. */
  async dispose(error: SampanError): Promise<Ledger | undefined> {
    this.#answers.fail(error)
    try {
      return await this.#call(() => this.#remote.dispose())
    } catch (failure) {
      if (this.#endedWith) return NOTHING_HELD
      throw failure
    } finally {
      this.terminate(error)
    }
  }

  /** Ends the Worker now; calls in flight and later ones reject with `error`. False when it had ended before. */
  terminate(error: unknown): boolean {
    if (this.#endedWith) return false
    this.#endedWith = { error }
    this.#watch?.stop()
    this.#answers.fail(error)
    this.#end(error)
    this.#remote[releaseProxy]()
    this.#worker.terminate()
    return true
  }

  async #call<T>(ask: () => Promise<Result<T>>): Promise<T> {
    if (this.#endedWith) throw this.#endedWith.error
    return unwrap(await Promise.race([ask(), this.#ended]))
  }
}

function report(event: LoadEvent, events: WorkerEvents, post: (command: LoadCommand) => void): void {
  switch (event.type) {
    case 'progress':
      events.onProgress(event.progress)
      break
    case 'lost':
      events.onLost(asSampanError(event.error))
      break
    case 'recovering':
      events.onRecovering(asSampanError(event.error))
      break
    case 'recovered':
      events.onRecovered(event.info)
      break
    case 'answered':
      events.onAnswered()
      break
    case 'fetch-again':
      events.onFetchAgain().then(
        () => post({ type: 'allowed' }),
        (error: unknown) => post({ type: 'refused', error: packError(error) }),
      )
      break
    default:
      event satisfies never
  }
}

function asSampanError(envelope: ErrorEnvelope): SampanError {
  const error = unpackError(envelope)
  return error instanceof SampanError ? error : new SampanError('internal', error.message, {}, { cause: error })
}
