import type { AnswerPart } from '../backend.ts'
import type { AnswerMessage, ChatCompletion } from '../chat/answer-types.ts'
import { SampanError } from '../errors.ts'

/** Makes the answer; resolves when the session holds what it is to hold of it. */
type Make = (give: (part: AnswerPart) => void, signal: AbortSignal) => Promise<ChatCompletion>

/**
 * An answer of a session. It is made to its end whether or not it is read: what is said next may build on it. Read it part by part, or ask
 * for the whole, or both; when either is over the session's `messages` hold it. A failure is told both ways.
 */
export class SessionReply implements AsyncIterable<AnswerPart> {
  readonly #parts: AnswerPart[] = []
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal | undefined
  readonly #completion: Promise<ChatCompletion>
  #ended = false
  #used = false
  #wake: (() => void)[] = []

  /** @internal */
  constructor(make: Make, signal: AbortSignal | undefined) {
    this.#signal = signal
    const abort = (): void => this.#stop.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    const give = (part: AnswerPart): void => {
      this.#parts.push(part)
      this.#wakeAll()
    }
    this.#completion = make(give, this.#stop.signal).finally(() => {
      signal?.removeEventListener('abort', abort)
      this.#ended = true
      this.#wakeAll()
    })
    // Whoever reads the reply hears of it.
    this.#completion.catch(() => {})
  }

  /** The whole answer, as `chat.completions.create` gives it. */
  completion(): Promise<ChatCompletion> {
    return this.#completion
  }

  /** The answer as a message, with its calls of tools. */
  async message(): Promise<AnswerMessage> {
    const [choice] = (await this.#completion).choices
    if (!choice) throw new SampanError('internal', 'The answer has no choice. Please report it.')
    return choice.message
  }

  /** The answer's text; empty when it is only calls of tools. */
  async text(): Promise<string> {
    return (await this.message()).content ?? ''
  }

  /**
   * The parts of the answer in order, from the first on whenever this is called. Leaving the loop aborts the answer, if it is still
   * being made.
   * @throws SampanError `stream-used` when called a second time.
   */
  [Symbol.asyncIterator](): AsyncIterator<AnswerPart, undefined> {
    if (this.#used)
      throw new SampanError('stream-used', 'A reply can be iterated once: keep its parts, or ask for its message().')
    this.#used = true
    let read = 0
    let left = false
    const over = { done: true, value: undefined } as const
    return {
      next: async () => {
        while (!left) {
          if (this.#stop.signal.aborted || this.#signal?.aborted) {
            // Not before the session has settled on what it keeps.
            await this.#completion
            throw this.#signal?.reason
          }
          const part = this.#parts[read]
          if (part) {
            read++
            return { done: false, value: part }
          }
          if (this.#ended) {
            await this.#completion
            return over
          }
          await new Promise<void>((resolve) => {
            this.#wake.push(resolve)
          })
        }
        return over
      },
      return: async () => {
        left = true
        this.#stop.abort(new DOMException('The loop over the answer was left before its end.', 'AbortError'))
        await this.#completion.catch(() => {})
        return over
      },
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wake) wake()
    this.#wake = []
  }
}
