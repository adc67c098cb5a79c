import type { GenerationEnd, GenerationRequest } from '../backend.ts'
import type { ReplyPlace } from '../load/fallback-types.ts'
import { recordedEnd } from '../record/recorded-end.ts'
import type { ReceivedPart } from '../worker/answer-receiver.ts'
import type { ValidRequest } from './validate-request.ts'

/** Where an answer is made. */
export interface AnswerPlace {
  readonly reply: ReplyPlace
  readonly fingerprint?: string
}

/** One answer while it is made. */
export interface AnswerParts {
  /** Undefined after `cancel`, also for a call that waits. */
  next(): Promise<ReceivedPart | undefined>
  /** Stops the generation where it still runs. */
  cancel(): void
  /** Certain from the first part on. Absent where one cannot know. */
  readonly place?: AnswerPlace | undefined
}

/** What makes answers: the page's hold on a Worker or a server. */
export interface AnswerSource {
  /** Resolves when the request is accepted. */
  generate(request: GenerationRequest, stop: readonly string[], signal?: AbortSignal): Promise<AnswerParts>
}

export type RunEvent = ReceivedPart & { readonly choice: number }

/**
 * The choices of one request, made one after another from the same prompt, which is read once and then found in the cache. The
 * seeds of a request with a seed go up by one.
 */
export class AnswerRun {
  readonly #source: AnswerSource
  readonly #request: ValidRequest
  readonly #signal: AbortSignal | undefined
  /** Of the choices that are complete. */
  readonly ends: GenerationEnd[] = []
  readonly #cancelled: Promise<undefined>
  #cancel: () => void = () => {}
  #isCancelled = false
  /** Of the choice that is being made; undefined between two. */
  #receiver: AnswerParts | undefined
  #place: AnswerPlace | undefined

  private constructor(
    source: AnswerSource,
    request: ValidRequest,
    receiver: AnswerParts,
    signal: AbortSignal | undefined,
  ) {
    this.#source = source
    this.#request = request
    this.#receiver = receiver
    this.#signal = signal
    this.#cancelled = new Promise((resolve) => {
      this.#cancel = () => resolve(undefined)
    })
  }

  /** Resolves when the first choice is accepted. */
  static async start(source: AnswerSource, request: ValidRequest, signal?: AbortSignal): Promise<AnswerRun> {
    return new AnswerRun(source, request, await generate(source, request, 0, signal), signal)
  }

  /** How many there are to be. */
  get choices(): number {
    return this.#request.choices
  }

  /** Where what has come so far was made. */
  get place(): AnswerPlace | undefined {
    return this.#place
  }

  /** Undefined after the last choice's end and after `cancel`, also for a call that waits. */
  async next(): Promise<RunEvent | undefined> {
    const choice = this.ends.length
    if (this.#isCancelled || choice === this.choices) return undefined
    this.#receiver ??= await Promise.race([this.#generate(choice), this.#cancelled])
    const received = await this.#receiver?.next()
    if (!received) return undefined
    // Of choices that were made in several places, the one farther away is told.
    if (this.#place?.reply.where !== 'server') this.#place = this.#receiver?.place ?? this.#place
    if (received.type !== 'end') return { ...received, choice }
    const end = recordedEnd(received.end, this.#request)
    this.ends.push(end)
    this.#receiver = undefined
    return { type: 'end', end, choice }
  }

  /** Stops the choice that is being made, and those after it. */
  cancel(): void {
    this.#isCancelled = true
    this.#receiver?.cancel()
    this.#cancel()
  }

  async #generate(choice: number): Promise<AnswerParts> {
    const receiver = await generate(this.#source, this.#request, choice, this.#signal)
    if (this.#isCancelled) receiver.cancel()
    return receiver
  }
}

function generate(
  source: AnswerSource,
  { generation, stop }: ValidRequest,
  choice: number,
  signal: AbortSignal | undefined,
): Promise<AnswerParts> {
  const { seed } = generation
  const request = seed === undefined ? generation : { ...generation, seed: (seed + choice) >>> 0 }
  return source.generate(request, stop, signal)
}
