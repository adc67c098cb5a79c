import type { AnswerPart, GenerationEnd, GenerationRequest, KnownTokens } from '../backend.ts'
import type { AnswerParts, AnswerSource } from '../chat/answer-run.ts'

/**
 * A model as one session has it: with a queue of its own, so that chats take turns whatever each of them asks, and with the tokens of the
 * last answer, so that a session that is restored is read as it was written.
 */
export class SessionSource implements AnswerSource {
  readonly #model: AnswerSource
  readonly #queue = `session-${crypto.randomUUID()}`
  #tokens: KnownTokens | undefined
  /** The model has not seen them yet. */
  #untold: boolean

  constructor(model: AnswerSource, tokens?: KnownTokens, untold = tokens !== undefined) {
    this.#model = model
    this.#tokens = tokens
    this.#untold = untold
  }

  /** Of the last complete answer and its prompt; undefined where that is no longer the conversation, or the backend tells none. */
  get tokens(): KnownTokens | undefined {
    return this.#tokens
  }

  fork(): SessionSource {
    return new SessionSource(this.#model, this.#tokens, this.#untold)
  }

  /** The conversation is another one now. */
  forgetTokens(): void {
    this.#tokens = undefined
  }

  generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerParts> {
    return this.#generate(request, stop, signal)
  }

  /** The same, whose next answer begins with `first`. */
  beginningWith(first: AnswerPart): AnswerSource {
    return { generate: (request, stop, signal) => this.#generate(request, stop, signal, first) }
  }

  async #generate(
    request: GenerationRequest,
    stop: readonly string[],
    signal: AbortSignal | undefined,
    first?: AnswerPart,
  ): Promise<AnswerParts> {
    const knownTokens = this.#untold ? this.#tokens : undefined
    const asked = { ...request, queue: this.#queue, tellTokens: true, ...(knownTokens && { knownTokens }) }
    const parts = await this.#model.generate(asked, stop, signal)
    return new SessionParts(parts, first, ({ tokens }) => {
      this.#tokens = tokens
      this.#untold = false
    })
  }
}

class SessionParts implements AnswerParts {
  readonly #parts: AnswerParts
  readonly #onEnd: (end: GenerationEnd) => void
  #first: AnswerPart | undefined

  constructor(parts: AnswerParts, first: AnswerPart | undefined, onEnd: (end: GenerationEnd) => void) {
    this.#parts = parts
    this.#first = first
    this.#onEnd = onEnd
  }

  get place(): AnswerParts['place'] {
    return this.#parts.place
  }

  async next(): ReturnType<AnswerParts['next']> {
    const part = this.#first
    this.#first = undefined
    if (part) return { type: 'part', part }
    const received = await this.#parts.next()
    if (received?.type === 'end') this.#onEnd(received.end)
    return received
  }

  cancel(): void {
    this.#first = undefined
    this.#parts.cancel()
  }
}
