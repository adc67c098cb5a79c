import type { AnswerPart, ModelInfo } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { checkSignal } from '../load/check-load-options.ts'
import { recordOfChoice, recordOfReply } from '../record/recorded-end.ts'
import { type AnswerHead, answerHead, completion, headAt, usageOf } from './answer.ts'
import { AnswerRun, type AnswerSource } from './answer-run.ts'
import type { ChatCompletion, ChatCompletionChoice } from './answer-types.ts'
import { ChoiceBuilder } from './choice-builder.ts'
import { ChatCompletionStream } from './completion-stream.ts'
import { isFields } from './request-fields.ts'
import type {
  ChatCompletionRequest,
  ChatCompletionRequestNonStreaming,
  ChatCompletionRequestStreaming,
} from './request-types.ts'
import { validateRequest } from './validate-request.ts'

export interface CreateOptions {
  /** Aborting rejects with the signal's reason and stops the GPU within the steps in flight. */
  readonly signal?: AbortSignal | undefined
}

/** `model.chat.completions`: OpenAI's `create`, on the model that is loaded. */
export class Completions {
  readonly #source: AnswerSource
  readonly #model: Pick<ModelInfo, 'source' | 'fingerprint'>

  /** @internal */
  constructor(source: AnswerSource, model: Pick<ModelInfo, 'source' | 'fingerprint'>) {
    this.#source = source
    this.#model = model
  }

  /**
   * Answers `request`. Requests are answered one at a time and in order, in turn with sessions; a stream resolves when its turn has come. The request may be changed or used again at once.
   * @throws SampanError `request-invalid`, `request-unsupported`, `context-length-exceeded`, `model-disposed`, `device-lost`, …
   */
  create(request: ChatCompletionRequestNonStreaming, options?: CreateOptions): Promise<ChatCompletion>
  create(request: ChatCompletionRequestStreaming, options?: CreateOptions): Promise<ChatCompletionStream>
  create(request: ChatCompletionRequest, options?: CreateOptions): Promise<ChatCompletion | ChatCompletionStream>
  async create(
    request: ChatCompletionRequest,
    options?: CreateOptions,
  ): Promise<ChatCompletion | ChatCompletionStream> {
    return this.answer(request, readSignal(options))
  }

  /** @internal `request` is whatever came over `fetch`. */
  async answer(request: unknown, signal: AbortSignal | undefined): Promise<ChatCompletion | ChatCompletionStream> {
    const valid = validateRequest(request)
    const run = await AnswerRun.start(this.#source, valid, signal)
    const head = answerHead(this.#model.source, this.#model.fingerprint)
    return valid.stream
      ? new ChatCompletionStream(head, run, valid.includeUsage)
      : collect(head, run, valid.generation.topLogprobs !== undefined)
  }
}

function readSignal(options: unknown): AbortSignal | undefined {
  if (options === undefined || options === null) return undefined
  if (!isFields(options)) throw new SampanError('option-invalid', 'The options of `create` must be an object.')
  return checkSignal(options['signal'])
}

/** The whole answer. @param onPart hears of each part as it comes */
export async function collect(
  head: AnswerHead,
  run: AnswerRun,
  withLogprobs: boolean,
  onPart?: (part: AnswerPart) => void,
): Promise<ChatCompletion> {
  const finished: ChatCompletionChoice[] = []
  let builder = new ChoiceBuilder(0, withLogprobs)
  while (finished.length < run.choices) {
    const event = await run.next()
    if (!event) throw new DOMException('The answer was cancelled.', 'AbortError')
    if (event.type === 'part') {
      builder.add(event.part)
      onPart?.(event.part)
    } else {
      finished.push({ ...builder.finish(event.end), ...recordOfChoice(event.end, run) })
      builder = new ChoiceBuilder(finished.length, withLogprobs)
    }
  }
  return { ...completion(headAt(head, run.place), finished, usageOf(run.ends)), ...recordOfReply(run) }
}
