import { SampanError } from '../errors.ts'
import { checkSignal } from '../load/check-load-options.ts'
import type { AnswerReceiver } from '../worker/answer-receiver.ts'
import type { WorkerClient } from '../worker/worker-client.ts'
import { type AnswerHead, answerHead, completion } from './answer.ts'
import type {
  ChatCompletion,
  ChatCompletionRequest,
  ChatCompletionRequestNonStreaming,
  ChatCompletionRequestStreaming,
} from './chat-types.ts'
import { ChatCompletionStream } from './completion-stream.ts'
import { isFields } from './request-fields.ts'
import { validateRequest } from './validate-request.ts'

export interface CreateOptions {
  /** Aborting rejects with the signal's reason and stops the GPU within the steps in flight. */
  readonly signal?: AbortSignal
}

/** `model.chat.completions`: OpenAI's `create`, on the model that is loaded. */
export class Completions {
  readonly #client: WorkerClient
  readonly #model: string

  /** @internal */
  constructor(client: WorkerClient, model: string) {
    this.#client = client
    this.#model = model
  }

  /**
   * Answers `request`. Requests are answered one at a time, in order.
   * @throws SampanError `request-invalid`, `request-unsupported`, `context-length-exceeded`, `model-disposed`, `device-lost`, …
   */
  create(request: ChatCompletionRequestNonStreaming, options?: CreateOptions): Promise<ChatCompletion>
  create(request: ChatCompletionRequestStreaming, options?: CreateOptions): Promise<ChatCompletionStream>
  create(request: ChatCompletionRequest, options?: CreateOptions): Promise<ChatCompletion | ChatCompletionStream>
  async create(
    request: ChatCompletionRequest,
    options?: CreateOptions,
  ): Promise<ChatCompletion | ChatCompletionStream> {
    const signal = readSignal(options)
    const { generation, stop, stream, includeUsage } = validateRequest(request)
    const receiver = await this.#client.generate(generation, stop, signal)
    const head = answerHead(this.#model)
    return stream ? new ChatCompletionStream(head, receiver, includeUsage) : collect(head, receiver)
  }
}

function readSignal(options: unknown): AbortSignal | undefined {
  if (options === undefined || options === null) return undefined
  if (!isFields(options)) throw new SampanError('option-invalid', 'The options of `create` must be an object.')
  return checkSignal(options['signal'])
}

async function collect(head: AnswerHead, receiver: AnswerReceiver): Promise<ChatCompletion> {
  let text = ''
  for (;;) {
    const part = await receiver.next()
    if (!part) throw new DOMException('The answer was cancelled.', 'AbortError')
    if (part.type === 'end') return completion(head, text, part.end)
    if (part.part.type === 'content') text += part.part.text
  }
}
