import type { BackendModel, Counters, GenerationRequest, Ledger } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { ModelClient } from '../load/model-client.ts'
import { AnswerLine } from '../worker/answer-line.ts'
import type { AnswerReceiver } from '../worker/answer-receiver.ts'
import { attempt, unwrap } from '../worker/error-envelope.ts'
import { OpenAnswers } from '../worker/open-answers.ts'
import { runGeneration } from '../worker/run-generation.ts'

/** A model that computes elsewhere and needs no Worker: the same stop strings, streams and errors, within the page. */
export class PageClient implements ModelClient {
  readonly #model: BackendModel
  readonly #answers = new OpenAnswers()
  #ended: SampanError | undefined

  constructor(model: BackendModel) {
    this.#model = model
  }

  async generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerReceiver> {
    signal?.throwIfAborted()
    this.#throwIfEnded()
    // A line of its own: answers of a server do not wait for each other.
    const run = (port: MessagePort): Promise<void> => runGeneration(this.#model, request, stop, port, new AnswerLine())
    return this.#answers.begin((port) => attempt(() => run(port)).then(unwrap), signal)
  }

  async countTokens(request: GenerationRequest): Promise<number> {
    this.#throwIfEnded()
    if (this.#model.countTokens) return this.#model.countTokens(request)
    const { backend } = this.#model.info
    throw new SampanError('request-unsupported', 'This backend does not count tokens: load the model on another.', {
      backend,
    })
  }

  async counters(): Promise<Counters | undefined> {
    this.#throwIfEnded()
    return this.#model.counters()
  }

  async ledger(): Promise<Ledger | undefined> {
    return this.#model.ledger()
  }

  /** Nothing of it is loaded here. */
  async reload(): Promise<void> {
    this.#throwIfEnded()
  }

  async dispose(error: SampanError): Promise<Ledger | undefined> {
    this.#ended ??= error
    this.#answers.fail(error)
    await this.#model.dispose()
    return this.#model.ledger()
  }

  #throwIfEnded(): void {
    if (this.#ended) throw this.#ended
  }
}
