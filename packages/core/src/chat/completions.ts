import type { TextReceiver } from '../worker/text-receiver.ts'
import type { WorkerClient } from '../worker/worker-client.ts'
import { type AnswerHead, answerHead, completion } from './answer.ts'
import type {
  ChatCompletion,
  ChatCompletionRequest,
  ChatCompletionRequestNonStreaming,
  ChatCompletionRequestStreaming,
} from './chat-types.ts'
import { ChatCompletionStream } from './completion-stream.ts'
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
    { signal }: CreateOptions = {},
  ): Promise<ChatCompletion | ChatCompletionStream> {
    const { generation, stop, stream, includeUsage } = validateRequest(request)
    const receiver = await this.#client.generate(generation, stop, signal)
    const head = answerHead(this.#model)
    return stream ? new ChatCompletionStream(head, receiver, includeUsage) : collect(head, receiver)
  }
}

async function collect(head: AnswerHead, receiver: TextReceiver): Promise<ChatCompletion> {
  let text = ''
  for (;;) {
    const part = await receiver.next()
    if (part.type === 'end') return completion(head, text, part.end)
    text += part.text
  }
}
